"""How fast changes go out: by /json-pushes, by the API's own list, by the event stream and by a webhook; and when the first byte
of a change comes to those who follow, counted from when the database's file shows it to other processes."""

import contextlib
import json
import random
import signal
import socket
import sqlite3
import statistics
import time
import urllib.parse

import end_to_end
import receiver
from harness import measure as m
from harness import ours
from harness.report import Report

TRACKERS = 20
POLL_MS = 1000  # how often those poll who have only that
WEBHOOK = '[[webhook]]\nname = "{name}"\nurl = "http://127.0.0.1:{port}/"\nfile = "{secret}"\nfrom = {first}\nrate = 0\n'
EVENTS = "/api/v1/events?change=1&last_event_id=0"
OUTLETS = {
    "json-pushes": "/json-pushes?version=2&startID={}",
    "json-pushes, full": "/json-pushes?version=2&full=1&startID={}",
    "API, changes": "/api/v1/changes?limit=500&after={}"}
BARE_READ, BARE_POSTS, STREAM, HOOK = "bare read of the rows", "bare posts", "event stream", "webhook"
# Bounds of our own, well above what was measured: no more than that a way that has become wasteful shows.
MOST_CPU = [("json-pushes", BARE_READ, 6), (STREAM, BARE_READ, 12), (HOOK, BARE_POSTS, 8)]
MOST_OF_POLLING = 0.1


class Log(ours.Place):
    """A resident engine with a log full of changes."""

    def fill(self, how, bugs):
        self.how, self.hooks = how, 0
        self.farm = self.farm_of(TRACKERS, bugs, 0)
        self.watch(self.farm, "bugzilla", bugs)
        self.serve()
        self.one_pass()
        with contextlib.closing(sqlite3.connect(self.database)) as store:
            self.last = store.execute("SELECT max(id) FROM changes").fetchone()[0]
            # Behind them stands the act of who asked for the pass, which a webhook is not told.
            self.last_of_bug = store.execute("SELECT max(id) FROM changes WHERE actor = ''").fetchone()[0]
        self.at = urllib.parse.urlsplit(self.url)
        self.secret = self.folder / "secret"
        self.secret.write_text(receiver.SECRET)
        self.secret.chmod(0o600)

    def start(self, name, *arguments):
        """A program of ours beside the engine, and what it says first."""
        process, line = self.enterContext(m.started([self.how.program(f"checkwatches-{name}"), *arguments]))
        return process, json.loads(line)

    def post_to(self, port, first):
        """From now on a webhook that was never served before; `first`: behind which change it begins."""
        self.hooks += 1
        self.config.write_text(WEBHOOK.format(name=f"h{self.hooks}", port=port, secret=self.secret, first=first))
        self.process.send_signal(signal.SIGHUP)

    def connect(self):
        """A connection that the caller closes."""
        plug = socket.create_connection((self.at.hostname, self.at.port), timeout=60)
        return contextlib.closing(plug), plug

    def request(self, path):
        return f"GET {path} HTTP/1.1\r\nHost: {self.at.netloc}\r\n\r\n".encode()


def metered(log, read):
    """What reading the whole log cost the engine: changes, seconds, its processor time, bytes."""
    cpu, began = log.meter.cpu(), time.monotonic()
    count, size = read(log)
    seconds = time.monotonic() - began
    return {"changes": count, "seconds": seconds, "cpu": log.meter.cpu() - cpu, "bytes": size}


def pages_of(path):
    """Reads page by page, as whoever polls catches up; looks at the end of a page only, so that Python costs little."""
    def read(log):
        last, size = 0, 0
        closing, plug = log.connect()
        with closing, plug.makefile("rb") as answers:
            while last < log.last:
                plug.sendall(log.request(path.format(last)))
                length, status = 0, answers.readline()
                while (line := answers.readline().lower()) != b"\r\n":
                    if line.startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                body = answers.read(length)
                if b" 200 " not in status:
                    raise RuntimeError(body.decode())
                size += length
                end = body[-100:]
                last = int(end.split(b'"next":')[1].split(b"}")[0].split(b",")[0]) if b'"next":' in end else log.last
        return log.last, size
    return read


def read_stream(log):
    count, size, rest = 0, 0, b""
    closing, plug = log.connect()
    with closing:
        plug.sendall(log.request(EVENTS))
        while count < log.last:
            piece = plug.recv(1 << 18)
            if not piece:
                raise RuntimeError("the event stream ended")
            size += len(piece)
            rest += piece
            count += rest.count(b"\nevent: change\n")
            rest = rest[-14:] if not rest.endswith(b"\nevent: change\n") else b""
    return count, size


def take_posts(log, hear, port, count):
    """A webhook that is told so many of the last changes."""
    cpu = log.meter.cpu()
    log.post_to(port, log.last_of_bug - count)
    told = json.loads(m.line_of(hear))
    return {"changes": told["posts"], "seconds": told["seconds"], "cpu": log.meter.cpu() - cpu, "bytes": told["bytes"]}


def printed(*command):
    return json.loads(m.run(command).out)


def throughput(how, report, log):
    posts = how.size(2_000, 20)
    hear, said = log.start("receiver", posts)
    size = take_posts(log, hear, said["port"], posts)["bytes"] // posts

    def post_bare():
        got = printed(how.program("checkwatches-posts"), said["port"], posts, size)
        m.line_of(hear)
        return got

    ways = {BARE_READ: lambda: printed(how.program("checkwatches-bare-read"), log.database)}
    for name, path in OUTLETS.items():
        ways[name] = lambda path=path: metered(log, pages_of(path))
    ways[STREAM] = lambda: metered(log, read_stream)
    ways[BARE_POSTS] = post_bare
    ways[HOOK] = lambda: take_posts(log, hear, said["port"], posts)
    got = m.in_turns(how.rounds, ways)
    middle = {name: {part: statistics.median(one[part] / one["changes"] for one in costs) for part in ("seconds", "cpu", "bytes")}
              for name, costs in got.items()}
    rows = []
    for name, cost in middle.items():
        floor = middle[BARE_POSTS if name in (BARE_POSTS, HOOK) else BARE_READ]
        rows.append({"way": name, "changes/s": 1 / cost["seconds"], "cpu us/change": cost["cpu"] * 1e6,
                     "bytes/change": cost["bytes"],
                     "time / floor": cost["seconds"] / floor["seconds"], "cpu / floor": cost["cpu"] / floor["cpu"]})
    for way, floor, most in MOST_CPU:
        report.at_most(f"{way}: CPU, of the floor's ({floor})", middle[way]["cpu"] / middle[floor]["cpu"], most)
    report.table(f"a log of {log.last} changes to one reader ({posts} of them by the webhook, one post at a time), medians of "
                 f"{how.rounds} rounds in turns; CPU of the engine, of the floors their own", rows)


def first_bytes(how, report, log):
    """Single changes at random moments, each told to all at once."""
    chance = random.Random(4711)
    follow, said = log.start("first-byte", log.database, log.at.port, POLL_MS)
    log.post_to(said["port"], '"end"')
    name, base = next(iter(log.farm.urls.items()))
    for i in range(how.size(60, 5)):
        time.sleep(chance.uniform(0.1, 0.4))  # so that it falls anywhere into whatever has a beat
        bug = ours.FIRST + i
        log.farm.post("/change", tracker=name, id=bug, status="RESOLVED", resolution=("FIXED", "WONTFIX")[i % 2])
        log.lines("check", "--force", "--url", end_to_end.bug_url("bugzilla", base, bug))
    follow.stdin.close()
    with m.killed_after(follow):
        lines = follow.stdout.readlines()
        follow.wait()
    if follow.returncode != 0:
        raise RuntimeError("not everybody heard of everything")
    rows = []
    for got in map(json.loads, lines):
        ms = sorted(got["ms"])
        rows.append({"way": got["way"], "median ms": statistics.median(ms), "95 % ms": ms[int(0.95 * len(ms))], "changes": len(ms)})
    report.table(f"from when the file shows a change to its first byte; polled: each {POLL_MS} ms", rows)
    half = {row["way"]: row["median ms"] for row in rows}
    for way in ("event stream", "webhook"):
        report.at_most(f"{way}: half of the changes have come, of the time in which they have to who polls",
                       half[way] / half["json-pushes, polled"], MOST_OF_POLLING)


def measure(how):
    report = Report("feed", "how changes go out", "the rows read by a bare loop, and bare posts one after another, in the same run")
    log = Log()
    try:
        log.fill(how, how.size(250, 10))
        throughput(how, report, log)
        first_bytes(how, report, log)
    finally:
        log.close()
    return report
