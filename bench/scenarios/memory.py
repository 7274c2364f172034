"""What is resident for each idle connection, each idle tracker and each watched bug; and how long a start takes, beside a bare scan
of the table. Memory has no moods: what takes long is measured once."""

import json
import statistics
import sys

from harness import measure as m
from harness.report import Report
from harness.setting import missing_peer, peer
from scenarios.throughput import Responder

EACH = 4  # connections to one tracker, where there are many


def measure(how):
    report = Report("memory", "idle connections, idle trackers, watched bugs", "what the kernel keeps is not counted")
    connections(how, report)
    watches(how, report)
    return report


def connections(how, report):
    rows = []
    few, many = how.size((1000, 10_000), (50, 200))
    for count, rounds in ((few, how.rounds), (many, 1)):
        with Responder(how, (count - 1) // EACH + 2) as at:
            contestants = {
                ("checkwatches", "plain"): lambda: _open(how, at, count, "plain"),
                ("checkwatches", "TLS"): lambda: _open(how, at, count, "tls"),
                ("asio::ssl::stream", "TLS"): lambda: _open(how, at, count, "tls", "--how", "asio"),
            }
            if not missing_peer(report, "aiohttp", "python3-aiohttp", module="aiohttp"):
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
    sizes = how.size([100_000, 1_000_000, 10_000_000], [1_000, 10_000])
    lines = m.run([how.program("checkwatches-million"), "--json", "--sizes", ",".join(map(str, sizes))], timeout=900).out
    got = [json.loads(line) for line in lines.splitlines()]
    by_size = [line for line in got if "watches" in line]
    rows = [{"bugs": line["watches"], "bare scan ms": line["scan_ms"], "start ms": line["load_ms"],
             "× a scan": line["load_ms"] / line["scan_ms"], "resident MB": line["resident"] / 1e6,
             "B a bug": (line["resident"] - line["without"]) / line["watches"]} for line in by_size]
    report.table("the engine after its start", rows)
    report.at_most("B a bug, of the most", rows[-1]["B a bug"], 32)
    for line in by_size[1:]:
        report.at_most(f"a start with {line['watches']} bugs, of a bare scan", line["load_ms"] / line["scan_ms"], 2)
    idle = [line for line in got if "idle_trackers" in line]
    report.table("the engine while nothing is due", [
        {"trackers": line["idle_trackers"], "resident MB": line["resident"] / 1e6, "CPU ms a second": line["busy_ms"] / line["seconds"]}
        for line in idle])
    few, many = idle
    each = (many["resident"] - few["resident"]) / (many["idle_trackers"] - few["idle_trackers"])
    report.at_most(f"KB an idle tracker of {many['idle_trackers']}", each / 1024, 4)
