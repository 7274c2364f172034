#!/usr/bin/env python3
"""kill -9 at any moment loses no committed change and repeats none.

The program is killed many times in the middle of passes over bugs that keep changing. Afterwards the log must be a true
story for each bug: every entry begins where the one before ended, tells only states that the mock served, in their
order, and ends with the last that was served."""

import random
import subprocess
import time

import end_to_end
import story
from end_to_end import bug_url

KILLS = 200
TRACKERS = {"b": "bugzilla", "o": "bugzilla", "t": "trac"}
BUGS = 60


class Kill(story.Story, end_to_end.Case):
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
        self.check_the_log(mock, TRACKERS, BUGS)

    def time_of_a_pass(self):
        began = time.monotonic()
        self.run_program("check", "--force")
        return time.monotonic() - began


if __name__ == "__main__":
    end_to_end.main()
