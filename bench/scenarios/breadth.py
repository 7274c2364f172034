"""One pass over many trackers of 100 bugs each, every answer 200 ms late. All trackers are asked at once and one batch takes all
bugs of a tracker, so nothing can be faster than one answer's latency."""

import statistics

from harness import measure as m
from harness import least, ours, peers
from harness.report import Report
from harness.setting import missing_peer

LATENCY_MS, LONG_MS, BUGS = 200, 1000, 100
MOST_WALL, MOST_CPU = 1.06, 2.2  # of the floor's
FEW = 200  # trackers, beyond which those are left out that take many times the latency
CURLS = 300  # that curl has under way: its own bound
TWISTED, SERIAL = "urllib, Twisted's pool of 10", "urllib, one by one"


class Field:
    """Mock trackers, our program with its passes warm, and the addresses that it asks."""

    def __init__(self, trackers, latency_ms):
        self.bugs = trackers * BUGS
        self.place = ours.Place(f"[network]\n{ours.KEPT_SHORTLY}\n[serve]\ntrackers_at_once = {max(trackers, 1000)}\n")
        try:
            self.farm = self.place.farm_of(trackers, BUGS, latency_ms, more=ours.WITHOUT_ETAG)
            self.place.watch(self.farm, "bugzilla", BUGS)
            self.place.serve()
            self.place.set_all(changed_since=False)  # all bugs are read, as the others do
            self.place.one_pass()  # the first sighting of each bug writes far more: not counted
        except BaseException:
            self.place.close()
            raise
        ids = range(ours.FIRST, ours.FIRST + BUGS)
        self.urls = [peers.bugzilla_url(base, ids) for base in self.farm.urls.values()]

    def ours(self):
        return self.place.whole_pass(self.bugs)

    def python(self, name):
        return lambda: peers.python(name, self.urls, self.bugs)


def of_trackers(how, report, trackers):
    """Everybody beside us, at so many trackers: {name: costs}."""
    few = trackers <= FEW
    field = Field(trackers, LATENCY_MS)
    try:
        contestants = {"checkwatches": field.ours, "floor": lambda: peers.floor(how, field.urls),
                       peers.OUR_CLIENT: lambda: peers.our_client(how, field.urls, trackers, trackers, BUGS),
                       "curl --parallel": lambda: peers.curl(field.urls, CURLS), "aiohttp": field.python("aiohttp_peer.py")}
        if missing_peer(report, "curl", "curl", program="curl"):
            del contestants["curl --parallel"]
        if missing_peer(report, "aiohttp", "python3-aiohttp", module="aiohttp"):
            del contestants["aiohttp"]
        if few:
            contestants["urllib, 10 threads"] = field.python("pool.py")
        if few and not missing_peer(report, "Twisted", "python3-twisted", module="twisted"):
            contestants[TWISTED] = field.python("twisted_pool.py")
        costs = m.in_turns(how.rounds, contestants)
        if few:
            costs[SERIAL] = [field.python("serial.py")()]
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


def compare(report, trackers, costs, work):
    def ratio(part, peer):
        return m.median_of(costs["checkwatches"], part) / m.median_of(costs[peer], part)

    report.at_most(f"wall, of the floor's, {trackers} trackers", ratio("wall", "floor"), MOST_WALL)
    report.at_most(f"CPU, of the floor's, {trackers} trackers", ratio("cpu", "floor"), MOST_CPU)
    who = f"{trackers} trackers"
    least.note_cpu(report, work, who, trackers, m.median_of(costs["floor"], "cpu"),
                   m.median_of(costs[peers.OUR_CLIENT], "cpu"), m.median_of(costs["checkwatches"], "cpu"), MOST_CPU)
    least.note_wall(report, work, who, trackers, m.median_of(costs["floor"], "wall"), MOST_WALL)
    if TWISTED in costs:
        report.at_most("CPU, of the Twisted pool's", ratio("cpu", TWISTED), 1 / 15)
        pool, floor = m.median_of(costs[TWISTED], "cpu"), m.median_of(costs["floor"], "cpu")
        process = statistics.median(cost.out["process_cpu_s"] for cost in costs[TWISTED])
        report.note(f"the floor itself takes 1/{pool / floor:.0f} of the Twisted pool's CPU; with the start of Python, which a "
                    f"cron job pays each time, that pool takes {process * 1000:.0f} ms")
    if SERIAL in costs:
        report.at_most("wall, of the serial client's", ratio("wall", SERIAL), 1 / 150)


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
    sizes = how.size([200, 2000], [5])
    work = least.work_of(how, report, BUGS, sizes[0], "rest", with_own_commits=True)
    for trackers in sizes:
        compare(report, trackers, of_trackers(how, report, trackers), work)
    long_latency(how, report)
    report.note("everybody connects anew in each pass, for between two checks lie hours")
    report.note("CPU: ours is all of the resident process in a pass, with parsing, settling and commit; the floor's and that of "
                "peers in Python is what their work took, without start-up; curl's is its whole process, which parses nothing")
    report.note("the serial client is run once")
    most = sizes[-1]
    if most > FEW:
        one_by_one = most * LATENCY_MS / 1000
        report.note(f"at {most} trackers the serial client would take {one_by_one:.0f} s and a pool of ten "
                    f"{one_by_one / 10:.0f} s: they are left out")
    if most > CURLS:
        report.note(f"curl has at most {CURLS} requests under way, as it allows no more: at {most} trackers it goes in "
                    f"{-(-most // CURLS)} waves, each of the latency")
    return report
