#!/usr/bin/env python3
"""kill -9 at any moment loses no committed change and repeats none.

The program is killed many times in the middle of passes over bugs that keep changing. Afterwards the log must be a true
story for each bug: every entry begins where the one before ended, tells only states that the mock served, in their
order, and ends with the last that was served."""

import random
import subprocess
import time

import end_to_end
from end_to_end import bug_url

KILLS = 200
TRACKERS = {"b": "bugzilla", "o": "bugzilla", "t": "trac"}
BUGS = 60


class Kill(end_to_end.Case):
    def test_the_log_survives(self):
        mock = self.mock(
            f"kind=bugzilla,name=b,bugs={BUGS},seed=1,latency=2,jitter=4",
            f"kind=bugzilla,name=o,bugs={BUGS},seed=2,flavour=3.4,latency=2,jitter=4",
            f"kind=trac,name=t,bugs={BUGS},seed=3,latency=2,jitter=4")
        for name, kind in TRACKERS.items():
            self.add([bug_url(kind, mock.urls[name], i) for i in range(1, BUGS + 1) if i != 13])

        chance = random.Random(4711)
        full = self.time_of_a_pass()
        killed = 0
        shown_before_kill = 0
        while killed < KILLS:
            for name in TRACKERS:
                mock.post("/step", tracker=name, count=20)
            process = subprocess.Popen(
                self.command("check", "--force"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=self.environment)
            try:
                process.wait(timeout=chance.uniform(0, 1.2 * full))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
            # What a reader was shown stays: the log only ever grows.
            last = self.last_change()
            self.assertGreaterEqual(last, shown_before_kill)
            shown_before_kill = last

        self.run_program("check", "--force")
        self.assertGreater(self.last_change(), KILLS, "the passes hardly recorded anything: nothing was shown")
        self.check_the_log(mock)

    def time_of_a_pass(self):
        began = time.monotonic()
        self.run_program("check", "--force")
        return time.monotonic() - began

    def last_change(self):
        log = self.lines("changes", "--limit", 1_000_000)
        self.assertEqual([change["id"] for change in log], list(range(1, len(log) + 1)))
        return len(log)

    def check_the_log(self, mock):
        names = {tracker["url"].rstrip("/"): tracker["name"] for tracker in self.lines("tracker", "list")}
        stories = {}
        for change in self.lines("changes"):
            if change["field"] in ("status", "remote_status"):
                stories.setdefault((change["tracker"], change["remote_id"]), []).append(change)
        shown = self.bugs()
        self.assertEqual(len(shown), len(TRACKERS) * (BUGS - 1))
        for name, kind in TRACKERS.items():
            tracker = names[mock.urls[name]]
            for bug in mock.ask("/ledger", tracker=name)["bugs"]:
                if bug["id"] == 13:
                    continue
                with self.subTest(tracker=name, bug=bug["id"]):
                    story = stories[(tracker, str(bug["id"]))]
                    self.check_story(story, bug, shown[(tracker, str(bug["id"]))])

    def check_story(self, story, bug, row):
        def words(version):
            state = bug["states"][version - 1]
            return " ".join(filter(None, (state["status"], state["resolution"]))) or None

        told = [change["remote_new"] for change in story]
        self.assertIsNone(story[0]["remote_old"])
        for before, after in zip(story, story[1:]):
            self.assertEqual(after["remote_old"], before["remote_new"], "an entry is missing")
            self.assertNotEqual(after["remote_new"], before["remote_new"], "an entry is repeated")
        # Only what was served, in the order in which it was.
        served = iter([words(version) for version, _ in bug["served"]])
        for state in told:
            self.assertTrue(any(state == s for s in served), f"{state} was not served then: {told}")
        # The row, the end of the log and the last answer agree.
        self.assertEqual(told[-1], words(bug["served"][-1][0]))
        self.assertEqual(row["remote_status"], told[-1])
        self.assertEqual(row["status"], [c["new"] for c in story if c["field"] == "status"][-1])


if __name__ == "__main__":
    end_to_end.main()
