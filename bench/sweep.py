#!/usr/bin/env python3
"""One pass over N trackers of 100 bugs each, every answer 200 ms late. All trackers are asked at once and one batch takes all
bugs of a tracker, so nothing can be faster than one answer's latency. Printed next to the pass: that latency, and what a
client needs that sends the same requests and does nothing with the answers, in turns with the passes."""

from passes import Passes, median

LATENCY_MS = 200
BUGS = 100
ROUNDS = 7
SIZES = (50, 100, 200, 400)


def main():
    passes = {size: Passes(size, BUGS, LATENCY_MS) for size in SIZES}
    for each in passes.values():
        each.one()  # the first sighting of each bug writes far more: not counted
    walls = {size: [] for size in SIZES}
    floors = {size: [] for size in SIZES}
    for _ in range(ROUNDS):
        for size in SIZES:
            trackers, total = passes[size].one()
            assert total["seen"] == size * BUGS, total
            assert sum(line["requests"] for line in trackers) == size, "a batch did not take all bugs"
            walls[size].append(total["elapsed_ms"])
            floors[size].append(passes[size].floor_ms())

    print(f"One pass, {BUGS} bugs a tracker, {LATENCY_MS} ms latency, {ROUNDS} rounds in turns (medians)")
    print("trackers    bugs  wall ms  floor client ms  wall/floor client  wall/latency  wall/half as many")
    half = None
    for size in SIZES:
        wall, floor = median(walls[size]), median(floors[size])
        grown = f"{wall / half:18.2f}" if half else ""
        print(f"{size:8} {size * BUGS:7} {wall:8.0f} {floor:16.0f} {wall / floor:18.2f} {wall / LATENCY_MS:13.2f} {grown}")
        half = wall
        passes[size].close()


if __name__ == "__main__":
    main()
