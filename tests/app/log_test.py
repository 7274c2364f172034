#!/usr/bin/env python3
"""The log for the programs of others: a client that was written for Mozilla's pushlog follows it, Atom is as RFC 4287
has it, and the chain of hashes shows whatever was done to the log."""

import collections
import datetime
import email.utils
import hashlib
import shutil
import sqlite3
import time
import urllib.parse
import xml.etree.ElementTree as xml

import jsonschema

import web
from end_to_end import bug_url

ATOM = "{http://www.w3.org/2005/Atom}"
HASH = "^[0-9a-f]{40}$"


class PushlogClient:
    """Polls a pushlog as its documentation says, and knows nothing else of what serves it: by id, with both ends,
    version 2; it remembers the last id that it saw."""

    def __init__(self, fetch, last_push_id=0, step=7, full=True):
        self.fetch, self.last, self.step, self.full = fetch, last_push_id, step, full

    def poll(self):
        """The pushes since the last poll, oldest first."""
        pushes = []
        while True:
            url = f"json-pushes?version=2&startID={self.last}&endID={self.last + self.step}" + ("&full=1" if self.full else "")
            answer = self.fetch(url)
            for push_id in sorted(answer["pushes"], key=int):
                pushes.append((int(push_id), answer["pushes"][push_id]))
            self.last = min(self.last + self.step, answer["lastpushid"]) if answer["lastpushid"] > self.last else self.last
            if self.last >= answer["lastpushid"]:
                return pushes


class CachingClient:
    """Another one, of those that name only the beginning (as Treeherder's does), and begin with the last ten."""

    def __init__(self, fetch):
        self.fetch, self.last = fetch, None

    def poll(self):
        answer = self.fetch("json-pushes/?full=1&version=2" + (f"&startID={self.last}" if self.last else ""))
        assert answer["lastpushid"] >= (self.last or 0), "the ids were reset"
        pushes = answer["pushes"]
        if pushes:
            self.last = max(map(int, pushes))
            assert pushes[str(self.last)]["changesets"][-1]["node"]
        return sorted(map(int, pushes))


class Log(web.Case):
    def setUp(self):
        super().setUp()
        self.mocks = self.mock("kind=bugzilla,name=kde,bugs=12", "kind=gitlab,name=lab,bugs=8")
        self.urls = [bug_url("bugzilla", self.mocks.urls["kde"], i) for i in range(1, 11)]
        self.add(self.urls, "--label", "plasma <&\"'>")
        self.add([bug_url("gitlab", self.mocks.urls["lab"], i) for i in range(1, 6)], "--label", "lab")
        self.serve_web()
        self.operator = self.token("ops")
        self.wait_for(lambda: all(bug["outcome"] for bug in self.all("bugs")), "the first checks")
        self.names = {t["kind"]: t["name"] for t in self.get("trackers")["items"]}

    def change_some(self, count=6):
        """Bugs change, and are looked at."""
        before = self.get("changes", after=0)["last"]
        self.mocks.post("/step", tracker="kde", count=count)
        self.mocks.post("/step", tracker="lab", count=2)
        self.run_program("check", "--force")
        self.wait_for(lambda: self.get("changes", after=0)["last"] > before, "a change")

    def fetch(self, path, expect=200, **headers):
        answer = self.ask("/" + path, headers=headers)
        self.assertEqual(answer.status, expect, f"{path}: {answer.text}")
        self.check_described(path, answer)
        return answer

    def check_described(self, path, answer):
        name = "/" + path.split("?")[0].rstrip("/")
        name = "/t/{name}/json-pushes" if name.startswith("/t/") else name
        document = self.get("openapi.json")
        said = document["paths"][name]["get"]["responses"][str(answer.status)]
        if answer.status == 200 and "json" in name:
            jsonschema.validate(answer.json, {**said["content"]["application/json"]["schema"], "components": document["components"]})

    def whole_log(self):
        return self.all_after(0)

    def all_after(self, after, **filters):
        """The log as programs read it upward."""
        items = []
        while True:
            part = self.get("changes", after=after, limit=5, **filters)
            items += part["items"]
            self.assertGreaterEqual(part["next"], after)
            after = part["next"]
            if not part["truncated"]:
                self.assertEqual(after, part["last"])
                return items

    def test_clients_of_mozillas_pushlog_follow(self):
        fetch = lambda path: self.fetch(path).json
        client, other = PushlogClient(fetch), CachingClient(fetch)
        told = client.poll()
        self.assertEqual(other.poll(), [push_id for push_id, _ in told[-10:]])
        self.assertEqual(client.poll(), [], "nothing is told twice")
        heard = []
        for _ in range(3):
            self.change_some()
            told += client.poll()
            heard += other.poll()
        self.assertEqual(heard, [push_id for push_id, _ in told if push_id > heard[0] - 1])
        resumed = PushlogClient(fetch, last_push_id=told[4][0], step=1000)
        self.assertEqual(resumed.poll(), told[5:], "a client that was away goes on where it was")

        log = self.whole_log()
        self.assertEqual([push_id for push_id, _ in told], [c["id"] for c in log])
        labels = {b["remote_id"]: b["labels"] for b in self.all("bugs", tracker=self.names["bugzilla"])}
        previous = {}
        for (_, push), change in zip(told, log):
            node, = push["changesets"]
            self.assertEqual(node["node"], change["hash"])
            self.assertEqual(node["branch"], change["tracker"] or "")
            self.assertEqual(push["user"], change.get("actor", "checkwatches"))
            self.assertEqual(push["date"], self.seconds(change["at"]))
            if change["remote_id"] is None:
                continue
            self.assertTrue(node["desc"].startswith(f"Bug {change['remote_id']}: "), node)
            bug = (change["tracker"], change["remote_id"])
            self.assertEqual(node["parents"], previous.get(bug, []))
            previous[bug] = [node["node"]]
            if change["tracker"] == self.names["bugzilla"]:
                self.assertEqual(node["files"], labels[change["remote_id"]])
                if change["field"] == "status":
                    self.assertEqual(
                        node["desc"], f"Bug {change['remote_id']}: {change['remote_old'] or '-'} → {change['remote_new']}")

    def seconds(self, text):
        return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())

    def pushes(self, query="", path="json-pushes"):
        return {int(k): v for k, v in self.fetch(f"{path}?version=2&{query}").json["pushes"].items()}

    def test_parameters_and_bounds_are_those_of_the_pushlog(self):
        self.change_some()
        log = self.whole_log()
        ids = [c["id"] for c in log]
        last = ids[-1]
        one, two = self.fetch("json-pushes").json, self.fetch("json-pushes?version=2").json
        self.assertEqual(two, {"lastpushid": last, "pushes": one})
        self.assertEqual(list(map(int, one)), ids[-10:], "the last ten, oldest first")
        self.assertEqual(one[str(last)]["changesets"], [log[-1]["hash"]])
        self.assertEqual(list(self.pushes("startID=3")), ids[3:])
        self.assertEqual(list(self.pushes("startID=3&endID=5")), [4, 5])
        self.assertEqual(list(self.pushes("startID=0&endID=99999")), ids)
        self.assertEqual(list(self.pushes(f"startID={last}")), [])
        self.assertEqual(list(self.pushes("startID=99999")), [])
        self.assertEqual(list(self.pushes("startID=5&endID=3")), [])
        a, b = log[2]["hash"], log[6]["hash"]
        self.assertEqual(list(self.pushes(f"fromchange={a}&tochange={b}")), [4, 5, 6, 7])
        self.assertEqual(list(self.pushes(f"fromchange={a[:12]}&startID=9&tochange={b}")), [4, 5, 6, 7], "the first that is there wins")
        self.assertEqual(list(self.pushes(f"changeset={a}&changeset={b}")), [3, 7])
        self.assertEqual(list(self.pushes(f"changeset={a}&changeset={b}&startID=3")), [7])
        self.assertEqual(list(self.pushes("changeset=tip")), [last])

        acts = [c["id"] for c in log if "actor" in c]
        self.assertTrue(acts)
        user = urllib.parse.quote(next(c["actor"] for c in log if "actor" in c))
        self.assertEqual(list(self.pushes(f"user={user}")), [i for i in ids if log[i - 1].get("actor") == urllib.parse.unquote(user)])
        self.assertEqual(list(self.pushes("user=checkwatches")), [i for i in ids if i not in acts])
        self.assertEqual(list(self.pushes(f"user=checkwatches&user={user}")), ids)
        self.assertEqual(list(self.pushes(f"user={user}&startID={acts[-1]}")), [])
        self.assertEqual(list(self.pushes("user=nobody")), [])
        self.assertEqual(list(self.pushes("startID=0&tipsonly=1")), ids)

        name = self.names["bugzilla"]
        ours = [c["id"] for c in log if c["tracker"] == name]
        path = f"t/{urllib.parse.quote(name, safe='')}/json-pushes"
        self.assertEqual(list(self.pushes("startID=0", path)), ours)
        self.assertEqual(list(self.pushes("user=checkwatches", path)), [i for i in ours if i not in acts])
        self.assertEqual(self.fetch(path + "?version=2").json["lastpushid"], ours[-1])
        self.assertEqual(list(self.pushes(f"startID=0&branch={urllib.parse.quote(name)}")), ours)
        other = urllib.parse.quote(self.names["gitlab"])
        self.assertEqual(list(self.pushes(f"startID=0&branch={other}", path)), [])
        self.assertEqual(list(self.pushes("unknown=1&startID=3")), ids[3:], "other parameters are left alone")

        for c in (log[0], log[len(log) // 2], log[-1]):
            second = self.seconds(c["at"])
            stamp = datetime.datetime.fromtimestamp(second, datetime.timezone.utc)
            for text in (stamp.strftime("%Y-%m-%d %H:%M:%S"), stamp.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         stamp.astimezone(datetime.timezone(datetime.timedelta(hours=2))).isoformat()):
                query = urllib.parse.quote(text)
                # By the date that a push tells: who goes on behind the last that it saw sees it no more.
                self.assertEqual(
                    list(self.pushes(f"startID=0&enddate={query}")), [x["id"] for x in log if self.seconds(x["at"]) < second], text)
                self.assertEqual(
                    list(self.pushes(f"startdate={query}")), [x["id"] for x in log if self.seconds(x["at"]) > second], text)
        self.assertEqual(list(self.pushes("startdate=2020-01-01")), ids)
        self.assertEqual(list(self.pushes("startdate=2999-12-31%2023:59")), [])
        self.assertEqual(list(self.pushes("startID=0&enddate=2020-01-01%2007")), [])

    def test_what_is_wrong_is_said(self):
        for query, expect in (
                ("version=3", 400), ("version=x", 400), ("version=", 400), ("startdate=yesterday", 400), ("enddate=2026-13-01", 400),
                ("enddate=2026-11-22%2025", 400), ("startID=x", 400), ("endID=1.5", 400), ("startID=99999999999999999999", 400),
                ("fromchange=" + "0" * 40, 404), ("changeset=xyz", 404), ("tochange=", 404), ("changeset=abc", 404),
                ("branch=nowhere", 404), ("&".join(f"user={i}" for i in range(101)), 400)):
            with self.subTest(query=query):
                said = self.fetch(f"json-pushes?{query}", expect).json["detail"]
                self.assertTrue(said)
                if expect == 404 and "branch" not in query:
                    self.assertIn("unknown revision '", said)
        self.fetch("t/nowhere/json-pushes", 404)
        self.assertEqual(self.ask("/json-pushes", method="POST", token=self.operator).status, 405)
        self.fetch("changes.atom?colour=red", 400)
        self.fetch("changes.atom?tracker=nowhere", 404)

    def test_an_idle_feed_says_how_fresh_it_is(self):
        for path in ("json-pushes", "json-pushes?version=2&startID=99999", "changes.atom", "changes.atom?label=nothing"):
            with self.subTest(path=path):
                answer = self.fetch(path)
                self.assertGreaterEqual(int(answer.headers["X-Checkwatches-Behind"]), 0)
                self.assertLess(abs(email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp() - time.time()), 60)
                self.assertLess(email.utils.parsedate_to_datetime(answer.headers["Last-Modified"]).timestamp(), time.time() + 1)
                again = self.ask("/" + path, headers={"If-None-Match": answer.headers["ETag"]})
                self.assertEqual((again.status, again.body), (304, b""))
                self.assertIn("X-Checkwatches-Behind", again.headers)
        tag = self.fetch("json-pushes").headers["ETag"]
        self.change_some()
        self.assertEqual(self.ask("/json-pushes", headers={"If-None-Match": tag}).status, 200)

    def test_long_answers_are_cut_and_say_so(self):
        with sqlite3.connect(self.database, timeout=30) as database:
            base = database.execute("SELECT max(id) FROM changes").fetchone()[0]
            database.executemany(
                "INSERT INTO changes (at, field, after, actor) VALUES (?, 'token', 'x', 'somebody')", [(1000 + i,) for i in range(2_500)])
        path = "json-pushes?version=2&startID=1"
        seen = []
        while path:
            answer = self.fetch(path)
            seen += map(int, answer.json["pushes"])
            self.assertEqual(answer.json.get("truncated", False), answer.headers["X-Checkwatches-Truncated"] == "true")
            if "next" in answer.json:
                self.assertEqual(str(answer.json["next"]), answer.headers["X-Checkwatches-Next"])
                self.assertEqual(len(answer.json["pushes"]), 1000)
            link = answer.headers["Link"]
            path = link.split(">")[0][2:] if link else None
        self.assertEqual(seen, list(range(2, base + 2_501)))
        one = self.fetch("json-pushes?startID=1")
        self.assertEqual((len(one.json), one.headers["X-Checkwatches-Next"]), (1000, "1001"))
        self.assertEqual([i for i, _ in PushlogClient(lambda p: self.fetch(p).json, step=5_000).poll()][:1000], list(range(1, 1001)))
        self.assertEqual(len(self.fetch("json-pushes?user=somebody").json), 1000)
        # What no index finds is looked for among so many; where nothing fits it still goes on.
        part = self.get("changes", after=0, kind="changes")
        self.assertEqual([], part["items"])
        self.assertEqual(part["next"], part["last"])

    def test_the_log_is_followed_upward_by_filters(self):
        self.change_some()
        log = self.whole_log()
        self.assertEqual([c["id"] for c in log], list(range(1, len(log) + 1)))
        heads = {}
        for c in log:
            self.assertRegex(c["hash"], HASH)
            bug = (c["tracker"], c["remote_id"])
            self.assertEqual(c["previous"], heads.get(bug) if c["remote_id"] else None)
            heads[bug] = c["hash"]
        name = self.names["gitlab"]
        self.assertEqual(self.all_after(0, tracker=name), [c for c in log if c["tracker"] == name])
        self.assertEqual(self.all_after(4, tracker=name, kind="statuses"),
                         [c for c in log if c["tracker"] == name and c["id"] > 4 and c["field"] == "status" and c["old"]])
        self.assertEqual(self.all_after(0, label="lab"), [c for c in log if c["remote_id"] and c["tracker"] == name])
        self.assertEqual(self.all_after(0, owner="nobody"), [])
        bug = self.all("bugs", tracker=name)[0]
        self.assertEqual(self.all_after(0, bug=bug["id"]), [c for c in log if c["url"] == bug["url"] and c["remote_id"]])
        self.assertEqual(self.lines("changes"), log)

    def test_feeds_are_as_rfc_4287_has_them(self):
        self.mocks.post("/step", tracker="kde", count=40)
        for _ in range(6):
            self.change_some(30)
        self.run_program("tracker", "pause", self.names["gitlab"], "--note", "no character: \ufffe & <b>")
        log = self.whole_log()
        everywhere = {}
        for query, fits in (("", lambda c: True), ("?tracker=" + urllib.parse.quote(self.names["gitlab"]), lambda c: c["tracker"] == self.names["gitlab"]),
                            ("?label=lab", lambda c: c["remote_id"] and c["tracker"] == self.names["gitlab"]),
                            ("?" + urllib.parse.urlencode({"label": "plasma <&\"'>"}), lambda c: c["remote_id"] and c["tracker"] == self.names["bugzilla"]),
                            ("?owner=nobody", lambda c: False), ("?kind=acts", lambda c: "actor" in c)):
            with self.subTest(query=query):
                path, entries, feeds = "changes.atom" + query, [], []
                while path:
                    answer = self.fetch(path)
                    self.assertEqual(answer.headers.get_content_type(), "application/atom+xml")
                    feed = xml.fromstring(answer.body)
                    self.check_feed(feed, path)
                    feeds.append(feed)
                    entries += feed.findall(ATOM + "entry")
                    path = self.link(feed, "next")
                    path = path and path.removeprefix(self.site + "/")
                self.assertEqual(len({feed.find(ATOM + "id").text for feed in feeds}), 1, "parts of a feed are one feed")
                self.assertEqual([e.find(ATOM + "id").text.rsplit("/")[-1] for e in entries],
                                 [c["hash"] for c in reversed(log) if fits(c)])
                for entry in entries:
                    name = entry.find(ATOM + "id").text
                    self.assertEqual(everywhere.setdefault(name, entry.find(ATOM + "title").text), entry.find(ATOM + "title").text)
        feed = xml.fromstring(self.fetch("changes.atom?kind=acts").body)
        self.assertIn("no character: \ufffd & <b>", feed.find(ATOM + "entry").find(ATOM + "title").text)
        for page, href in (("/watches?label=lab", "/changes.atom?label=lab"), ("/changes?owner=anna", "/changes.atom?owner=anna"),
                           ("/watches?owner=anna", "/changes.atom?owner=anna"),
                           (f"/trackers/{urllib.parse.quote(self.names['gitlab'], safe='')}", "/changes.atom?tracker=")):
            self.assertIn(f'<link rel="alternate" type="application/atom+xml" title="What changes here" href="{href}', self.ask(page).text)

    def link(self, node, relation):
        return next((link.get("href") for link in node.findall(ATOM + "link") if link.get("rel") == relation), None)

    def check_feed(self, feed, path):
        """The rules of RFC 4287, 4.1.1 and 4.1.2, that can be broken here."""
        self.assertEqual(feed.tag, ATOM + "feed")
        stamp = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
        for node in (feed, *feed.findall(ATOM + "entry")):
            count = collections.Counter(child.tag.removeprefix(ATOM) for child in node)
            for once in ("id", "title", "updated"):
                self.assertEqual(count[once], 1, once)
            self.assertGreaterEqual(count["author"], 1)
            self.assertTrue(node.find(f"{ATOM}author/{ATOM}name").text)
            self.assertRegex(node.find(ATOM + "updated").text, stamp)
            self.assertRegex(node.find(ATOM + "id").text, r"^tag:[^ ,]+,\d{4}:[^ ]+$")
            self.assertIsNotNone(self.link(node, "alternate"))
            links = [(l.get("rel"), l.get("type"), l.get("hreflang")) for l in node.findall(ATOM + "link") if l.get("rel") == "alternate"]
            self.assertEqual(len(links), len(set(links)))
            for link in node.findall(ATOM + "link"):
                self.assertTrue(urllib.parse.urlsplit(link.get("href")).scheme, link.get("href"))
        self.assertEqual(urllib.parse.unquote(self.link(feed, "self")), urllib.parse.unquote_plus(f"{self.site}/{path}"))
        entries = feed.findall(ATOM + "entry")
        ids = [entry.find(ATOM + "id").text for entry in entries]
        self.assertEqual(len(ids), len(set(ids)))
        if entries:
            self.assertEqual(feed.find(ATOM + "updated").text, entries[0].find(ATOM + "updated").text)
        for link in [l for e in entries for l in e.findall(ATOM + "link") if l.get("rel") == "alternate"][:3]:
            self.assertEqual(self.ask(link.get("href").removeprefix(self.site)).status, 200)

    def command(self, *arguments):
        command = super().command(*arguments)
        if self.other:
            command[command.index(str(self.database))] = str(self.other)
        return command

    other = None  # the database that commands are run on in place of ours

    def verify(self, database, expect=0):
        self.other = database
        done = self.lines("changes", "--verify", expect=expect)
        self.other = None
        self.assertEqual(len(done), 1)
        return done[0]

    def test_the_chain_shows_what_was_done_to_the_log(self):
        for _ in range(2):
            self.change_some()
        good = self.verify(self.database)
        log = self.whole_log()
        self.assertEqual((good["sound"], good["entries"], good["last"], good["head"]), (True, len(log), len(log), log[-1]["hash"]))
        self.assertIn("none missing", self.run_program("changes", "--verify").stdout)
        self.run_program("changes", "--verify", "--follow", expect=2)
        self.run_program("changes", "--verify", "--after", "3", expect=2)
        copy = self.folder / "copy.db"
        self.run_program("db", "backup", copy)
        self.assertEqual(self.verify(copy)["heads"], good["heads"], "two copies of one log are alike")

        bugs = collections.defaultdict(list)
        for c in log:
            if c["remote_id"]:
                bugs[c["url"]].append(c["id"])
        first, second, *_ = next(ids for ids in bugs.values() if len(ids) >= 3)
        head = len(log)
        act = next(c["id"] for c in log if "actor" in c)
        columns = "at, tracker_id, bug_id, field, before, after, remote_before, remote_after, reason, actor, previous"
        swap = f"""CREATE TABLE two AS SELECT * FROM changes WHERE id IN ({first}, {second});
            DELETE FROM changes WHERE id IN ({first}, {second});
            INSERT INTO changes (id, {columns}) SELECT iif(id = {first}, {second}, {first}), {columns} FROM two; DROP TABLE two"""
        shift = f"""UPDATE changes SET id = -(id + 1) WHERE id > {first}; UPDATE changes SET id = -id WHERE id < 0;
            INSERT INTO changes (id, {columns}) SELECT {first} + 1, {columns} FROM changes WHERE id = {first}"""
        hidden = "DELETE FROM change_hashes; "  # by one who knows of these, too
        for what, sql, at in (
                ("rewritten", f"UPDATE changes SET after = 'Invalid' WHERE id = {first}", first),
                ("another time", f"UPDATE changes SET at = at - 1 WHERE id = {first}", first),
                ("the last one rewritten", f"UPDATE changes SET reason = 'x' WHERE id = {head}", head),
                ("an act rewritten", f"UPDATE changes SET actor = 'x' WHERE id = {act}", act),
                ("removed", f"DELETE FROM changes WHERE id = {first}", first),
                ("the last removed", f"DELETE FROM changes WHERE id = {head}", head),
                ("the first removed", "DELETE FROM changes WHERE id = 1", 1),
                ("inserted", shift, first + 1),
                ("put at the end", f"INSERT INTO changes ({columns}) SELECT {columns} FROM changes WHERE id = {first}", head + 1),
                ("swapped", swap, first),
                ("unchained", f"UPDATE changes SET previous = NULL WHERE id = {second}", second)):
            with self.subTest(what=what):
                broken = self.folder / "broken.db"
                shutil.copy(copy, broken)
                with sqlite3.connect(broken) as database:
                    database.executescript(
                        "DROP TRIGGER changes_are_not_rewritten; DROP TRIGGER changes_are_not_removed;" + sql)
                found = self.verify(broken, expect=1)
                self.assertEqual((found["sound"], found["broken_at"]), (False, at), found)
                self.assertTrue(found["broken"])
                self.other = broken
                said = self.run_program("changes", "--verify", expect=1).stdout
                self.assertIn(f"the log is broken at change {at}\n", said)
                self.assertTrue(self.lines("db", "check", expect=1)[0]["problems"])
                self.other = None
        # Who knows how the hashes are made rewrites them along, but not in the entries behind: there it shows.
        broken = self.folder / "broken.db"
        shutil.copy(copy, broken)
        with sqlite3.connect(broken) as database:
            key = lambda *row: int(self.hash_of(row)[:15], 16)
            database.create_function("key_of", 12, key)
            database.executescript("DROP TRIGGER changes_are_not_rewritten")
            database.execute(f"UPDATE changes SET after = 'Invalid' WHERE id = {first}")
            database.executescript(f"{hidden} INSERT INTO change_hashes SELECT key_of(id, {columns}), id FROM changes")
        found = self.verify(broken, expect=1)
        self.assertEqual((found["broken_at"], len(found["broken"])), (second, 1), found)
        # And who rewrites all of it has other heads.
        head_copy = self.folder / "head.db"
        shutil.copy(copy, head_copy)
        with sqlite3.connect(head_copy) as database:
            database.create_function("key_of", 12, key)
            database.executescript("DROP TRIGGER changes_are_not_rewritten")
            database.execute(f"UPDATE changes SET reason = 'x' WHERE id = {head}")
            database.executescript(f"{hidden} INSERT INTO change_hashes SELECT key_of(id, {columns}), id FROM changes")
        self.assertNotEqual(self.verify(head_copy)["heads"], good["heads"])

    def hash_of(self, row):
        """The hash of an entry as the documentation has it."""
        text = ""
        for value in row:
            part = None if value is None else str(value).encode()
            text += "-" if part is None else f"{len(part)}:{part.decode()}"
        return hashlib.sha256(text.encode()).hexdigest()[:40]


class Closed(web.Case):
    def test_who_may_not_read_gets_none_of_it(self):
        self.config.write_text('[web]\nreading = "closed"\n')
        self.serve_web()
        reader = self.token("eyes", "read")
        for path in ("/json-pushes", "/t/kde/json-pushes", "/changes.atom"):
            refused = self.ask(path)
            self.assertEqual((refused.status, refused.headers["WWW-Authenticate"]), (401, "Bearer"), path)
        self.assertEqual(self.ask("/json-pushes", token=reader).status, 200)
        self.assertEqual(len(self.ask("/json-pushes?full", token=reader).json), 1)
        self.assertEqual(self.ask("/changes.atom", token=reader).status, 200)


if __name__ == "__main__":
    web.main()
