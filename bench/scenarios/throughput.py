"""What one request costs the processor where nothing has to be waited for: answers of one bug (some 500 bytes) and of 100 bugs
(some 30 KB), over TCP and TLS, on connections that are kept, resumed or new, with and without reading the bugs. One thread answers,
from memory. As wrk does, all connections go to one address; one row has them at as many addresses, as trackers are."""

import json
import re
import statistics
import subprocess

from harness import measure as m
from harness.report import Report
from harness.setting import missing_peer, peer

CONNECTIONS = 200
BUGS = 100


class Responder:
    """checkwatches-responder; ends with the block."""

    def __init__(self, how, ports):
        self.process = subprocess.Popen([how.program("checkwatches-responder"), "--ports", str(ports)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.says = json.loads(self.process.stdout.readline())

    def url(self, path, sort="plain", number=0):
        scheme = "http" if sort == "plain" else "https"
        return f"{scheme}://127.0.0.1:{self.says[sort][number]}/{path}"

    def urls(self, path, sort, count):
        return [self.url(path, sort, number) for number in range(count)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


class Row(dict):
    """What one contestant used for each request, start and end of its process included."""

    def __init__(self, cost, requests, **more):
        super().__init__(cpu_us=cost.cpu / requests * 1e6, **more)


class Contestants:
    """Each a callable that makes a run and returns a Row."""

    def __init__(self, how, at):
        self.how, self.at = how, at

    def requests(self, count):
        return self.how.size(count, 400)

    def wrk(self, url):
        def go():
            cost = m.run(["wrk", "-t1", f"-c{CONNECTIONS}", "-d1s", url])
            return Row(cost, int(re.search(r"(\d+) requests in", cost.out)[1]))
        return go

    def ours(self, urls, count, connections=CONNECTIONS, **more):
        options = [f"--{name}={value}" for name, value in {"connections": connections, "ca": self.at.says["ca"], **more}.items()]

        def go():
            cost = m.run([self.how.program("checkwatches-client-load"), f"--requests={self.requests(count)}", *options, *urls])
            told = json.loads(cost.out)
            return Row(cost, told["requests"], reads=told["reads"] / told["requests"],
                       resumed=told["resumed"] / told["connections"], reconnects=told["connections"])
        return go

    def floor(self, url, count):
        def go():
            cost = m.run([self.how.program("checkwatches-floor"), "--connections", str(CONNECTIONS)],
                         stdin=f"{url}\n" * self.requests(count))
            return Row(cost, self.requests(count))
        return go

    def curl(self, url, count):
        def go():
            asked = f'url = "{url}"\noutput = "/dev/null"\n' * self.requests(count)
            cost = m.run(["curl", "-sS", "--parallel", "--parallel-max", CONNECTIONS, "--config", "-"], stdin=asked)
            return Row(cost, self.requests(count))
        return go

    def aiohttp(self, url, count):
        def go():
            cost = m.run(["/usr/bin/python3", "-B", peer("aiohttp_peer.py"), "--per-host", CONNECTIONS],
                         stdin=f"{url}\n" * self.requests(count))
            return Row(cost, self.requests(count))
        return go

    def reading(self):
        """Lines of parse-load, by form."""
        def go():
            cost = m.run([self.how.program("checkwatches-parse-load"), "--times", self.how.size(1000, 10)])
            return {told["form"]: told for told in map(json.loads, cost.out.splitlines())}
        return go


def runs_of(make, at, peers):
    """Every contestant by what it does; the peers that are here."""
    all_ports = at.urls("small", "plain", len(at.says["plain"]))
    few = len(all_ports) // 25 or 1  # trackers with two connections each, for handshakes
    runs = {}
    for size, count in (("small", 100_000), ("large", 40_000)):  # about as many as wrk makes, so that its start weighs alike
        url, tls = at.url(size), at.url(size, "tls")
        if "wrk" in peers:
            runs[f"wrk {size}"] = make.wrk(url)
            runs[f"wrk {size} TLS"] = make.wrk(tls)
        runs[f"floor {size}"] = make.floor(url, count)
        runs[f"ours {size}"] = make.ours([url], count)
        runs[f"ours {size} TLS"] = make.ours([tls], count)
        runs[f"ours {size} read"] = make.ours([url], count // 2, parse="rest", bugs=1 if size == "small" else BUGS)
        if "curl" in peers:
            runs[f"curl {size}"] = make.curl(url, count // 20)
        if "aiohttp" in peers:
            runs[f"aiohttp {size}"] = make.aiohttp(url, count // 50)
    runs["ours small, many addresses"] = make.ours(all_ports, 100_000)
    runs["ours large XML-RPC"] = make.ours([at.url("large.xml")], 5_000)
    runs["ours large XML-RPC read"] = make.ours([at.url("large.xml")], 2_000, parse="xmlrpc")
    for name, sort, count in (("ours small, new connection", "plain", 4_000), ("ours small TLS, new connection", "tls_full", 1_000),
                              ("ours small TLS, resumed connection", "tls", 1_500)):
        runs[name] = make.ours(at.urls("small", sort, few), count, 2 * few, connection="new")
    if "parse-load" in peers:
        runs["reading"] = make.reading()
    return runs


def peers_here(how, report):
    out = {name for name, package, program, module in (
        ("wrk", "wrk", "wrk", None), ("curl", "curl", "curl", None), ("aiohttp", "python3-aiohttp", None, "aiohttp"))
        if not missing_peer(report, name, package, program, module)}
    if how.program("checkwatches-parse-load").exists():
        return out | {"parse-load"}
    report.note("expat's share is not measured: it was built without expat (package libexpat1-dev)")
    return out


def median(got, name, part="cpu_us"):
    return statistics.median(run[part] for run in got[name])


def tables(report, got):
    rows = []
    for name in got:
        if name == "reading":
            continue
        anchor = "wrk " + ("small" if "small" in name else "large") + (" TLS" if "TLS" in name else "")
        used = median(got, name)
        is_comparable = anchor in got and "XML" not in name and "connection" not in name
        rows.append({"client": name, "us a request": used, "x wrk": used / median(got, anchor) if is_comparable else None,
                     "us a bug": used / (1 if "small" in name else BUGS),
                     "reads an answer": median(got, name, "reads") if name.startswith("ours") else None})
    report.table(f"processor time, start of the process included; medians ({CONNECTIONS} connections)", rows)
    if "reading" in got:
        report.table("reading an answer about 100 bugs, in memory",
                     [reading_row(got["reading"], *pair) for pair in (("rest", "simdjson on demand"), ("xmlrpc", "expat"))])


def reading_row(runs, form, bare):
    ours, theirs = (statistics.median(run[form][part] for run in runs) for part in ("ours_us", "bare_us"))
    return {"form": form, "bytes": runs[0][form]["bytes"], "ours us": ours, "bare parser": bare, "its us": theirs,
            "ours / bare": ours / theirs}


def targets(report, got):
    def ratio(ours, anchor, bound):
        if anchor in got:
            report.at_most(f"{ours} / {anchor}", median(got, ours) / median(got, anchor), bound)

    ratio("ours small", "wrk small", 1.3)
    ratio("ours large", "wrk large", 1.2)
    ratio("ours large read", "wrk large", 2.4)
    ratio("ours small TLS", "wrk small TLS", 1.2)
    ratio("ours large TLS", "wrk large TLS", 1.2)
    ratio("ours small TLS, resumed connection", "ours small TLS, new connection", 0.55)
    report.at_least("share of TLS connections that resume", median(got, "ours small TLS, resumed connection", "resumed"), 0.95)
    report.at_most("receive calls for an answer of 30 KB", median(got, "ours large", "reads"), 3)
    if "reading" in got:
        report.at_most("reading XML-RPC / expat", reading_row(got["reading"], "xmlrpc", "expat")["ours / bare"], 0.25)
    if "reading" in got and "wrk large" in got:
        report.note(share_of_reading(got))


def share_of_reading(got):
    without = median(got, "ours large")
    bare = reading_row(got["reading"], "rest", "")["its us"]
    return (f"reading 100 bugs adds {median(got, 'ours large read') - without:.1f} us to an answer; the target leaves "
            f"{2.4 * median(got, 'wrk large') - without:.1f}, of which simdjson's bare walk takes {bare:.1f}, and that keeps no "
            "text and checks only what it passes")


def measure(how):
    report = Report("throughput", "processor time of requests without latency", "what it takes to send and receive the bytes")
    with Responder(how, how.size(CONNECTIONS, 8)) as at:
        got = m.in_turns(how.rounds, runs_of(Contestants(how, at), at, peers_here(how, report)))
    tables(report, got)
    targets(report, got)
    return report
