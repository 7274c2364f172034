"""Readers that poll at the very instant of commits: none misses an entry of the log, sees one twice, or sees one that is
not in the database's file."""

import http.client
import json
import sqlite3
import threading
import time
import urllib.parse

import web
from end_to_end import bug_url

MOST = 6_000  # entries for each second
BUGS = 120


class Reader(threading.Thread):
    """Reads without a pause until it is told to stop; `ids` in the order in which they came."""

    def __init__(self, test):
        super().__init__(daemon=True)
        self.test, self.ids, self.polls, self.trouble, self.over = test, [], 0, None, threading.Event()
        self.connection = None

    def run(self):
        try:
            while not self.over.is_set():
                self.poll()
                self.polls += 1
        except (OSError, http.client.HTTPException) as failed:
            if not self.over.is_set():  # the program was killed
                self.trouble = failed
        except Exception as failed:
            self.trouble = failed
        finally:
            if self.connection is not None:
                self.connection.close()

    def get(self, path):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.test.site).netloc, timeout=60)
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status == 503:  # too many ask: again
            return None
        assert answer.status == 200, body
        return json.loads(body)

    def last(self):
        return self.ids[-1] if self.ids else 0

    def take(self, ids, last):
        """What one answer told, behind what was told before."""
        first = self.last() + 1
        assert ids == list(range(first, first + len(ids))), f"behind {first - 1} it told {ids[:5]}…"
        assert not ids or ids[-1] <= last, f"it told {ids[-1]} and calls {last} the last"
        # It is in the file now, for whoever opens it.
        if ids:
            assert self.test.in_file() >= ids[-1], f"{ids[-1]} was told before it was committed"
        self.ids += ids


class Pushes(Reader):
    def poll(self):
        answer = self.get(f"/json-pushes?version=2&startID={self.last()}")
        if answer is None:
            return
        ids = sorted(map(int, answer["pushes"]))
        assert answer.get("truncated") or self.last() + len(ids) == answer["lastpushid"], "there is a gap at the end"
        self.take(ids, answer["lastpushid"])


class Changes(Reader):
    def poll(self):
        answer = self.get(f"/api/v1/changes?limit=500&after={self.last()}")
        if answer is None:
            return
        ids = [c["id"] for c in answer["items"]]
        assert answer["next"] == (ids[-1] if ids else self.last())
        assert answer["truncated"] or answer["next"] == answer["last"]
        self.take(ids, answer["last"])


class Newest(Reader):
    """Those who look at the end of the log see no entry whose forerunners are not there."""

    def poll(self):
        answer = self.get("/json-pushes?version=2")
        if answer is None:
            return
        ids = sorted(map(int, answer["pushes"]))
        last = answer["lastpushid"]
        assert ids == list(range(max(last - 9, 1), last + 1)), (ids, last)
        assert self.test.in_file() >= last, "it was told before it was committed"
        assert last >= self.last()
        if ids:
            self.ids = [last]


class Events(Reader):
    """The event stream; where it ends it goes on behind the last id that it saw."""

    where = "0"

    def poll(self):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.test.site).netloc, timeout=60)
        self.connection.request("GET", f"/api/v1/events?change=1&last_event_id={self.where}", headers={"Accept": "text/event-stream"})
        answer = self.connection.getresponse()
        assert answer.status == 200, answer.read()
        kind = None
        while not self.over.is_set():
            line = answer.readline().decode().rstrip("\n")
            if line.startswith("id:"):
                self.where = line[3:].strip()
            elif line.startswith("event:"):
                kind = line[6:].strip()
            elif line.startswith("data:") and kind == "change":
                told = json.loads(line[5:])["id"]
                self.take([told], told)
            elif not line:
                kind = None
            if line == "" and answer.isclosed():
                self.connection.close()
                return


class LogPoll(web.Case):
    seconds = 6

    def setUp(self):
        super().setUp()
        self.mocks = self.mock(*(f"kind=bugzilla,name=b{i},bugs={BUGS},latency=0" for i in range(3)))
        for i in range(3):
            self.add([bug_url("bugzilla", self.mocks.urls[f"b{i}"], n) for n in range(1, BUGS + 1) if n != 13], "--label", "l")
        self.process = self.serve_web()
        self.operator = self.token("ops")
        self.files = threading.local()

    def in_file(self):
        """The last id, by a connection of the asking thread's own."""
        if not hasattr(self.files, "open"):
            self.files.open = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=60)
        return self.files.open.execute("SELECT coalesce(max(id), 0) FROM changes").fetchone()[0]

    def commanded(self, path, method, body, over):
        """An act over HTTP, unless the program was killed."""
        try:
            self.ask(path, method=method, body=body, token=self.operator)
        except (OSError, http.client.HTTPException):
            if not over.is_set():
                raise

    def write(self, over):
        """Bugs change and are checked, as fast as that goes."""
        names = [t["name"] for t in self.get("trackers")["items"]]
        while not over.is_set() and self.in_file() < MOST * self.seconds:
            for i in range(3):
                self.mocks.post("/step", tracker=f"b{i}", count=BUGS)
            for name in names:
                self.commanded(f"/api/v1/trackers/{urllib.parse.quote(name, safe='')}/check", "POST", {}, over)

    def act(self, over):
        """An operator's acts, each a commit of its own."""
        url = bug_url("bugzilla", self.mocks.urls["b0"], 1)
        while not over.is_set() and self.in_file() < MOST * self.seconds:
            for method in ("POST", "DELETE"):
                self.commanded("/api/v1/watches", method, {"url": url, "label": "x"}, over)

    def test_no_reader_misses_anything_or_knows_what_is_not_durable(self):
        over = threading.Event()
        writers = [threading.Thread(target=work, args=(over,), daemon=True) for work in (self.write, self.act)]
        readers = [Pushes(self), Pushes(self), Changes(self), Changes(self), Newest(self), Events(self)]
        for one in (*writers, *readers):
            one.start()
        before = self.in_file()
        end = time.monotonic() + self.seconds
        polling = [one for one in readers if not isinstance(one, (Newest, Events))]
        is_shown = lambda: (
            time.monotonic() >= end and self.in_file() > before + 5 * self.seconds
            and all(one.ids for one in readers) and all(one.polls > self.seconds for one in polling))
        self.wait_for(lambda: is_shown() or any(one.trouble for one in readers), "enough to be written and read")
        for one in readers:
            one.over.set()
        over.set()
        self.process.kill()
        self.process.wait()
        for one in (*writers, *readers):
            one.join(timeout=60)
        for one in readers:
            self.assertIsNone(one.trouble, f"{type(one).__name__}: {one.trouble!r}")

        with sqlite3.connect(self.database) as database:  # what outlived the kill
            kept = [row[0] for row in database.execute("SELECT id FROM changes ORDER BY id")]
        self.assertEqual(kept, list(range(1, len(kept) + 1)))
        for one in readers:
            self.assertLessEqual(one.last(), len(kept), "it was told what is gone")
        self.assertTrue(self.lines("changes", "--verify")[0]["sound"])
        print(f"{len(kept)} entries; " + ", ".join(f"{type(r).__name__}: {r.polls} polls up to {r.last()}" for r in readers))


main = web.main
