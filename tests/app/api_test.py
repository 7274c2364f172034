#!/usr/bin/env python3
"""The API from end to end: every answer is as the OpenAPI document says, lists are read part by part without loss,
what operators do is done, logged as theirs, and refused to others."""

import concurrent.futures
import json
import socket
import struct
import time
import urllib.parse

import jsonschema

import web
from end_to_end import bug_url

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class Api(web.Case):
    def setUp(self):
        super().setUp()
        self.mocks = self.mock("kind=bugzilla,name=kde,bugs=30", "kind=trac,name=trac,bugs=30")
        self.urls = [bug_url("bugzilla", self.mocks.urls["kde"], i) for i in range(1, 13)]
        self.urls += [bug_url("trac", self.mocks.urls["trac"], i) for i in range(1, 6)]
        self.add(self.urls, "--label", "plasma")
        self.process = self.serve_web()
        self.document = self.get("openapi.json")
        self.operator = self.token("ops")
        self.wait_for(lambda: all(bug["outcome"] for bug in self.all("bugs")), "the first checks")
        self.wait_for(lambda: self.get("status")["counted_at"], "the first count")
        self.names = {t["kind"]: t["name"] for t in self.get("trackers")["items"]}

    def check(self, method, path, answer):
        """The answer is one that the document describes."""
        described = self.document["paths"][path][method.lower()]["responses"].get(str(answer.status))
        self.assertIsNotNone(described, f"{method} {path} is not said to answer {answer.status}: {answer.text}")
        if "$ref" in described:
            described = self.document["components"]["responses"]["Problem"]
        kind = answer.headers.get_content_type()
        self.assertIn(kind, described["content"])
        schema = described["content"][kind]["schema"]
        if "json" in kind:
            jsonschema.validate(
                answer.json, {"$schema": SCHEMA, **schema, "components": self.document["components"]},
                format_checker=jsonschema.FormatChecker())

    def asked(self, method, path, expect, query="", body=None, token=None, **places):
        """Asks, checks the answer against the document, and returns it."""
        at = path
        for name, value in places.items():
            at = at.replace("{" + name + "}", urllib.parse.quote(str(value), safe=""))
        answer = self.ask("/api/v1" + at + query, method=method, body=body, token=token)
        self.assertEqual(answer.status, expect, f"{method} {at}: {answer.text}")
        self.check(method, path, answer)
        return answer

    def test_every_question_is_answered_as_described(self):
        name = self.names["bugzilla"]
        bug = self.get("bugs")["items"][0]["id"]
        places = {"/checks": f"?bug={bug}",
                  "/mappings/preview": "?" + urllib.parse.urlencode(
                      {"tracker": name, "field": "status", "key": "new", "means": "Triaged"})}
        asked = set()
        self.asked("PUT", "/watchlists/{list}", 200, token=self.operator, list="mine",
                   body=[{"url": self.urls[0], "label": "plasma"}, {"url": "nothing"}])
        self.asked("PUT", "/watchlists/{list}", 422, token=self.operator, list="mine", body={"urls": []})
        for path, methods in self.document["paths"].items():
            if "get" not in methods or "servers" in methods or path in ("/events", "/openapi.json"):
                continue
            with self.subTest(path=path):
                answer = self.asked("GET", path, 200, places.get(path, ""), token=self.operator, name=name, id=bug, list="mine")
                self.assertIn("at", answer.json)
                again = self.ask("/api/v1" + path.replace("{name}", urllib.parse.quote(name, safe="")).replace("{id}", str(bug)).replace("{list}", "mine")
                                 + places.get(path, ""), token=self.operator, headers={"If-None-Match": answer.headers["ETag"]})
                if path not in ("/status",):
                    self.assertEqual((again.status, again.body), (304, b""), path)
                asked.add(path)
        self.assertGreater(len(asked), 15)
        passes = self.get("passes", tracker=name)["items"]
        self.assertEqual([sum(one["outcomes"].values()) for one in passes], [one["asked"] for one in passes])

    def test_what_is_wrong_is_a_problem(self):
        for path, query, expect in (
                ("/bugs", "?limit=0", 400), ("/bugs", "?colour=red", 400), ("/bugs", "?after=zz", 400),
                ("/bugs", "?tracker=nobody", 404), ("/bugs/{id}", "", 404), ("/trackers/{name}", "", 404),
                ("/checks", "", 400), ("/changes", "?after=1&before=2", 400), ("/fixed", "?after=5b315d", 400),
                ("/watches", "?after=5b315d", 400), ("/mappings/preview", "", 401)):
            with self.subTest(path=path, query=query):
                answer = self.asked("GET", path, expect, query, name="nobody", id=123456789)
                self.assertEqual(answer.json["status"], expect)
                self.assertTrue(answer.json["detail"])
        self.assertEqual(self.ask("/api/v1/nothing").status, 404)
        wrong = self.ask("/api/v1/bugs", method="POST", body={}, token=self.operator)
        self.assertEqual((wrong.status, wrong.headers["Allow"]), (405, "GET, HEAD"))

    def test_lists_are_read_part_by_part(self):
        whole = [bug["url"] for bug in self.get("bugs", limit=500)["items"]]
        self.assertEqual(sorted(whole), sorted(self.urls))
        for path, key in (("bugs", lambda b: b["id"]), ("trackers", lambda t: t["name"]),
                          ("watches", lambda w: (w["bug"]["id"], w["label"])),
                          ("watches/groups", lambda g: g["label"])):
            with self.subTest(path=path):
                at_once = [key(item) for item in self.get(path, limit=500)["items"]]
                self.assertEqual([key(item) for item in self.all(path, limit=1)], at_once)
        self.assertEqual({b["tracker"] for b in self.all("bugs", tracker=self.names["trac"], limit=2)}, {self.names["trac"]})
        log, after = [], 0
        while items := self.get("changes", after=after, limit=4)["items"]:
            log += items
            after = items[-1]["id"]
        self.assertEqual([c["id"] for c in log], list(range(1, after + 1)))

    def test_lists_are_restricted(self):
        name = self.names["bugzilla"]
        bugs = self.get("bugs", limit=500)["items"]
        self.assertEqual(self.get("bugs", due=1)["items"], [])
        some = bugs[0]["status"]
        found = self.all("bugs", status=some, limit=2)
        self.assertEqual([b["id"] for b in found], [b["id"] for b in bugs if b["status"] == some])
        self.assertEqual(self.all("changes", kind="changes"), [])
        self.assertEqual(self.all("changes", kind="acts", label="plasma"), [])
        self.assertEqual([c["field"] for c in self.all("changes", kind="acts")], ["token"])
        self.assertEqual(self.all("changes", kind="all", label="plasma", owner="nobody"), [])
        self.assertEqual(len(self.all("changes", label="plasma", limit=500)), len(self.all("changes", limit=500)) - 1)
        for path, query in (("/bugs", "?status=Blue"), ("/bugs", "?word=x"), ("/bugs", "?field=status"), ("/changes", "?kind=x"),
                            ("/queue", "?limit=0"), ("/checks", "?bug=1&after=zz")):
            self.asked("GET", path, 400, query)
        self.asked("PUT", "/mappings", 200, token=self.operator, body={
            "tracker": name, "field": "status", "key": "new", "means": "Triaged"})
        self.asked("PUT", "/mappings", 200, token=self.operator, body={
            "tracker": name, "field": "status", "key": "assigned", "means": "Triaged"})
        for path, query in (("/mappings", "?limit=1"), ("/queue", "?limit=1"), ("/incidents", "?limit=1"),
                            ("/checks", f"?bug={bugs[0]['id']}&limit=1"), ("/bugs/{id}/comments", "?limit=1")):
            self.assertLessEqual(len(self.asked("GET", path, 200, query, id=bugs[0]["id"]).json["items"]), 1)
        self.assertEqual([m["key"] for m in self.all("mappings", limit=1)], ["assigned", "new"])
        word = next(b["remote_status"] for b in bugs if b["tracker"] == name)
        preview = self.asked("GET", "/mappings/preview", 200, token=self.operator, query="?" + urllib.parse.urlencode(
            {"tracker": name, "field": "status", "key": word.lower(), "means": "Opinion"})).json
        self.assertEqual({b["becomes"]["status"] for b in preview["first"]}, {"Opinion"})

    def test_only_operators_change_anything(self):
        before = self.lines("changes")[-1]["id"]
        reader = self.token("eyes", "read")
        name = self.names["trac"]
        for path, methods in self.document["paths"].items():
            for method in methods:
                if method in ("get", "servers"):
                    continue
                with self.subTest(path=path, method=method):
                    self.asked(method.upper(), path, 401, body={}, name=name, id=1)
                    self.asked(method.upper(), path, 403, body={}, name=name, id=1, token=reader)
        self.asked("POST", "/watches", 401, body={}, token="cw_guess")
        self.assertEqual([c["field"] for c in self.lines("changes", "--after", before)], ["token"])

    def test_acts_are_done_and_logged(self):
        op = {"token": self.operator}
        name = self.names["bugzilla"]
        before = self.lines("changes")[-1]["id"]
        added = self.asked("POST", "/watches", 201, **op, body={
            "url": bug_url("bugzilla", self.mocks.urls["kde"], 20), "label": "new", "owner": "anna"}).json
        self.assertEqual((added["tracker"], added["remote_id"], added["new_bug"]), (name, "20", True))
        bug = added["bug"]
        seen = lambda: self.get(f"bugs/{bug}")["outcome"] == "seen"
        self.wait_for(seen, "the new bug's first check")
        self.assertEqual([w["owner"] for w in self.all("watches", label="new")], ["anna"])
        cost = self.asked("POST", "/bugs/{id}/check", 200, **op, id=bug, body={"dry": True}).json
        self.assertEqual((cost["bugs"], cost["requests"], cost["started"]), (1, 1, False))
        times = lambda: sum(run["times"] for run in self.get("checks", bug=bug)["items"])
        before_it = times()
        self.assertTrue(self.asked("POST", "/bugs/{id}/check", 202, **op, id=bug, body={}).json["started"])
        self.wait_for(lambda: times() > before_it, "the check")
        self.assertEqual(self.asked("POST", "/trackers/{name}/check", 202, **op, name=name).json["bugs"], 13)
        self.asked("POST", "/trackers/{name}/pause", 200, **op, name=name, body={"note": "they asked"})
        self.assertEqual(self.get("trackers/" + name)["state"], "paused")
        self.asked("POST", "/trackers/{name}/resume", 200, **op, name=name)
        self.asked("POST", "/trackers/{name}/probe", 200, **op, name=name)
        self.asked("POST", "/trackers/{name}/reset", 200, **op, name=name)
        self.asked("PATCH", "/trackers/{name}/settings", 200, **op, name=name, body={"batch": 7, "comments": True})
        self.asked("PATCH", "/trackers/{name}/settings", 200, **op, name=name, body={"comments": None})
        self.assertEqual({k: v for k, v in self.get("trackers/" + name)["settings"].items() if v is not None}, {"batch": 7})
        limits = self.get("trackers/" + name)["limits"]
        self.assertEqual((limits["batch"], limits["connections"], limits["lanes"]), (7, 2, 2))
        self.asked("PATCH", "/trackers/{name}/settings", 400, **op, name=name, body={"bach": 7})
        self.asked("PUT", "/mappings", 200, **op, body={
            "tracker": name, "field": "status", "key": "unconfirmed", "means": "Triaged"})
        self.assertEqual([m["means"] for m in self.get("mappings")["items"]], ["Triaged"])
        self.asked("PUT", "/mappings", 400, **op, body={
            "tracker": name, "field": "status", "key": "unconfirmed", "means": "Fixed"})
        self.asked("DELETE", "/mappings", 200, "?" + urllib.parse.urlencode(
            {"tracker": name, "field": "status", "key": "unconfirmed"}), **op)
        self.assertEqual(self.get("mappings")["items"], [])
        self.asked("POST", "/watches", 400, **op, body={"url": "no url"})
        self.asked("DELETE", "/watches", 200, f"?bug={bug}&label=new&source=web", **op)
        self.assertEqual(self.all("watches", label="new"), [])
        acts = [(c["field"], c["tracker"]) for c in self.lines("changes", "--after", before) if c.get("actor") == "token ops"]
        self.assertEqual([field for field, _ in acts], [
            "watch", "check", "check", "pause", "resume", "probe", "reset", "settings", "settings", "meaning", "meaning",
            "unwatch"])
        self.assertEqual({tracker for _, tracker in acts}, {name})

    def test_an_act_goes_on_when_its_client_goes(self):
        place = urllib.parse.urlsplit(self.site)
        for number in range(6, 26):
            body = json.dumps({"url": bug_url("trac", self.mocks.urls["trac"], number), "label": "gone"})
            request = (f"POST /api/v1/watches HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {self.operator}\r\n"
                       f"Content-Length: {len(body)}\r\n\r\n{body}")
            with socket.create_connection((place.hostname, place.port)) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # goes with a reset
                client.sendall(request.encode())
                time.sleep(number % 5 / 1000)  # in the midst of it, or not
        # Some were not even read. What was done is in the log, whole: nothing is under way after the next act.
        self.asked("POST", "/watches", 201, token=self.operator,
                   body={"url": bug_url("trac", self.mocks.urls["trac"], 26), "label": "stays"})
        watched = lambda: {watch["bug"]["url"] for label in ("gone", "stays") for watch in self.all("watches", label=label)}
        logged = lambda: {change["url"] for change in self.lines("changes") if change["field"] == "watch"}
        self.wait_for(lambda: watched() == logged(), "each watch to be in the log")
        self.assertGreater(len(watched()), 1)

    def test_settings_that_are_set_at_once_all_hold(self):
        name = self.names["trac"]
        for round in range(10):
            wanted = {"batch": 10 + round, "lanes": 1 + round, "connections": 20 + round}
            with concurrent.futures.ThreadPoolExecutor(3) as at_once:
                list(at_once.map(
                    lambda one: self.asked("PATCH", "/trackers/{name}/settings", 200, token=self.operator, name=name,
                                           body=dict([one])), wanted.items()))
            held = self.get("trackers/" + name)["settings"]
            self.assertEqual({key: held[key] for key in wanted}, wanted)
        for wrong in ({"batch": 0}, {"lanes": 65}, {"connections": 10**15}, {"requests_per_second": 1e300},
                      {"requests_per_second": 1e-300}, {"comments_of": ["x" * 2000]}, {"comments_of": ["a\u0000b"]}, {}):
            self.asked("PATCH", "/trackers/{name}/settings", 400, token=self.operator, name=name, body=wrong)
        self.asked("POST", "/trackers/{name}/pause", 400, token=self.operator, name=name, body={"note": "x" * 2000})

    def test_what_is_paused_is_not_forced(self):
        name = self.names["trac"]
        bug = self.get("bugs", tracker=name)["items"][0]["id"]
        self.asked("POST", "/trackers/{name}/pause", 200, token=self.operator, name=name, body={"note": "they asked"})
        for path, places in (("/trackers/{name}/check", {"name": name}), ("/bugs/{id}/check", {"id": bug})):
            answer = self.asked("POST", path, 409, token=self.operator, **places)
            self.assertIn("they asked", answer.json["detail"])

    def test_reading_can_be_closed(self):
        self.assertEqual(self.stop(self.process), 0)
        self.config.write_text('[web]\nreading = "closed"\n')
        self.serve_web()
        for path in ("/api/v1/bugs", "/metrics"):
            self.assertEqual(self.ask(path).status, 401)
            self.assertEqual(self.ask(path, token=self.operator).status, 200)
        page = self.ask("/trackers")
        self.assertEqual((page.status, page.headers["Location"]), (303, "/login?next=%2Ftrackers"))
        self.assertEqual(self.ask("/login").status, 200)
        self.assertEqual(self.ask("/healthz").status, 200)


class Duplicates(web.Case):
    def test_a_duplicate_has_its_masters_verdict_where_that_is_the_policy(self):
        farm = self.mock("kind=bugzilla,name=b,bugs=30")  # the mock's bug 20 is a duplicate of 10
        self.config.write_text(self.config.read_text() + '[check]\nduplicates = "master"\n')
        url = bug_url("bugzilla", farm.urls["b"], 20)
        self.add([url, bug_url("bugzilla", farm.urls["b"], 10)], "--label", "plums")
        farm.post("/change", tracker="b", id=10, status="CONFIRMED", resolution="", duplicate_of="")
        self.serve_web()

        def judged():
            (bug,) = [one for one in self.all("bugs") if one["url"] == url]
            return bug if bug["verdict_of"] == "master" else None

        bug = self.wait_for(judged, "its master")
        self.assertEqual((bug["status"], bug["remote_status"]), ("Confirmed", "RESOLVED DUPLICATE"))
        one = self.get(f"bugs/{bug['id']}")
        self.assertEqual((one["status"], one["verdict_of"]), ("Confirmed", "master"))


class Login(web.Case):
    def test_who_guesses_too_often_is_told_on_a_page_how_long_to_wait(self):
        self.serve_web()
        for _ in range(10):
            self.assertTrue(self.ask("/login", "POST", form={"token": "x"}).headers["Location"].startswith("/login?failed="))
        answer = self.ask("/login", "POST", form={"token": "x"})
        self.assertEqual(answer.status, 303)
        self.assertRegex(self.ask(answer.headers["Location"]).text, "too many attempts. Wait about [0-9]+ minutes, then")


if __name__ == "__main__":
    web.main()
