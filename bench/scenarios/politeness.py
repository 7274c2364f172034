"""How late changes are found, and for how many requests, in a simulated world of known law (bench/staleness): the system that we
replace, everything every hour, ourselves, and what could be reached at all. The same seed gives the same figures on every
machine, so one round is enough. Our paces were chosen on the seed TUNED, so another one is judged, too."""

import collections
import json
import math
import subprocess

from harness.report import Report

KINDS = ["all", "searched", "exported", "queried", "single"]
OLD = ["old, in batches", "old, one by one"]
OURS = "ours"
TUNED, UNSEEN = 1, 2  # seeds of the world
QUICK = ["--trackers", 40, "--bugs", 2000, "--months", 2]


def measure(how):
    report = Report("politeness", "requests per change found, and the age at which it is found, over six simulated months",
                    "who knows the law and each bug's rate, but not the future (informed); who knows the future (clairvoyant)")
    for joining, world in _simulate(how, TUNED, "--optimum").items():
        who = _name(joining, TUNED)
        report.table(f"all trackers, {who}; ages in hours", [_row(world, "all", policy) for policy in _policies(world)])
        report.table(f"by the manner in which trackers can be asked, {who}",
                     [{"trackers": kind, **_row(world, kind, policy)} for kind in KINDS[1:] for policy in [*OLD, OURS]])
        report.table(f"what could be reached at all, {who}", [_reached(point) for point in _optima(world, "all")])
        _judge(report, world, who)
    for joining, world in _simulate(how, UNSEEN).items():
        who = _name(joining, UNSEEN)
        report.table(f"all trackers, {who}; ages in hours", [
            {"policy": policy, **_ages(world["all", policy][0]), "never found": world["all", policy][0]["never_found"]}
            for policy in _policies(world)])
        _judge(report, world, who)
    report.note(f"our paces were chosen on seed {TUNED}, among others: seed {UNSEEN} is one that they were not chosen on")
    report.note("age × informed: the mean age of open bugs over that of the informed policy at as many requests; "
                "requests × informed: the requests over those with which it reaches that age; "
                "-: outside of what was computed")
    return report


def _name(joining, seed):
    return f"{joining:.0%} of the bugs join while it runs, seed {seed}"


def _simulate(how, seed, *more):
    """{share that joins: {(trackers, policy): [line, …]}}"""
    command = [how.program("checkwatches-staleness"), "--seed", seed, "--json", *more, *how.size([], QUICK)]
    # It ends with 1 where it finds us worse than the old system in some respect, and says all the same by how much.
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=900)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    worlds = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in map(json.loads, done.stdout.splitlines()):
        worlds[line["joining"]][line["trackers"], line["policy"]].append(line)
    return worlds


def _policies(world):
    return [policy for trackers, policy in world if trackers == "all" and "price_s" not in world[trackers, policy][0]]


def _optima(world, kind):
    return world[kind, "informed"] + world[kind, "clairvoyant"]


def _ages(line):
    return {"requests": line["requests"], "per change": line["requests"] / line["found"],
            **{f"{of} {what}": line[f"{of}_{what}_s"] / 3600 for of in ("open", "all") for what in ("mean", "p95")}}


def _reached(point):
    return {"policy": point["policy"], "price of a request, h of age": point["price_s"] / 3600, **_ages(point),
            "all mean, as expected": point["expected_mean_s"] / 3600 if point["policy"] == "informed" else None}


def _row(world, kind, policy):
    line = world[kind, policy][0]
    return {"policy": policy, **_ages(line), "never found": line["never_found"],
            **{f"{of} age × informed": _ratio(line, world[kind, "informed"], f"{of}_mean_s", "requests") for of in ("open", "all")},
            "requests × informed": _ratio(line, world[kind, "informed"], "requests", "open_mean_s"),
            "requests × clairvoyant": _ratio(line, world[kind, "clairvoyant"], "requests", "open_mean_s")}


def _ratio(line, curve, what, where):
    """A policy's `what` over that of a curve of policies where it has as much of `where`."""
    best = _read_off(curve, line[where], where, what)
    return line[what] / best if best else None


def _read_off(curve, x, of, what):
    """Between two points of a curve as straight lines between logarithms are; None outside."""
    points = sorted((point[of], point[what]) for point in curve if point[of] > 0 and point[what] > 0)
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x0 <= x <= x1:
            share = math.log(x / x0) / math.log(x1 / x0) if x1 > x0 else 0
            return math.exp(math.log(y0) + share * math.log(y1 / y0))
    return None


def _judge(report, world, who):
    ours = world["all", OURS][0]
    for name in OLD:
        old = world["all", name][0]
        report.at_most(f"requests, ours / {name}, {who}", ours["requests"] / old["requests"], 0.5)
        report.at_most(f"mean age of open bugs, ours / {name}, {who}", ours["open_mean_s"] / old["open_mean_s"], 1)
