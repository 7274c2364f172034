#!/usr/bin/env python3
"""One pass over N trackers of 100 bugs each, every answer 200 ms late: the wall time next to the floor, which is one request's
latency, since all trackers are asked at once and one batch takes all bugs of a tracker."""

from passes import Passes, median

LATENCY_MS = 200
BUGS = 100
ROUNDS = 5


def main():
    print(f"One pass, {BUGS} bugs a tracker, {LATENCY_MS} ms latency, {ROUNDS} rounds (medians)")
    print(f"{'trackers':>8} {'bugs':>7} {'requests':>8} {'wall ms':>8} {'floor ms':>8} {'wall/floor':>10} {'wall/half':>10}")
    half = None
    sizes = (50, 100, 200, 400)
    passes = {size: Passes(size, BUGS, LATENCY_MS) for size in sizes}
    for size in sizes:
        passes[size].one()  # the first sighting of each bug writes far more: not counted
    walls = {size: [] for size in sizes}
    requests = {}
    for _ in range(ROUNDS):
        for size in sizes:
            trackers, total = passes[size].one()
            assert total["seen"] == size * BUGS, total
            walls[size].append(total["elapsed_ms"])
            requests[size] = sum(line["requests"] for line in trackers)
    for size in sizes:
        wall = median(walls[size])
        grown = f"{wall / half:10.2f}" if half else f"{'':>10}"
        print(f"{size:8} {size * BUGS:7} {requests[size]:8} {wall:8.0f} {LATENCY_MS:8} {wall / LATENCY_MS:10.2f} {grown}")
        half = wall
        passes[size].close()


if __name__ == "__main__":
    main()
