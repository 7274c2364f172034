"""200 trackers that take one bug a request, 20 bugs each, four connections to each, every answer 200 ms late. Five answers one
after another on each connection: nothing can be faster."""

from harness import measure as m
from harness import ours, peers
from harness.report import Report
from harness.setting import missing_peer

LATENCY_MS, BUGS, CONNECTIONS = 200, 20, 4
CONFIG = f"[network]\nconnections = {CONNECTIONS}\n[check]\nlanes = {CONNECTIONS}\n"


def measure(how):
    trackers = how.size(200, 5)
    theory = -(-BUGS // CONNECTIONS) * LATENCY_MS
    report = Report("singly", f"{trackers} trackers, {BUGS} bugs each asked singly, {CONNECTIONS} connections, {LATENCY_MS} ms",
                    f"{theory} ms: {BUGS // CONNECTIONS} answers on each connection")
    place = ours.Place(CONFIG)
    try:
        farm = place.farm_of(trackers, BUGS, LATENCY_MS, more=peers.WHOLE)
        place.watch(farm, "bugzilla", BUGS)
        for tracker in place.lines("tracker", "list"):
            place.run_program("tracker", "set", tracker["name"], "batch=1")
        place.serve()
        place.one_pass()
        urls = [peers.bugzilla_url(base, [ours.FIRST + i]) for base in farm.urls.values() for i in range(BUGS)]
        floor = peers.Floor(how, urls, CONNECTIONS)
        place.addCleanup(floor.close)

        def by_us():
            cost, _, sums = place.one_pass()
            if sums["seen"] != len(urls):
                raise RuntimeError(f"not all bugs were seen: {sums}")
            return cost

        contestants = {"checkwatches": by_us, "floor": floor.one_pass}
        if not missing_peer(report, "aiohttp", "python3-aiohttp", module="aiohttp"):
            contestants["aiohttp"] = lambda: peers.python("aiohttp_peer.py", urls, len(urls), "--per-host", CONNECTIONS)
        costs = m.in_turns(how.rounds, contestants)
    finally:
        place.close()
    walls = {name: m.median_of(got, "wall") for name, got in costs.items()}
    cpus = {name: m.median_of(got, "cpu") for name, got in costs.items()}
    report.table(f"medians of {how.rounds} rounds", [
        {"client": name, "wall ms": walls[name] * 1000, "wall / theory": walls[name] * 1000 / theory, "cpu ms": cpus[name] * 1000,
         "cpu us a request": cpus[name] * 1e6 / len(urls), "cpu / floor": cpus[name] / cpus["floor"]} for name in costs])
    report.at_most("wall, of the floor's", walls["checkwatches"] / walls["floor"], 1.02)
    report.at_most("CPU, of the floor's", cpus["checkwatches"] / cpus["floor"], 1.7)
    if "aiohttp" in costs:
        report.at_most("CPU, of aiohttp's", cpus["checkwatches"] / cpus["aiohttp"], 1 / 10)
    report.note("the trackers are Bugzillas set to batch=1, so that every request has one bug; curl knows no bound for each host, "
                f"and ten threads would take {len(urls) * LATENCY_MS / 10_000:.0f} s: they are left out")
    report.note("we and the floor keep their connections from pass to pass, aiohttp within its own")
    return report
