#!/usr/bin/env python3
"""A pass over 200 trackers while 1,000 event streams are open and 500 pages a second are asked for, against the same pass
without them, in turns: medians and their ratio, and how long the pages took. Everything, this client and the mock trackers
too, shares the machine."""

import asyncio
import json
import re
import sqlite3
import subprocess
import time
import urllib.parse

import passes
from end_to_end import PROGRAM

TRACKERS, BUGS, LATENCY_MS = 200, 100, 200
STREAMS, PAGES_PER_SECOND, ROUNDS = 1000, 500, 7
MOST_RATIO = 1.1
PATHS = ["/", "/trackers", "/watches", "/changes", "/errors", "/queue", "/fixed", "/bugs", "/api/v1/status",
         "/api/v1/trackers?limit=20", "/api/v1/changes?limit=20"]
SINGLE = 100  # pages of single bugs and trackers beside these, so that few are the same as a moment ago
LANES = 32  # connections over which pages are asked for


class Visitors(passes.Passes):
    """The passes run by a resident program that serves pages."""

    def __init__(self):
        super().__init__(TRACKERS, BUGS, LATENCY_MS)
        self.log = (self.folder / "serve.log").open("w+")
        self.addCleanup(self.log.close)
        self.process = subprocess.Popen(
            self.command("--config", self.config, "serve", "--listen", "127.0.0.1:0"), stderr=self.log, env=self.environment)
        self.addCleanup(self.end)
        while not (place := re.search(r"at=\"?http://([\d.]+):(\d+)/", (self.folder / "serve.log").read_text())):
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "serve.log").read_text())
            time.sleep(0.05)
        self.host, self.port = place[1], int(place[2])
        self.paths = list(PATHS)
        with sqlite3.connect(self.database) as store:
            bugs = [row[0] for row in store.execute("SELECT id FROM bugs ORDER BY remote_id, id LIMIT ?", (SINGLE,))]
            trackers = [row[0] for row in store.execute("SELECT name FROM trackers LIMIT ?", (SINGLE // 4,))]
        for i, bug in enumerate(bugs):
            self.paths += [f"/bugs/{bug}", PATHS[i % len(PATHS)]]
        self.paths += ["/trackers/" + urllib.parse.quote(name, safe="") for name in trackers]

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=60)

    async def timed_pass(self):
        process = await asyncio.create_subprocess_exec(
            *self.command("--config", self.config, "check", "--force", "--json"), stdout=subprocess.PIPE, env=self.environment,
            limit=1 << 20)
        out, _ = await process.communicate()
        summary = json.loads(out.splitlines()[-1])["pass"]
        if summary["seen"] != TRACKERS * BUGS:
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

    async def busy_pass(self, took):
        until = asyncio.Event()
        visits = [asyncio.create_task(self.visit(i, took, until)) for i in range(LANES)]
        elapsed = await self.timed_pass()
        until.set()
        await asyncio.gather(*visits)
        return elapsed

    async def run_rounds(self):
        await self.timed_pass()  # the first probes and warms
        quiet, busy, took, got = [], [], [], [0]
        for _ in range(ROUNDS):
            quiet.append(await self.timed_pass())
            streams = [await self.open_stream() for _ in range(STREAMS)]
            drinks = [asyncio.create_task(self.drink(reader, got)) for reader, _ in streams]
            busy.append(await self.busy_pass(took))
            for _, writer in streams:
                writer.close()
            await asyncio.gather(*drinks, return_exceptions=True)
        return quiet, busy, sorted(took), got[0]


def main():
    visitors = Visitors()
    try:
        quiet, busy, took, events = asyncio.run(visitors.run_rounds())
    finally:
        visitors.close()
    ratio = passes.median(busy) / passes.median(quiet)
    at = lambda part: took[min(int(part * len(took)), len(took) - 1)] * 1000
    print(f"A pass over {TRACKERS} trackers × {BUGS} bugs, {LATENCY_MS} ms each, medians of {ROUNDS} rounds in turns")
    print(f"  alone                                        {passes.median(quiet):8.0f} ms")
    print(f"  with {STREAMS} streams and {PAGES_PER_SECOND} pages a second     {passes.median(busy):8.0f} ms   ratio {ratio:.2f}")
    print(f"  pages: {len(took)} asked for, median {at(0.5):.1f} ms, 95 % {at(0.95):.1f} ms, 99 % {at(0.99):.1f} ms; {events} events taken")
    return 0 if ratio <= MOST_RATIO else 1


if __name__ == "__main__":
    raise SystemExit(main())
