"""What one request costs the processor where nothing has to be waited for: answers of one bug (some 500 bytes) and of 100 bugs
(some 30 KB), over TCP and TLS, on connections that are kept, resumed or new, with and without reading the bugs. One thread answers,
from memory. As wrk does, all connections go to one address; one row has them at as many addresses, as trackers are."""

import json
import re

from harness import measure as m
from harness import peers
from harness.report import Report
from harness.responder import Responder
from harness.setting import missing_peer

CONNECTIONS = 200
BUGS = 100
FORMS = {"rest": "simdjson on demand", "xmlrpc": "expat"}  # of answers about so many, and their bare parsers


def row(cpu, requests, **more):
    """What one contestant used for each request."""
    return {"cpu_us": cpu / requests * 1e6, **more}


class Contestants:
    """Each a callable that makes a run, sees that all its answers came, and returns a row. Those that are compared with wrk are
    whole processes, as wrk's own figure is; the others' is what their work took, without start-up."""

    def __init__(self, how, at):
        self.how, self.at = how, at

    def requests(self, count):
        return self.how.size(count, 400)

    def wrk(self, url):
        def go():
            cost = m.run(["wrk", "-t1", f"-c{CONNECTIONS}", "-d1s", url])
            if "Non-2xx" in cost.out:
                raise RuntimeError(f"wrk got other answers: {cost.out}")
            return row(cost.cpu, int(re.search(r"(\d+) requests in", cost.out)[1]))
        return go

    def ours(self, urls, count, connections=CONNECTIONS, *, is_whole=True, **more):
        options = [f"--{name}={value}" for name, value in {"connections": connections, "ca": self.at.says["ca"], **more}.items()]
        requests = self.requests(count)
        bugs = requests * more.get("bugs", BUGS) if "parse" in more else 0

        def go():
            cost = m.run([self.how.program("checkwatches-client-load"), f"--requests={requests}", *options, *urls])
            told = json.loads(cost.out)
            if (told["requests"], told["bugs"]) != (requests, bugs):
                raise RuntimeError(f"not {requests} requests and {bugs} bugs: {told}")
            return row(cost.cpu if is_whole else told["cpu_s"], requests, reads=told["reads"] / requests,
                       resumed=told["resumed"] / told["connections"])
        return go

    def floor(self, url, count):
        urls = [url] * self.requests(count)
        return lambda: row(peers.floor(self.how, urls, CONNECTIONS).cpu, len(urls))

    def curl(self, url, count):
        urls = [url] * self.requests(count)
        return lambda: row(peers.curl(urls, CONNECTIONS).cpu, len(urls))

    def aiohttp(self, url, count, bugs):
        urls = [url] * self.requests(count)
        all_bugs = bugs * len(urls)
        return lambda: row(peers.python("aiohttp_peer.py", urls, all_bugs, "--per-host", CONNECTIONS).cpu, len(urls))

    def reading(self):
        """Lines of parse-load, by form."""
        def go():
            cost = m.run([self.how.program("checkwatches-parse-load"), "--times", self.how.size(1000, 10)])
            forms = {told["form"]: told for told in map(json.loads, cost.out.splitlines())}
            if any(forms[form]["bugs"] != BUGS for form in FORMS):
                raise RuntimeError(f"not {BUGS} bugs: {cost.out}")
            return forms
        return go


def runs_of(make, at, here):
    """Every contestant by what it does; the peers that are here."""
    all_ports = at.urls("small", "plain", len(at.says["plain"]))
    few = len(all_ports) // 25 or 1  # trackers with two connections each, for handshakes
    runs = {}
    # About as many as wrk makes, so that its start weighs alike.
    for size, bugs, count in (("small", 1, 100_000), ("large", BUGS, 40_000)):
        url, tls = at.url(size), at.url(size, "tls")
        if "wrk" in here:
            runs[f"wrk {size}"] = make.wrk(url)
            runs[f"wrk {size} TLS"] = make.wrk(tls)
        runs[f"floor {size}"] = make.floor(url, count)
        runs[f"ours {size}"] = make.ours([url], count)
        runs[f"ours {size} TLS"] = make.ours([tls], count)
        runs[f"ours {size} read"] = make.ours([url], count // 2, parse="rest", bugs=bugs)
        if "curl" in here:
            runs[f"curl {size}"] = make.curl(url, count // 20)
        if "aiohttp" in here:
            runs[f"aiohttp {size}"] = make.aiohttp(url, count // 50, bugs)
    runs["ours small, many addresses"] = make.ours(all_ports, 100_000)
    runs["ours large XML-RPC"] = make.ours([at.url("large.xml")], 5_000, is_whole=False)
    runs["ours large XML-RPC read"] = make.ours([at.url("large.xml")], 2_000, is_whole=False, parse="xmlrpc")
    for name, sort, count in (("ours small, new connection", "plain", 4_000), ("ours small TLS, new connection", "tls_full", 1_000),
                              ("ours small TLS, resumed connection", "tls", 1_500)):
        runs[name] = make.ours(at.urls("small", sort, few), count, 2 * few, is_whole=False, connection="new")
    if "parse-load" in here:
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
    return m.median_of(got[name], part)


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
    report.table(f"processor time, medians ({CONNECTIONS} connections)", rows)
    report.note("wrk, curl and what of ours has a ratio to wrk: whole processes; the floor, aiohttp, new and resumed connections "
                "and XML-RPC: what the work took, without start-up")
    if "reading" in got:
        report.table("reading an answer about 100 bugs, in memory",
                     [reading_row(got["reading"], form) for form in FORMS])


def reading_row(runs, form):
    ours, theirs = (m.median_of([run[form] for run in runs], part) for part in ("ours_us", "bare_us"))
    return {"form": form, "bytes": runs[0][form]["bytes"], "ours us": ours, "bare parser": FORMS[form], "its us": theirs,
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
        report.at_most("reading XML-RPC / expat", reading_row(got["reading"], "xmlrpc")["ours / bare"], 0.25)
    if "reading" in got and "wrk large" in got:
        report.note(share_of_reading(got))


def share_of_reading(got):
    without = median(got, "ours large")
    bare = reading_row(got["reading"], "rest")["its us"]
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
