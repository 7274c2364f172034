"""Many names at once that nobody has asked for before, from a name server whose every answer takes 300 ms: nothing can be
faster than one answer. The peers read /etc/resolv.conf, so they see another one, in a mount namespace of their own."""

import contextlib
import json
import os
import pathlib
import socket
import tempfile

from harness import measure as m
from harness.report import Report

LATENCY_MS = 300
TOO_MANY = 150  # questions at a time, of which dnsmasq refuses more unless it is told otherwise
PEERS_AT = ("127.53.0.1", 53)  # resolv.conf names no port


def measure(how):
    report = Report("names", f"cold names, {LATENCY_MS} ms an answer", "one answer")
    few, many, by_one = how.size((200, 1000, 20), (20, 50, 2))
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(_name_server(how))
        limited = stack.enter_context(_name_server(how, "--most", str(TOO_MANY)))
        contestants = {
            ("checkwatches", few): lambda: _look_up(how, few, "--server", server),
            ("checkwatches", many): lambda: _look_up(how, many, "--server", server),
            (f"checkwatches, a server that takes {TOO_MANY} questions at a time", few):
                lambda: _look_up(how, few, "--server", limited),
        }
        asio = peers = None
        if _may_listen(report):
            stack.enter_context(_name_server(how, "--at", ":".join(map(str, PEERS_AT))))
            peers = stack.enter_context(_other_resolv_conf())
            asio = lambda names: _look_up(how, names, "--how", "asio", inside=peers)
            contestants["16 threads of getaddrinfo", few] = lambda: _look_up(how, few, "--how", "threads", inside=peers)
            contestants["Asio's resolver", by_one] = lambda: asio(by_one)
        costs = m.in_turns(how.rounds, contestants)
        if asio and not how.quick:
            costs["Asio's resolver, once", few] = [asio(few)]
    report.table(f"medians of {how.rounds} rounds", [_row(who, names, found) for (who, names), found in costs.items()])
    times = {key: m.median_of(found, "all_ms") / m.median_of(found, "one_ms") for key, found in costs.items()}
    report.at_most(f"{few} names, of one look-up", times["checkwatches", few], 1.1)
    report.at_most(f"{many} names, of one look-up", times["checkwatches", many], 1.5)
    return report


def _row(who, names, found):
    one, every = m.median_of(found, "one_ms"), m.median_of(found, "all_ms")
    return {"who": who, "names": names, "one name ms": one, "all ms": every, "× one": every / one,
            "cpu µs a name": m.median_of(found, "cpu_ms") * 1000 / names}


def _look_up(how, names, *arguments, inside=()):
    return json.loads(m.run([*inside, how.program("checkwatches-names"), "--names", names, *arguments]).out)


@contextlib.contextmanager
def _name_server(how, *arguments):
    """Its address, as long as it lives."""
    with m.started([how.program("checkwatches-name-server"), "--latency", LATENCY_MS, *arguments]) as (_, line):
        yield line.strip()


def _may_listen(report):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.bind(PEERS_AT)
        if os.geteuid() == 0:
            return True
    report.note("the peers ask at port 53 and read another /etc/resolv.conf: only root can show them")
    return False


@contextlib.contextmanager
def _other_resolv_conf():
    """What a command is put behind so that it asks our server."""
    with tempfile.TemporaryDirectory() as folder:
        ours = pathlib.Path(folder) / "resolv.conf"
        ours.write_text(f"nameserver {PEERS_AT[0]}\n")
        yield ["unshare", "--mount", "sh", "-c", f'mount --bind {ours} /etc/resolv.conf && exec "$@"', "sh"]
