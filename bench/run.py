#!/usr/bin/env python3
"""The benchmarks: mock trackers, ourselves and what people would use instead, side by side in one run. Prints medians and
ratios as tables, and keeps them as JSON."""

import argparse
import importlib
import json
import os
import pathlib
import sys
import traceback

BENCH = pathlib.Path(__file__).resolve().parent
SCENARIOS = ["breadth", "singly", "throughput", "names", "memory", "store", "end_to_end", "politeness", "feed", "neighbours",
             "visitors", "scan"]  # in the order of their numbers


def named(word):
    """A scenario by its name or number."""
    if word in SCENARIOS:
        return word
    if word.isdigit() and 0 < int(word) <= len(SCENARIOS):
        return SCENARIOS[int(word) - 1]
    raise argparse.ArgumentTypeError(
        f"there is no scenario {word!r}: " + ", ".join(f"{i} {name}" for i, name in enumerate(SCENARIOS, 1)))


def main():
    options = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    options.add_argument("scenarios", nargs="*", type=named, metavar="SCENARIO",
                         help="by name or number, all where none is named: " + ", ".join(f"{i} {name}" for i, name in enumerate(SCENARIOS, 1)))
    options.add_argument("--programs", type=pathlib.Path, default=BENCH.parent / "build" / "release", help=argparse.SUPPRESS)
    options.add_argument("--out", type=pathlib.Path, default=BENCH.parent / "build" / "bench", help="the folder of the JSON files and the pictures")
    options.add_argument("--rounds", type=int, default=5, help="of which the medians are taken (default 5)")
    options.add_argument("--quick", action="store_true", help="small and once: shows that it works; the figures mean nothing")
    options.add_argument("--json", action="store_true", help="prints one JSON object a scenario in place of the tables")
    options.add_argument("--plots", action="store_true", help="draws the pictures of what was measured last; measures only what is named")
    given = options.parse_args()

    os.environ["CHECKWATCHES"] = str(given.programs / "checkwatches")
    os.environ["CHECKWATCHES_MOCK"] = str(given.programs / "checkwatches-mock")
    sys.path[:0] = [str(BENCH), str(BENCH.parent / "tests" / "app")]
    sys.dont_write_bytecode = True
    from harness import measure, setting

    measure.allow_many_files()
    how = setting.Setting(given.programs, 1 if given.quick else given.rounds, given.quick)
    kept = True
    for name in given.scenarios or ([] if given.plots else SCENARIOS):
        try:
            report = importlib.import_module(f"scenarios.{name}").measure(how)
        except Exception:  # the others can still be measured
            print(f"bench: {name} was not measured:\n{traceback.format_exc()}", file=sys.stderr, flush=True)
            kept = False
            continue
        report.measured(how)
        report.save(given.out)
        print(json.dumps(report.to_json()) if given.json else report.text(), flush=True)
        kept = kept and (report.kept() or given.quick)
    if given.plots:
        from harness import plots

        for path in plots.draw(given.out):
            print(path)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
