"""One pass over many trackers of 100 bugs each, every answer 200 ms late. All trackers are asked at once and one batch takes all
bugs of a tracker, so nothing can be faster than one answer's latency."""

from harness import measure as m
from harness import ours, peers
from harness.report import Report
from harness.setting import missing_peer

LATENCY_MS, LONG_MS, BUGS = 200, 1000, 100


class Field:
    """Mock trackers, our program with its passes warm, and the addresses that it asks."""

    def __init__(self, trackers, latency_ms):
        self.bugs = trackers * BUGS
        self.place = ours.Place(f"[serve]\ntrackers_at_once = {max(trackers, 1000)}\n")
        try:
            self.farm = self.place.farm_of(trackers, BUGS, latency_ms, more=peers.WHOLE)
            self.place.watch(self.farm, "bugzilla", BUGS)
            self.place.serve()
            self.place.one_pass()  # the first sighting of each bug writes far more: not counted
        except BaseException:
            self.place.close()
            raise
        ids = range(ours.FIRST, ours.FIRST + BUGS)
        self.urls = [peers.bugzilla_url(base, ids) for base in self.farm.urls.values()]

    def ours(self):
        cost, _, sums = self.place.one_pass()
        if sums["seen"] != self.bugs:
            raise RuntimeError(f"not all bugs were seen: {sums}")
        return cost

    def python(self, name):
        return lambda: peers.python(name, self.urls, self.bugs)


def of_trackers(how, report, trackers):
    """Everybody beside us, at so many trackers: {name: costs}."""
    few = trackers <= 200
    field = Field(trackers, LATENCY_MS)
    try:
        floor = peers.Floor(how, field.urls)
        field.place.addCleanup(floor.close)
        contestants = {"checkwatches": field.ours, "floor": floor.one_pass, "curl --parallel": lambda: peers.curl(field.urls),
                       "aiohttp": field.python("aiohttp_peer.py")}
        if missing_peer(report, "curl", "curl", program="curl"):
            del contestants["curl --parallel"]
        if missing_peer(report, "aiohttp", "python3-aiohttp", module="aiohttp"):
            del contestants["aiohttp"]
        if few:
            contestants["urllib, 10 threads"] = field.python("pool.py")
        if few and not missing_peer(report, "Twisted", "python3-twisted", module="twisted"):
            contestants["urllib, Twisted's pool of 10"] = field.python("twisted_pool.py")
        costs = m.in_turns(how.rounds, contestants)
        if few:
            costs["urllib, one by one"] = [field.python("serial.py")()]
    finally:
        field.place.close()
    floor_wall, floor_cpu = m.median_of(costs["floor"], "wall"), m.median_of(costs["floor"], "cpu")
    rows = []
    for name, got in costs.items():
        wall, cpu = m.median_of(got, "wall"), m.median_of(got, "cpu")
        rows.append({"client": name, "wall ms": wall * 1000, "cpu ms": cpu * 1000, "cpu us a bug": cpu * 1e6 / field.bugs,
                     "wall / floor": wall / floor_wall, "cpu / floor": cpu / floor_cpu})
    report.table(f"{trackers} trackers, {LATENCY_MS} ms, medians of {how.rounds} rounds", rows)
    return costs


def compare(report, trackers, costs):
    def ratio(part, peer):
        return m.median_of(costs["checkwatches"], part) / m.median_of(costs[peer], part)

    report.at_most(f"wall, of the floor's, {trackers} trackers", ratio("wall", "floor"), 1.06)
    report.at_most(f"CPU, of the floor's, {trackers} trackers", ratio("cpu", "floor"), 2.2)
    if "urllib, Twisted's pool of 10" in costs:
        report.at_most("CPU, of the Twisted pool's", ratio("cpu", "urllib, Twisted's pool of 10"), 1 / 15)
    if "urllib, one by one" in costs:
        report.at_most("wall, of the serial client's", ratio("wall", "urllib, one by one"), 1 / 150)


def long_latency(how, report):
    trackers = how.size(200, 5)
    field = Field(trackers, LONG_MS)
    try:
        costs = m.in_turns(how.rounds, {"checkwatches": field.ours})["checkwatches"]
    finally:
        field.place.close()
    wall = m.median_of(costs, "wall")
    report.table(f"{trackers} trackers, {LONG_MS} ms", [{"client": "checkwatches", "wall ms": wall * 1000, "theory ms": LONG_MS}])
    report.at_most(f"wall, of theory, {LONG_MS} ms latency", wall * 1000 / LONG_MS, 1.03)


def measure(how):
    report = Report("breadth", f"one pass, {BUGS} bugs a tracker, {LATENCY_MS} ms latency", "the latency")
    for trackers in how.size([200, 2000], [5]):
        compare(report, trackers, of_trackers(how, report, trackers))
    long_latency(how, report)
    report.note("we and the floor are resident and keep their connections from pass to pass; the others connect anew")
    report.note("CPU: ours is all of the resident process in a pass, with parsing, settling and commit; the floor's and that of "
                "peers in Python is what their work took, without start-up; curl's is its whole process, which parses nothing")
    report.note("the serial client is run once; at 2,000 trackers it would take 400 s and the pools of ten 40 s: they are left out")
    return report
