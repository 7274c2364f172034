"""200 trackers of which 20 take 5 s, hang or drip: when the last of the healthy 180 is done, against the same 180 alone, in turns.
The 180 are not to notice."""

import collections
import json
import statistics

from harness import measure as m
from harness import ours, peers
from harness.report import Report
from harness.setting import missing_peer

LATENCY_MS, BUGS = 200, 100
BAD = ["slow", "stall", "slow_drip"]  # the first is late with every answer, the others are faults of the mock


class Place(ours.Place):
    """Our program, over the healthy trackers of a farm alone or over all of them."""

    def __init__(self, config, farm, names):
        super().__init__(config)
        try:
            bugs = [ours.bug_url("bugzilla", farm.urls[name], ours.FIRST + i) for name in names for i in range(BUGS)]
            self.add(bugs, "--kind", "bugzilla", "--no-probe")
            self.names = {tracker["url"].rstrip("/"): tracker["name"] for tracker in self.lines("tracker", "list")}
            self.healthy = {self.names[farm.urls[name]] for name in names if name.startswith("good")}
            self.serve()
            self.one_pass()  # probes, and sees each bug for the first time, while nobody hangs
        except BaseException:
            self.close()
            raise

    def last_healthy(self, expect=0):
        """When the last healthy tracker was done, in seconds. The others' lines are kept."""
        _, trackers, _ = self.one_pass(expect)
        good = [line for line in trackers if line["tracker"] in self.healthy]
        if any(line["outcomes"] != {"seen": BUGS} for line in good) or len(good) != len(self.healthy):
            raise RuntimeError(f"not all bugs of the healthy were seen: {good}")
        self.others = {line["tracker"]: line for line in trackers if line["tracker"] not in self.healthy}
        return max(line["elapsed_ms"] for line in good) / 1000


def specs(healthy, bad, slow_ms):
    of = f"kind=bugzilla,bugs={BUGS + ours.FIRST - 1}{peers.WHOLE},name="
    return ([f"{of}good{i},latency={LATENCY_MS}" for i in range(healthy)]
            + [f"{of}bad{i},latency={slow_ms if i % len(BAD) == 0 else LATENCY_MS}" for i in range(bad)])


def by_aiohttp(urls, healthy, timeout):
    """When the last healthy tracker's answer was there."""
    bugs = None if len(urls) > healthy else healthy * BUGS  # of the others it may get some or none
    ends = peers.python("aiohttp_peer.py", urls, bugs, "--timeout", timeout).out["ends"][:healthy]
    if None in ends:
        raise RuntimeError(f"aiohttp lost {ends.count(None)} healthy answers")
    return max(ends)


def measure(how):
    healthy, bad, slow_ms, bound_s = how.size((180, 20, 5000, 6), (6, 3, 600, 1))
    report = Report("neighbours", f"{healthy} trackers, {LATENCY_MS} ms, beside {bad} that take {slow_ms / 1000:g} s, hang or drip",
                    "the healthy do not notice")
    config = (f'[network]\nidle_timeout = "{bound_s}s"\ntotal_timeout = "{bound_s}s"\n'
              "[retry]\nattempts = 1\n[breaker]\nafter = 100\n")  # so that the bad ones are asked in every round
    base = ours.Place()
    try:
        farm = base.mock(*specs(healthy, bad, slow_ms))
        alone = Place(config, farm, [name for name in farm.urls if name.startswith("good")])
        base.addCleanup(alone.close)
        beside = Place(config, farm, list(farm.urls))
        base.addCleanup(beside.close)
        for i in range(bad):
            if i % len(BAD) != 0:
                farm.post("/fault", tracker=f"bad{i}", fault=BAD[i % len(BAD)])
        ids = range(ours.FIRST, ours.FIRST + BUGS)
        urls = [peers.bugzilla_url(url, ids) for url in farm.urls.values()]
        contestants = {("checkwatches", False): alone.last_healthy, ("checkwatches", True): lambda: beside.last_healthy(expect=1)}
        if not missing_peer(report, "aiohttp", "python3-aiohttp", module="aiohttp"):
            contestants["aiohttp", False] = lambda: by_aiohttp(urls[:healthy], healthy, bound_s)
            contestants["aiohttp", True] = lambda: by_aiohttp(urls, healthy, bound_s)
        ends = {name: statistics.median(got) for name, got in m.in_turns(how.rounds, contestants).items()}
        outcomes = outcomes_of_bad(farm, beside)
    finally:
        base.close()
    rows = [{"client": name, "alone ms": ends[name, False] * 1000, "beside ms": ends[name, True] * 1000,
             "ratio": ends[name, True] / ends[name, False]} for name, with_bad in ends if with_bad]
    report.table(f"the last of the healthy is done, medians of {how.rounds} rounds in turns", rows)
    report.table("the others, in the last round", outcomes)
    report.at_most("end of the last healthy tracker, of that without the others", rows[0]["ratio"], 1.05)
    return report


def outcomes_of_bad(farm, place):
    """How the passes over the bad trackers ended."""
    counts = {kind: collections.Counter() for kind in BAD}
    last = collections.Counter()
    for name, base in farm.urls.items():
        if name.startswith("bad"):
            kind, line = BAD[int(name[3:]) % len(BAD)], place.others[place.names[base]]
            counts[kind].update(line["outcomes"])
            last[kind] = max(last[kind], line["elapsed_ms"])
    return [{"trackers": kind, "outcomes": json.dumps(counts[kind]), "last ended after ms": last[kind]} for kind in BAD]
