#!/usr/bin/env python3
"""Fifty trackers, then the same fifty with one that stalls for ever and one that sends garbage: when the last of the 48
good ones is done, with and without the bad ones, in turns."""

from passes import Passes, median

TRACKERS = 50
ROUNDS = 5
CONFIG = '[network]\nidle_timeout = "3s"\n'


def main():
    passes = Passes(TRACKERS, 100, 50, CONFIG)
    passes.one()
    urls = list(passes.farm.urls)
    bad = {passes.names[passes.farm.urls[name]]: fault for name, fault in zip(urls, ("stall", "garbage_body"))}
    last_good = {False: [], True: []}
    for _ in range(ROUNDS):
        for with_bad in (False, True):
            for name, fault in zip(urls, bad.values()):
                passes.farm.post("/fault", tracker=name, fault=fault if with_bad else "none")
            trackers, _ = passes.one(expect=1 if with_bad else 0)
            last_good[with_bad].append(
                max(line["elapsed_ms"] for line in trackers if line["tracker"] not in bad))
            if with_bad:
                outcomes = {bad[line["tracker"]]: line["outcomes"] for line in trackers if line["tracker"] in bad}
    without, beside = median(last_good[False]), median(last_good[True])
    print(f"\nThe last of 48 good trackers is done, {ROUNDS} rounds in turns (medians)")
    print(f"{'alone':>24} {without:8.0f} ms")
    print(f"{'beside two bad ones':>24} {beside:8.0f} ms   ratio {beside / without:.2f}")
    for fault, outcome in outcomes.items():
        print(f"{fault:>24} {outcome}")
    passes.close()


if __name__ == "__main__":
    main()
