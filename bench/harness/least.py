"""The least that reading answers and writing down what they say takes beside a floor, which does neither: what a target leaves
no room for is shown by it."""

import dataclasses
import json
import statistics

from harness import measure as m

PARSER = "checkwatches-parse-load"


@dataclasses.dataclass
class Work:
    """CPU for one answer, in microseconds."""

    commit: float  # SQLite by hand, unchanged bugs, all in one transaction
    alone: float | None = None  # … in a transaction of the answer's own
    walk: float | None = None  # a bare parser's; None: not measured
    reading: float | None = None  # ours


def work_of(how, report, bugs, answers, form, with_own_commits=False):
    """`form`: parse-load's name of an answer about so many bugs."""
    sizes = [bugs, bugs * answers] if with_own_commits else [bugs * answers]
    load = m.run([how.program("checkwatches-store-load"), "--rounds", how.rounds, "--bugs", bugs * answers, "--changed", 0,
                  "--alone", ",".join(map(str, sizes))])
    bare = {size: [] for size in sizes}
    for line in map(json.loads, load.out.splitlines()):
        if line["by"] == "bare":
            bare[line["batch"]].append(line["cpu_s"] / line["bugs"] * bugs * 1e6)
    work = Work(statistics.median(bare[sizes[-1]]), statistics.median(bare[bugs]) if with_own_commits else None)
    if how.program(PARSER).exists():
        told = json.loads(m.run([how.program(PARSER), "--form", form, "--times", how.size(2000, 10)]).out)
        work.walk, work.reading = told["bare_us"], told["ours_us"]
    else:
        report.note("what reading takes is not measured: it was built without expat (package libexpat1-dev)")
    return work


def note_cpu(report, work, who, answers, floor, client, ours, bound):
    """`floor`, `client` and `ours`: seconds of CPU for so many answers, of the floor, of our HTTP client alone with the reading of
    what it gets, and of all of us; `bound`: the target, of the floor's."""
    each = floor / answers * 1e6
    parts = {"the floor": each, "simdjson's bare walk": work.walk,
             "SQLite's row for each bug by a bare loop, all in one commit": work.commit}
    known = {what: us for what, us in parts.items() if us is not None}
    least = sum(known.values())
    verdict = "forbid" if least > bound * each else "alone do not forbid"
    text = (f"CPU an answer, {who}: {' + '.join(f'{what} {us:.3g}' for what, us in known.items())} = {least:.3g} us, "
            f"{least / each:.2f} of the floor's: they {verdict} the target of {bound:g}; ours is {ours / answers * 1e6:.3g} us, "
            f"of which our HTTP client alone, over Asio, takes {client / answers * 1e6:.3g}, {client / floor:.2f} of the floor's")
    if work.reading is not None:
        text += f", our reading, which keeps and checks what it reads and is in that, {work.reading:.3g}"
    if work.alone is not None:
        text += f"; rows and commit take {work.alone:.3g} where each answer has a commit of its own"
    report.note(text)


def note_wall(report, work, who, answers, floor, bound):
    """`floor`: seconds on the wall for so many answers."""
    room, needed = (bound - 1) * floor * 1000, answers * (work.commit + (work.walk or 0)) / 1000
    what = "the walk and the rows" if work.walk else "the rows"
    report.note(f"time, {who}: the target leaves {room:.3g} ms beyond the floor's time; {what} take {needed:.3g} ms of CPU, and no "
                "answer comes before its latency is over")
