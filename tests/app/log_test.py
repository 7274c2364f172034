#!/usr/bin/env python3
"""The log for programs: clients that were written for Mozilla's pushlog follow it as they are, and so do those of the API."""

import datetime
import email.utils
import sqlite3
import time
import urllib.parse

import following
import web

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


class Log(following.Case):
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
                "INSERT INTO changes (at, field, after, actor) VALUES (?, 'token', 'x', 'somebody')", [(1000 + i,) for i in range(6_500)])
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
        self.assertEqual(seen, list(range(2, base + 6_501)))
        one = self.fetch("json-pushes?startID=1")
        self.assertEqual((len(one.json), one.headers["X-Checkwatches-Next"]), (1000, "1001"))
        self.assertEqual([i for i, _ in PushlogClient(lambda p: self.fetch(p).json, step=5_000).poll()][:1000], list(range(1, 1001)))
        self.assertEqual(len(self.fetch("json-pushes?user=somebody").json), 1000)
        # What no index finds is looked for among so many; where nothing fits it still goes on.
        part = self.get("changes", after=base, label="lab")
        self.assertEqual((part["items"], part["truncated"]), ([], True))
        self.assertGreaterEqual(part["next"], base + 5_000)
        self.assertEqual([c["id"] for c in self.all_after(0, label="lab")],
                         [c["id"] for c in self.all_after(0, limit=500) if c["id"] <= base and c["remote_id"] and c["tracker"] == self.names["gitlab"]])

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
    following.main()
