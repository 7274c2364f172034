"""Full passes over whole fleets of mock trackers through real sockets: the first, which sees everything new; one that finds
nothing changed; and one that finds 5 % changed. How their cost grows with the trackers and with the bugs."""

import math
import pathlib
import time

from harness import measure as m
from harness import ours
from harness.report import Report

CHANGED = 20  # one bug of so many
ENOUGH_ROUNDS = 3  # each takes half a minute
MOST_BY_TRACKERS, MOST_BY_BUGS = 1.02, 1.05  # exponents of CPU
FIRST, SAME, SOME = "first", "nothing changed", "5 % changed"


def measure(how):
    report = Report(
        "end_to_end", "one full pass over every bug, mock trackers without latency beside us",
        "as much for each bug, however many there are")
    pairs = how.size([(400, 6400, 100, MOST_BY_TRACKERS), (200, 2000, 500, MOST_BY_BUGS)],
                     [(4, 16, 100, MOST_BY_TRACKERS), (2, 8, 500, MOST_BY_BUGS)])
    for few, many, bugs, most in pairs:
        compare(report, how, few, many, bugs, most)
    report.note("the first pass is done once; the engine's start is part of it. Of the others each was done once before")
    return report


def compare(report, how, few, many, bugs, most):
    """A fleet and a larger one in turns."""
    fleets, rounds = {}, min(how.rounds, ENOUGH_ROUNDS)
    try:
        for trackers in (few, many):
            fleets[trackers] = Fleet(trackers, bugs)
        costs = {(trackers, FIRST): [fleet.first_pass()] for trackers, fleet in fleets.items()}
        costs |= m.in_turns(rounds, {
            (trackers, kind): passes for trackers, fleet in fleets.items()
            for kind, passes in ((SAME, fleet.same_pass), (SOME, fleet.changed_pass))})
    finally:
        for fleet in fleets.values():
            fleet.close()
    report.table(f"{bugs} bugs a tracker, medians of {rounds} rounds", [
        row(trackers, bugs, kind, costs[trackers, kind]) for kind in (FIRST, SAME, SOME) for trackers in fleets])
    for kind in (FIRST, SAME, SOME):
        growth = m.median_of(costs[many, kind], "cpu") / m.median_of(costs[few, kind], "cpu")
        report.at_most(f"exponent of CPU from {few} to {many} trackers of {bugs} bugs ({few * bugs} to {many * bugs} bugs), {kind}",
                       math.log(growth) / math.log(many / few), most)


def row(trackers, bugs, kind, costs):
    wall, cpu, peak = (m.median_of(costs, part) for part in ("wall", "cpu", "peak"))
    count = trackers * bugs
    return {"pass": kind, "trackers": trackers, "bugs": count, "wall s": wall, "bugs/s": count / wall, "cpu s": cpu,
            "bugs/cpu s": count / cpu, "cpu us a bug": cpu / count * 1e6, "peak MB": peak / 1e6}


class Fleet:
    """Mock trackers, all of whose bugs are watched."""

    def __init__(self, trackers, bugs):
        self.bugs, self.count = bugs, trackers * bugs
        self.place = ours.Place()
        try:
            self.farm = self.place.farm_of(trackers, bugs, latency_ms=0)
            self.place.watch(self.farm, "bugzilla", bugs)
        except BaseException:
            self.place.close()
            raise

    def first_pass(self):
        """From the engine's start, for everything is due, until every bug was seen."""
        began = time.monotonic()
        self.place.serve()
        self.place.lines("check")  # waits for what is under way
        cost = m.Cost(time.monotonic() - began, self.place.meter.cpu(), self.place.meter.peak())
        left = self.place.lines("status")[0]["never_checked"]
        if left != 0:
            raise RuntimeError(f"{left} bugs were not seen")
        return cost

    def same_pass(self):
        pathlib.Path(f"/proc/{self.place.process.pid}/clear_refs").write_text("5")  # forgets the peak before
        cost, _, sums = self.place.one_pass()
        if sums["seen"] != self.count:
            raise RuntimeError(f"not every bug was seen: {sums}")
        return cost

    def changed_pass(self):
        self.farm.post("/step", count=self.bugs // CHANGED)
        return self.same_pass()

    def close(self):
        self.place.close()
