#!/usr/bin/env python3
"""What clients of the control socket can have done: watches come and go, words get meanings, labels are put away; each of it
is in the log with who did it."""

import json
import os
import pwd
import socket

import resident
from end_to_end import bug_url

BUGS = 3
ME = f"local user {pwd.getpwuid(os.geteuid()).pw_name}"


class Control(resident.Case):
    def setUp(self):
        super().setUp()
        self.farm = self.mock("kind=bugzilla,name=b,bugs=20", "kind=trac,name=t,bugs=20")
        self.add([self.url(i) for i in range(1, BUGS + 1)], "--label", "plum")
        (self.name,) = (row["name"] for row in self.lines("tracker", "list"))
        self.process = self.serve()
        self.wait_for(lambda: self.checked() == BUGS, "the first checks")
        self.last = self.lines("changes")[-1]["id"]

    def url(self, number):
        return bug_url("bugzilla", self.farm.urls["b"], number)

    def call(self, do, **fields):
        """The last event of a call's answer."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(resident.PATIENCE)
            client.connect(str(self.socket))
            client.sendall(json.dumps({"v": 1, "do": do, **fields}).encode() + b"\n")
            answer = b"".join(iter(lambda: client.recv(65536), b""))
        return json.loads(answer.splitlines()[-1])

    def done(self, do, **fields):
        event = self.call(do, **fields)
        self.assertEqual(event.pop("event"), "done", event)
        return event

    def refused(self, do, **fields):
        event = self.call(do, **fields)
        self.assertEqual((event["event"], event["kind"]), ("error", "usage"), event)
        return event["message"]

    def acts(self):
        """What was done since the test began."""
        return [line for line in self.lines("changes", "--after", self.last) if line.get("actor")]

    def deeds(self):
        return [(act["field"], act["old"], act["new"]) for act in self.acts()]

    def test_a_watch_of_an_unknown_tracker_is_proved_and_checked(self):
        url = bug_url("trac", self.farm.urls["t"], 4)
        got = self.done("watch", url=url, label="pear", owner="anna")
        self.assertEqual((got["url"], got["kind"], got["remote_id"]), (url, "trac", "4"))
        self.assertEqual((got["new_tracker"], got["new_bug"], got["new_watch"]), (True, True, True))
        self.wait_for(lambda: self.bugs(url)[(got["tracker"], "4")]["checked_at"], "the first check")
        self.assertIn("pear (web)", self.run_program("show", url).stdout)

        again = self.done("watch", url=url, label="pear")
        self.assertEqual((again["bug"], again["new_tracker"], again["new_watch"]), (got["bug"], False, False))
        known = self.done("watch", url=self.url(1), label="pear")
        self.assertEqual((known["tracker"], known["new_bug"], known["new_watch"]), (self.name, False, True))
        self.assertEqual(self.deeds(), [("watch", None, "pear")] * 2)
        self.assertEqual([act["url"] for act in self.acts()], [url, self.url(1)])
        self.assertEqual({act["actor"] for act in self.acts()}, {ME})

    def test_what_cannot_be_watched_is_refused(self):
        self.assertIn("no known tracker's bug", self.refused("watch", url="https://example.org/"))
        self.assertIn("no tracker kind", self.refused("watch", url=self.url(1), kind="no such"))
        self.refused("watch", url="javascript:alert(1)")
        self.assertIn("at most", self.refused("watch", url=self.url(1), label="x" * 1001))
        message = self.refused("watch", url=bug_url("trac", self.farm.urls["b"], 4))  # no Trac answers there
        self.assertIn("could not be told", message)
        self.assertEqual(self.acts(), [])

    def test_a_bug_that_nobody_watches_rests_until_somebody_does(self):
        (bug,) = {self.done("watch", url=self.url(1), label="plum")["bug"]}
        self.done("unwatch", bug=bug, label="plum", source="web")
        self.assertEqual(self.live("bugs"), BUGS)
        self.done("unwatch", bug=bug, label="plum", source="list")
        self.assertEqual(self.live("bugs"), BUGS - 1)
        self.assertIsNone(self.bugs()[(self.name, "1")]["next_check"])
        self.assertIn("nobody watches", self.refused("unwatch", bug=bug, label="plum", source="list"))

        self.done("watch", url=self.url(1), label="plum")
        self.assertEqual(self.live("bugs"), BUGS)
        self.done("unwatch", bug=bug, label="plum", source="web")
        self.add([self.url(1)], "--label", "plum")  # another process says so over the socket
        self.assertEqual(self.live("bugs"), BUGS)
        self.wait_for(lambda: self.bugs()[(self.name, "1")]["next_check"], "it to be asked for again")
        self.assertEqual(
            self.deeds(),
            [("watch", None, "plum"), ("unwatch", "plum (web)", None), ("unwatch", "plum (list)", None),
             ("watch", None, "plum"), ("unwatch", "plum (web)", None)])

    def test_a_meaning_holds_at_once_beside_and_without_the_program(self):
        self.farm.post("/change", tracker="b", id=1, status="FROBNICATED", resolution="")
        self.run_program("check", "--force")
        self.assertEqual([line["word"] for line in self.lines("queue")], ["FROBNICATED"])
        words = ("map", "test", self.name, "--status", "FROBNICATED")
        self.assertIsNone(self.lines(*words)[0]["status"])

        got = self.done("meaning", tracker=self.name, field="status", key="FROBNICATED", means="Triaged")
        self.assertEqual(got, {"due": 1})
        self.wait_for(lambda: self.bugs()[(self.name, "1")]["status"] == "Triaged", "the new meaning")
        self.assertEqual(self.lines("queue"), [])
        self.assertEqual(self.lines(*words)[0]["status"], "Triaged")
        self.assertEqual(self.lines("map", "replay"), [])

        self.assertEqual(self.stop(self.process), 0)
        self.farm.post("/change", tracker="b", id=2, status="FROBNICATED", resolution="")
        self.run_program("check", "--force")
        self.assertEqual(self.bugs()[(self.name, "2")]["status"], "Triaged")
        self.serve()
        self.assertIn('"Fix Released"', self.refused(
            "meaning", tracker=self.name, field="status", key="x", means="Fixd"))
        self.done("meaning", tracker=self.name, field="status", key="frobnicated", means="")
        self.assertIsNone(self.lines(*words)[0]["status"])
        self.assertEqual(
            [deed[2] for deed in self.deeds() if deed[0] == "meaning"],
            ['status "FROBNICATED" means Triaged', 'status "frobnicated" means what it did before'])

    def test_every_act_is_logged_with_who_did_it(self):
        bug = self.done("watch", url=self.url(1), label="plum")["bug"]
        self.run_program("check", "--force", "--tracker", self.name)
        self.run_program("check")
        self.done("check", bugs=[bug], force=True)
        self.run_program("tracker", "pause", self.name, "--note", "they asked us to")
        self.run_program("tracker", "resume", self.name)
        self.run_program("tracker", "reset", self.name)
        self.run_program("tracker", "set", self.name, "lanes=1", "batch=5")
        self.run_program("tracker", "set", self.name, "lanes=", "batch=")
        self.run_program("tracker", "probe", self.name)
        self.done("put_away", bug=bug, label="plum")
        self.done("put_away", bug=bug, label="plum", back=True)
        self.assertIn("nobody watches that bug", self.refused("put_away", bug=1, label="plum"))
        self.refused("pause", tracker="nobody")
        deeds = self.deeds()
        self.assertTrue(deeds[8][2].startswith("xmlrpc") or deeds[8][2].startswith("rest"), deeds[8])
        self.assertEqual(
            deeds[:8] + deeds[9:],
            [("watch", None, "plum"), ("check", None, "3 bugs"), ("check", None, "1 bug"),
             ("pause", None, "they asked us to"), ("resume", None, None), ("reset", None, None),
             ("settings", None, "batch=5 lanes=1"), ("settings", None, "as the configuration says"),
             ("put_away", None, "plum"), ("put_away", "plum", None)])
        self.assertEqual({(act["actor"], act["tracker"]) for act in self.acts()}, {(ME, self.name)})
        self.assertIn(f"by {ME}", self.run_program("changes", "--after", self.last).stdout)


if __name__ == "__main__":
    resident.main()
