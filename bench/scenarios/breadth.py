"""One pass over many trackers of 100 bugs each, every answer 200 ms late. All trackers are asked at once and one batch takes all
bugs of a tracker, so nothing can be faster than one answer's latency."""

from harness import measure as m
from harness import ours
from harness.report import Report

LATENCY_MS, BUGS = 200, 100


def measure(how):
    report = Report("breadth", f"one pass, {BUGS} bugs a tracker, {LATENCY_MS} ms latency", "the latency")
    rows = []
    for trackers in how.size([200, 2000], [5]):
        place = ours.Place()
        try:
            farm = place.farm_of(trackers, BUGS, LATENCY_MS)
            place.watch(farm, "bugzilla", BUGS)
            place.serve()
            place.one_pass()  # the first sighting of each bug writes far more: not counted
            costs = m.in_turns(how.rounds, {"checkwatches": lambda: place.one_pass()[0]})["checkwatches"]
            rows.append({"trackers": trackers, "wall ms": m.median_of(costs, "wall") * 1000, "cpu ms": m.median_of(costs, "cpu") * 1000})
        finally:
            place.close()
    report.table(f"medians of {how.rounds} rounds", rows)
    return report
