"""What is resident for each idle connection, each idle tracker and each watched bug; and how long a start takes, beside a bare scan
of the table. Memory has no moods: what takes long is measured once."""

import json
import statistics
import sys

from harness import measure as m
from harness.report import Report
from harness.responder import Responder
from harness.setting import missing_peer, peer

EACH = 4  # connections to one tracker, where there are many
SIZES = [100_000, 1_000_000]
MOST, MANY_ROUNDS = 10_000_000, 10  # bugs that are measured, too, where so many rounds are asked for: they take minutes


def measure(how):
    report = Report("memory", "idle connections, idle trackers, watched bugs", "what the kernel keeps is not counted")
    connections(how, report)
    watches(how, report)
    return report


def connections(how, report):
    rows = []
    has_aiohttp = not missing_peer(report, "aiohttp", "python3-aiohttp", module="aiohttp")
    few, many = how.size((1000, 10_000), (50, 200))
    for count, rounds in ((few, how.rounds), (many, 1)):
        with Responder(how, (count - 1) // EACH + 2) as at:
            contestants = {
                ("checkwatches", "plain"): lambda: _open(how, at, count, "plain"),
                ("checkwatches", "TLS"): lambda: _open(how, at, count, "tls"),
                ("asio::ssl::stream", "TLS"): lambda: _open(how, at, count, "tls", "--how", "asio"),
            }
            if has_aiohttp:
                contestants["aiohttp", "plain"] = lambda: _aiohttp(at, count)
            for (who, over), contestant in contestants.items():
                each = statistics.median(contestant() for _ in range(rounds))
                rows.append({"who": who, "over": over, "connections": count, "KB each": each / 1024})
                if who == "checkwatches":
                    report.at_most(f"KB an idle {over} connection of {count}", each / 1024, {"plain": 6, "TLS": 42}[over])
    report.table("resident for each kept connection, after an answer of 30 KB", rows)


def _urls(at, count, sort):
    """The first alone at its address, and then so many at each."""
    first, *others = at.urls("large", sort, (count - 1) // EACH + 2)
    return "\n".join([first, *[url for url in others for _ in range(EACH)][:count - 1]]) + "\n"


def _each(said):
    """Bytes resident for each connection after the first, which brings what all share."""
    got = json.loads(said)
    return (got["all"] - got["first"]) / (got["connections"] - 1)


def _open(how, at, count, sort, *arguments):
    return _each(m.run([how.program("checkwatches-connections"), "--ca", at.says["ca"], *arguments], _urls(at, count, sort)).out)


def _aiohttp(at, count):
    return _each(m.run([sys.executable, "-B", peer("aiohttp_idle.py")], _urls(at, count, "plain")).out)


def watches(how, report):
    sizes, trackers, idle, seconds = how.size((SIZES, 2000, [2000, 10_000], 5), ([1000, 2000], 100, [100, 200], 1))
    if not how.quick and how.rounds >= MANY_ROUNDS:
        sizes = [*sizes, MOST]
    said = m.run([how.program("checkwatches-million"), "--sizes", ",".join(map(str, sizes)), "--trackers", trackers,
                  "--idle", ",".join(map(str, idle)), "--seconds", seconds], timeout=3600).out
    lines = [json.loads(line) for line in said.splitlines()]
    bugs(report, [line for line in lines if "watches" in line], trackers)
    pages(report, [line for line in lines if "read" in line], sizes)
    idle_trackers(report, [line for line in lines if "idle_trackers" in line])
    if MOST not in sizes:
        report.note(f"{MOST:,} bugs are not measured in this run, for they take minutes to put down and gigabytes of disk: ./dev bench "
                    f"memory --rounds {MANY_ROUNDS} does, or build/release/checkwatches-million --sizes {MOST} for them alone")


def bugs(report, lines, trackers):
    starts = {line["watches"]: line["load_cpu_ms"] / line["scan_cpu_ms"] for line in lines}
    rows = [{"bugs": line["watches"], "bare scan ms": line["scan_ms"], "start ms": line["load_ms"],
             "scan CPU ms": line["scan_cpu_ms"], "start CPU ms": line["load_cpu_ms"], "CPU × a scan": starts[line["watches"]],
             "resident MB": line["resident"] / 1e6, "B a bug": (line["resident"] - line["without"]) / line["watches"]}
            for line in lines]
    report.table(f"the engine after its start, with {trackers} trackers; what these and the engine itself need is counted, too",
                 rows)
    most = rows[-1]
    report.at_most(f"B a bug of {most['bugs']}", most["B a bug"], 32)
    report.at_most(f"CPU of a start with {most['bugs']} bugs, of a bare scan of the table", starts[most["bugs"]], 2)
    report.at_most(f"time of a start with {most['bugs']} bugs, of a bare scan of the table",
                   most["start ms"] / most["bare scan ms"], 2)
    report.note("the bare scan steps through the columns that a schedule needs and makes nothing of them; a start reads the "
                "trackers, too, and what else the engine has to know")


def pages(report, lines, sizes):
    reads = {}
    for line in lines:
        reads.setdefault(line["read"], {})[line["of"]] = line["us"]
    report.table("what a page reads, µs", [
        {"read": what, **{f"of {size}": took[size] for size in sizes}} for what, took in reads.items()])


def idle_trackers(report, lines):
    report.table("the engine while nothing is due", [
        {"trackers": line["idle_trackers"], "resident MB": line["resident"] / 1e6,
         "CPU ms a second": line["busy_ms"] / line["seconds"]} for line in lines])
    few, many = lines
    each = (many["resident"] - few["resident"]) / (many["idle_trackers"] - few["idle_trackers"])
    report.at_most(f"KB an idle tracker of {many['idle_trackers']}", each / 1024, 4)
