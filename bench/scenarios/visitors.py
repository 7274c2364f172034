"""Passes over 200 trackers, one after another, while 1,000 event streams are open and 500 pages a second are asked for, against the
same passes without them, in turns, and how long the pages took. Everything, these clients and the mock trackers too, shares the
machine."""

import asyncio
import json
import re
import sqlite3
import statistics
import subprocess
import urllib.parse

from harness import ours
from harness.report import Report

BUGS, LATENCY_MS, PAGES_PER_SECOND = 100, 200, 500
MOST_RATIO = 1.1
PATHS = ["/", "/trackers", "/watches", "/changes", "/errors", "/queue", "/fixed", "/bugs", "/api/v1/status",
         "/api/v1/trackers?limit=20", "/api/v1/changes?limit=20"]
SINGLE = 100  # pages of single bugs and trackers beside these, so that few are the same as a moment ago
LANES = 32  # connections over which pages are asked for
PASSES = 8  # in a row: one alone would be over before so many streams are told of it
PATIENCE_S = 300  # for such passes and all who visit meanwhile


class Visitors(ours.Place):
    """The passes run by a resident program that serves pages."""

    def __init__(self, trackers, streams, passes):
        super().__init__()
        self.bugs, self.streams, self.passes = trackers * BUGS, streams, passes
        try:
            farm = self.farm_of(trackers, BUGS, LATENCY_MS)
            self.watch(farm, "bugzilla", BUGS)
            self.serve()
        except BaseException:
            self.close()
            raise
        at = urllib.parse.urlsplit(self.url)
        self.host, self.port = at.hostname, at.port
        self.paths = list(PATHS)
        with sqlite3.connect(self.database) as store:
            bugs = [row[0] for row in store.execute("SELECT id FROM bugs ORDER BY remote_id, id LIMIT ?", (SINGLE,))]
            trackers = [row[0] for row in store.execute("SELECT name FROM trackers LIMIT ?", (SINGLE // 4,))]
        for i, bug in enumerate(bugs):
            self.paths += [f"/bugs/{bug}", PATHS[i % len(PATHS)]]
        self.paths += ["/trackers/" + urllib.parse.quote(name, safe="") for name in trackers]

    async def timed_passes(self):
        return sum([await self.timed_pass() for _ in range(self.passes)])

    async def timed_pass(self):
        process = await asyncio.create_subprocess_exec(
            *self.command("check", "--force", "--json"), stdout=subprocess.PIPE, env=self.environment,
            limit=1 << 20)
        try:
            out, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        summary = json.loads(out.splitlines()[-1])["pass"]
        if summary["seen"] != self.bugs:
            raise RuntimeError(f"not all bugs were seen: {summary}")
        return summary["elapsed_ms"]

    def request(self, path, accept="text/html"):
        return f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAccept: {accept}\r\n\r\n".encode()

    async def open_stream(self):
        reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.write(self.request("/api/v1/events", "text/event-stream"))
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head:
            raise RuntimeError(head.decode())
        return reader, writer

    async def drink(self, reader, got):
        while piece := await reader.read(65536):
            got[0] += piece.count(b"\nevent: ") + piece.startswith(b"event: ")

    async def visit(self, number, took, until):
        """One connection's share of the pages, each at its time."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        loop, i = asyncio.get_running_loop(), 0
        start = loop.time() + number / PAGES_PER_SECOND
        while not until.is_set():
            due = start + i * LANES / PAGES_PER_SECOND
            await asyncio.sleep(max(0, due - loop.time()))
            writer.write(self.request(self.paths[(number * 7 + i) % len(self.paths)]))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = re.search(rb"content-length: (\d+)", head)
            await reader.readexactly(int(length[1]))
            if b" 200 " not in head.split(b"\r\n")[0]:
                raise RuntimeError(head.decode())
            took.append(loop.time() - due)  # from when it was to be asked: a late one counts as late
            i += 1
        writer.close()

    async def busy_passes(self, took):
        until = asyncio.Event()
        visits = [asyncio.create_task(self.visit(i, took, until)) for i in range(LANES)]
        elapsed = await self.timed_passes()
        until.set()
        await asyncio.gather(*visits)
        return elapsed

    async def run_rounds(self, rounds):
        """How long the passes took, alone and beside the visitors, in ms; each page, in seconds; and the events."""
        quiet, busy, took, got = [], [], [], [0]
        async with asyncio.timeout(PATIENCE_S):
            await self.timed_pass()  # the first probes and warms
        for _ in range(rounds):
            async with asyncio.timeout(PATIENCE_S):
                quiet.append(await self.timed_passes())
                busy.append(await self.beside_streams(took, got))
        if not got[0]:
            raise RuntimeError("no stream was told of anything")
        return quiet, busy, sorted(took), got[0]

    async def beside_streams(self, took, got):
        streams = [await self.open_stream() for _ in range(self.streams)]
        drinks = [asyncio.create_task(self.drink(reader, got)) for reader, _ in streams]
        elapsed = await self.busy_passes(took)
        for _, writer in streams:
            writer.close()
        await asyncio.gather(*drinks, return_exceptions=True)
        return elapsed


def measure(how):
    trackers, streams, passes = how.size((200, 1000, PASSES), (5, 20, 1))
    visitors = Visitors(trackers, streams, passes)
    try:
        quiet, busy, took, events = asyncio.run(visitors.run_rounds(how.rounds))
    finally:
        visitors.close()
    report = Report("visitors", f"{passes} passes over {trackers} trackers of {BUGS} bugs, {LATENCY_MS} ms, beside {streams} event "
                    f"streams and {PAGES_PER_SECOND} pages a second", "the passes alone")
    alone, beside = statistics.median(quiet), statistics.median(busy)
    report.table(f"the passes, medians of {how.rounds} rounds in turns", [
        {"passes": "alone", "wall ms": alone, "ratio": 1.0}, {"passes": "with visitors", "wall ms": beside, "ratio": beside / alone}])
    at = lambda part: took[min(int(part * len(took)), len(took) - 1)] * 1000
    report.table("the pages, from when each was to be asked", [
        {"pages": len(took), "median ms": at(0.5), "95 % ms": at(0.95), "99 % ms": at(0.99), "events taken": events}])
    report.at_most("wall with visitors, of the passes alone", beside / alone, MOST_RATIO)
    return report
