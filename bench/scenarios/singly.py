"""200 trackers that take one bug a request, 20 bugs each, four connections to each, every answer 200 ms late. Five answers one
after another on each connection: nothing can be faster."""

from harness import measure as m
from harness import least, ours, peers
from harness.report import Report
from harness.setting import missing_peer

LATENCY_MS, BUGS, CONNECTIONS = 200, 20, 4
MOST_WALL, MOST_CPU = 1.02, 1.7  # of the floor's
CONFIG = f"[network]\nconnections = {CONNECTIONS}\n{ours.KEPT_SHORTLY}\n[check]\nlanes = {CONNECTIONS}\n"


def measure(how):
    trackers = how.size(200, 5)
    theory = -(-BUGS // CONNECTIONS) * LATENCY_MS
    report = Report("singly", f"{trackers} trackers, {BUGS} bugs each asked singly, {CONNECTIONS} connections, {LATENCY_MS} ms",
                    f"{theory} ms: {BUGS // CONNECTIONS} answers on each connection")
    place = ours.Place(CONFIG)
    try:
        farm = place.farm_of(trackers, BUGS, LATENCY_MS, more=ours.WITHOUT_ETAG)
        place.watch(farm, "bugzilla", BUGS)
        place.serve()
        place.set_all(batch=1, changed_since=False)
        place.one_pass()
        urls = [peers.bugzilla_url(base, [ours.FIRST + i]) for base in farm.urls.values() for i in range(BUGS)]
        contestants = {"checkwatches": lambda: place.whole_pass(len(urls)), "floor": lambda: peers.floor(how, urls, CONNECTIONS),
                       peers.OUR_CLIENT: lambda: peers.our_client(how, urls[::BUGS], trackers * CONNECTIONS, len(urls), 1)}
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
    report.at_most("wall, of the floor's", walls["checkwatches"] / walls["floor"], MOST_WALL)
    report.at_most("CPU, of the floor's", cpus["checkwatches"] / cpus["floor"], MOST_CPU)
    if "aiohttp" in costs:
        report.at_most("CPU, of aiohttp's", cpus["checkwatches"] / cpus["aiohttp"], 1 / 10)
    work = least.work_of(how, report, 1, len(urls), "one bug")
    least.note_cpu(report, work, "one bug each", len(urls), cpus["floor"], cpus[peers.OUR_CLIENT], cpus["checkwatches"], MOST_CPU)
    least.note_wall(report, work, "one bug each", len(urls), walls["floor"], MOST_WALL)
    report.note("the trackers are Bugzillas set to batch=1, so that every request has one bug; curl knows no bound for each host, "
                f"and ten threads would take {len(urls) * LATENCY_MS / 10_000:.0f} s: they are left out")
    report.note("everybody connects anew in each pass, and keeps its connections within it")
    return report
