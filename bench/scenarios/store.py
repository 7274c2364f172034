"""The database: how fast settled reports become durable, next to a bare SQLite loop that runs the same statements on a copy of
the same database in turns with it; how often the disk is waited for; how soon a reader sees a change; and how long it takes to
pick what is due."""

import json
import statistics

from harness import measure as m
from harness.report import Report

BUGS, QUICK_BUGS = 1_000_000, 20_000
LEAST_OF_BARE = 0.8  # of its rows a second
MOST_OF_HUGE = 1.5  # of the bare loop's CPU with one huge transaction
MOST_GROWTH = 2  # of picking, from the smaller to the larger size; and of syncs, at ten times the answers
TRACKERS_BATCH = 100  # bugs that a tracker is asked for at a time: transactions of so many and more are held to MOST_OF_HUGE


def measure(how):
    report = Report(
        "store", f"settled reports to durable, {how.size(BUGS, QUICK_BUGS):,} bugs of which each was seen once; 5 % of the checks "
        "find another status",
        "the same statements by a bare SQLite loop")
    lines = run(how)
    compare_rates(report, [line for line in lines if line["what"] == "settle"])
    compare_syncs(report, [line for line in lines if line["what"] == "pace"])
    report.note("rows a CPU second say more than rows a second: the store and the bare loop wait for the disk as often, which "
                "brings the ratio of their times nearer to 1, but for the disk's moods; the writer waits less often, for its callers "
                "share transactions")
    readers = [line for line in lines if line["what"] == "first_reader"]
    report.table("a change, from durable to read by a reader on another thread", [
        {"changes": readers[0]["changes"], "median us": median(readers, "median_us"), "95 % us": median(readers, "p95_us")}])
    compare_picking(report, how)
    if how.quick:
        report.note("fewer bugs, and once")
    return report


def run(how):
    size = ["--bugs", how.size(BUGS, QUICK_BUGS), *how.size([], ["--huge", 8000, "--pace", 200])]
    done = m.run([how.program("checkwatches-store-load"), "--rounds", how.rounds, *size], timeout=900)
    return [json.loads(line) for line in done.out.splitlines()]


def median(lines, part):
    return statistics.median(line[part] for line in lines)


def rate(line):
    return line["bugs"] / line["wall_s"]


def cpu_us(line):
    return line["cpu_s"] / line["bugs"] * 1e6


class Turns:
    """What the contestants did with bugs from one place (in the order of the table, or from anywhere), round by round."""

    def __init__(self, lines, where):
        self.lines = [line for line in lines if line["where"] == where]
        self.batches = sorted({line["batch"] for line in self.lines})
        self.huge = self.batches[-1]
        written = {line["batch"] for line in self.lines if line["by"] == "writer"}
        self.ours = [("store", batch) for batch in self.batches] + [("writer", batch) for batch in sorted(written)]

    def of(self, by, batch):
        return [line for line in self.lines if line["by"] == by and line["batch"] == batch]

    def ratio(self, part, mine, theirs):
        """The median of the ratios of each round."""
        return statistics.median(part(a) / part(b) for a, b in zip(self.of(*mine), self.of(*theirs)))

    def row(self, by, batch):
        mine, bare = self.of(by, batch), self.of("bare", batch)
        return {"by": by, "bugs": batch, "bugs/s": statistics.median(map(rate, mine)),
                "bare's": statistics.median(map(rate, bare)), "ratio": self.ratio(rate, (by, batch), ("bare", batch)),
                "cpu us a bug": statistics.median(map(cpu_us, mine)), "bare's cpu us": statistics.median(map(cpu_us, bare)),
                "cpu ratio": self.ratio(cpu_us, (by, batch), ("bare", batch)),
                "of one huge": self.ratio(cpu_us, (by, batch), ("bare", self.huge)),
                "syncs a 1,000 bugs": statistics.median(line["syncs"] * 1000 / line["bugs"] for line in mine)}


def compare_rates(report, lines):
    for where in ("neighbours", "scattered"):
        turns = Turns(lines, where)
        report.table(f"{where}: bugs a transaction (store), or a report of one of 64 callers, who share transactions (writer)", [
            turns.row(by, batch) for by, batch in turns.ours])
        worst, batch = min((turns.ratio(cpu_us, ("bare", batch), ("store", batch)), batch) for batch in turns.batches)
        report.at_least(f"{where}: rows a CPU second, of the bare loop's, where it is worst ({batch} a transaction)",
                        worst, LEAST_OF_BARE)
        for by in ("store", "writer"):
            worst, batch = min((turns.ratio(rate, (by, batch), ("bare", batch)), batch) for who, batch in turns.ours if who == by)
            report.at_least(f"{where}: rows a second to durable by the {by}, of the bare loop's, where it is worst ({batch} a "
                            f"{'transaction' if by == 'store' else 'report'})", worst, LEAST_OF_BARE)
            most, at = max((turns.ratio(cpu_us, (by, batch), ("bare", turns.huge)), batch)
                           for who, batch in turns.ours if who == by and batch >= TRACKERS_BATCH)
            report.at_most(f"{where}: CPU of a bug settled by the {by}, of that in one huge transaction", most, MOST_OF_HUGE)
            if most > MOST_OF_HUGE:
                bare = turns.ratio(cpu_us, ("bare", at), ("bare", turns.huge))
                report.note(f"{where}: with {at} bugs a transaction the bare loop itself takes {bare:.3g} of what it takes in one huge "
                            "one: that is the commits")


def compare_syncs(report, lines):
    slow, fast = sorted({line["reports"] for line in lines})
    syncs = {count: statistics.median(line["syncs"] for line in lines if line["reports"] == count) for count in (slow, fast)}
    report.table("reports handed to the writer at two rates, for the same time", [
        {"reports": count, "seconds": statistics.median(line["wall_s"] for line in lines if line["reports"] == count),
         "syncs": syncs[count], "reports a sync": count / syncs[count]} for count in (slow, fast)])
    report.at_most(f"syncs at {fast / slow:.0f} times the answers in the same time", syncs[fast] / syncs[slow], MOST_GROWTH)


def compare_picking(report, how):
    sizes = how.size(["1000000", "10000000"], ["100000", "1000000"])
    done = m.run([how.program("checkwatches-pick"), "--watches", *sizes])
    few, many = map(json.loads, done.out.splitlines())
    report.table("picking the next 1,000 that are due", [{"watches": one["watches"], "us": one["pick_us"]} for one in (few, many)])
    report.at_most("picking 1,000 of ten times as many", many["pick_us"] / few["pick_us"], MOST_GROWTH)
