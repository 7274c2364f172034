#!/usr/bin/env python3
"""What programs rely on: the fields of the JSON lines, the exit codes, the log's ids."""

import contextlib
import json
import os
import pty
import re
import sqlite3
import subprocess
import time

import end_to_end

SHOW_FIELDS = (
    "url tracker kind remote_id labels status importance remote_status remote_importance title duplicate_of outcome "
    "error checked_at seen_at changed_at next_check why stale verdict_of leads_to leads_nowhere"
).split()
CHANGE_FIELDS = "id at url tracker remote_id field old new remote_old remote_new hash previous".split()
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


class Contract(end_to_end.Case):
    def watch(self, *ids, tracker="kind=bugzilla,name=b,bugs=50", labels=("kwin",)):
        mock = self.mock(tracker)
        for label in labels:
            self.run_program(
                "add", "--label", label, *(end_to_end.bug_url("bugzilla", mock.urls["b"], i) for i in ids))
        return mock

    def test_show(self):
        self.watch(1, 2, labels=("kwin", "plasma"))
        for bug in self.lines("show"):
            self.assertEqual(list(bug), SHOW_FIELDS)
            self.assertEqual(bug["labels"], ["kwin", "plasma"])
            for unknown in ("status", "importance", "title", "outcome", "checked_at", "seen_at", "changed_at"):
                self.assertIsNone(bug[unknown], unknown)
            self.assertEqual(bug["why"], "never checked: due at once")
        self.run_program("check")
        for bug in self.lines("show"):
            self.assertEqual(bug["outcome"], "seen")
            self.assertIsNone(bug["error"])
            for known in ("checked_at", "seen_at", "changed_at", "next_check"):
                self.assertRegex(bug[known], TIME)
            self.assertTrue(bug["url"].endswith("/show_bug.cgi?id=" + bug["remote_id"]))
        self.assertEqual(len(self.lines("show", "--label", "plasma")), 2)
        self.assertEqual(len(self.lines("show", "--label", "nothing")), 0)
        self.assertEqual(len(self.lines("show", "--outcome", "timeout")), 0)

    def test_changes(self):
        mock = self.watch(1, 2, 3)
        self.run_program("check")
        mock.post("/change", tracker="b", id=2, status="VERIFIED", resolution="WONTFIX")
        self.assertFalse(self.changes_of_a_pass())  # nothing is due
        self.run_program("check", "--force")
        log = self.lines("changes")
        self.assertEqual([change["id"] for change in log], list(range(1, len(log) + 1)))
        for change in log:
            self.assertEqual(list(change), CHANGE_FIELDS)
            self.assertRegex(change["at"], TIME)
        first = [change for change in log if change["id"] <= 6]
        self.assertEqual({change["old"] for change in first}, {None})
        self.assertEqual(log[-1]["field"], "status")
        self.assertEqual((log[-1]["remote_id"], log[-1]["new"], log[-1]["remote_new"]), ("2", "Won't Fix", "VERIFIED WONTFIX"))
        self.assertEqual(self.lines("changes", "--after", log[-1]["id"]), [])
        self.assertEqual(self.lines("changes", "--after", 2, "--limit", 3), log[2:5])

    def test_acts_stand_among_the_changes(self):
        self.watch(1)
        self.run_program("check")
        last = self.lines("changes")[-1]["id"]
        tracker = self.lines("tracker", "list")[0]
        with contextlib.closing(sqlite3.connect(self.database)) as opened, opened:
            opened.execute("INSERT INTO changes (at, field, after, actor) VALUES (1000, 'token', 'ci', 'local user anna')")
            opened.execute("INSERT INTO changes (at, tracker_id, field, actor) VALUES (2000, 1, 'pause', 'token ci')")
            opened.execute(
                "INSERT INTO changes (at, tracker_id, bug_id, field, actor) SELECT 3000, 1, id, 'check', 'token ci' FROM bugs")
        of_none, of_tracker, of_bug = self.lines("changes", "--after", last)
        for act in (of_none, of_tracker, of_bug):
            self.assertEqual(list(act), [*CHANGE_FIELDS, "actor"])
        self.assertEqual(
            [of_none[field] for field in ("id", "at", "url", "tracker", "remote_id", "field", "old", "new", "actor")],
            [last + 1, "1970-01-01T00:00:01Z", None, None, None, "token", None, "ci", "local user anna"])
        self.assertEqual(
            [of_tracker[field] for field in ("url", "tracker", "remote_id", "new", "actor")],
            [tracker["url"], tracker["name"], None, None, "token ci"])
        self.assertEqual((of_bug["url"], of_bug["remote_id"]), (self.lines("show")[0]["url"], "1"))
        said = self.run_program("changes", "--after", last).stdout.splitlines()
        self.assertIn("  -  token: - → ci (by local user anna)", said[0])
        self.assertIn(f"  {tracker['url']}  pause: - → - (by token ci)", said[1])

    def changes_of_a_pass(self):
        return self.lines("check")[-1]["pass"]["changes"]

    def test_follow(self):
        mock = self.watch(1)
        follower = subprocess.Popen(
            self.command("changes", "--follow", "--json"), stdout=subprocess.PIPE, text=True, env=self.environment)
        self.addCleanup(follower.stdout.close)
        self.addCleanup(follower.wait)
        self.addCleanup(follower.kill)
        self.run_program("check")
        self.assertIn('"field":"status"', follower.stdout.readline())
        self.assertIn('"field":"importance"', follower.stdout.readline())
        mock.post("/change", tracker="b", id=1, status="RESOLVED", resolution="DUPLICATE")
        self.run_program("check", "--force")
        self.assertIn('"remote_new":"RESOLVED DUPLICATE"', follower.stdout.readline())

    def test_check(self):
        self.watch(1, 2, 9999)
        *trackers, summary = self.lines("check", expect=1)
        self.assertEqual(len(trackers), 1)
        self.assertEqual(trackers[0]["outcomes"], {"seen": 2, "not_found": 1})
        self.assertEqual((summary["pass"]["seen"], summary["pass"]["failed"]), (2, 1))

    def test_the_failed_are_named(self):
        self.watch(1, 9999)
        done = self.run_program("check", expect=1)
        self.assertRegex(done.stderr, r"127\.0\.0\.1:\d+ 9999: not_found")
        done = self.run_program("check")
        self.assertIn("0 bugs of 0 trackers checked", done.stdout)

    def test_one_bug_or_one_tracker(self):
        mock = self.watch(1, 2)
        url = end_to_end.bug_url("bugzilla", mock.urls["b"], 2)
        self.assertEqual(self.lines("check", "--url", url)[-1]["pass"]["asked"], 1)
        name = self.lines("tracker", "list")[0]["name"]
        self.assertEqual(self.lines("check", "--tracker", name)[-1]["pass"]["asked"], 1)
        self.assertEqual(self.lines("check", "--tracker", name, "--force")[-1]["pass"]["asked"], 2)

    def test_the_same_bug_in_other_spellings(self):
        mock = self.watch(42)
        base = mock.urls["b"]
        for url in (f"{base}/show_bug.cgi?id=042", f"{base}/show_bug.cgi?id=42&x=1", f"{base}/show_bug.cgi?id=42#c5"):
            self.assertIn("already watched", self.run_program("add", "--label", "kwin", url).stdout)
        self.assertEqual(len(self.bugs()), 1)

    def test_a_second_pass_waits_and_asks_nothing_twice(self):
        mock = self.watch(*range(1, 11), tracker="kind=bugzilla,name=b,bugs=50,latency=300")
        first = subprocess.Popen(
            self.command("check", "--json"), stdout=subprocess.PIPE, text=True, env=self.environment)
        self.addCleanup(first.stdout.close)
        deadline = time.monotonic() + 60
        while not (self.database.parent / (self.database.name + ".lock")).exists():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        second = self.lines("check")
        self.assertEqual(first.wait(timeout=60), 0)
        asked = [line["pass"]["asked"] for line in (second[-1], json.loads(first.stdout.readlines()[-1]))]
        self.assertEqual(sum(asked), 10)

    def test_a_terminal_shows_progress(self):
        self.watch(1, 2, 9999)
        ours, theirs = pty.openpty()
        program = subprocess.Popen(self.command("check"), stdout=theirs, stderr=theirs, env=self.environment)
        os.close(theirs)
        shown = b""
        try:
            while chunk := os.read(ours, 65536):
                shown += chunk
        except OSError:  # the terminal is gone with the program
            pass
        os.close(ours)
        self.assertEqual(program.wait(timeout=60), 1)
        text = shown.decode()
        self.assertIn("\r\x1b[K1 of 1 trackers, 3 of 3 bugs, 1 failed", text)
        self.assertIn("3 bugs of 1 tracker checked: 2 seen, 1 failed", text.split("\x1b[K")[-1])

    def test_every_tracker_kind_is_listed(self):
        self.watch(1)
        tracker = self.lines("tracker", "list")[0]
        fields = (
            "name kind url api protocol version identity probed_at state bugs due failing never_checked"
        ).split()
        self.assertEqual(list(tracker), fields)
        self.assertEqual((tracker["kind"], tracker["protocol"], tracker["version"]), ("bugzilla", "rest", "5.2"))

    def test_help_is_no_error(self):
        self.assertIn("check", self.run_program("--help").stdout)
        self.assertRegex(self.run_program("--version").stdout, r"^checkwatches \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    end_to_end.main()
