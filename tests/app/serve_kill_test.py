#!/usr/bin/env python3
"""kill -9 of the resident program under load, while trackers fail in all ways: no committed change is lost or repeated.

The program is started and killed many times while it checks bugs that keep changing as often as it can, at trackers of
which one always fails in some way. Afterwards the log must be a true story for each bug (story.py)."""

import random
import time

import resident
import story
from end_to_end import bug_url

KILLS = 200
TRACKERS = {"b": "bugzilla", "o": "bugzilla", "t": "trac"}
BUGS = 60
# Each answer is a good one or none: what fails is the way, not the bug.
FAULTS = (
    "refuse", "reset", "reset_mid_body", "stall", "stall_mid_body", "truncate", "close_idle", "garbage", "login_page",
    "bot_page", "maintenance_page", "huge_length", "huge_header", "redirect_loop", "500", "502", "503_bare", "slow_drip")
IMPATIENT = '[network]\nidle_timeout = "1s"\ntotal_timeout = "2s"\n'


class ServeKill(story.Story, resident.Case):
    def test_the_log_survives(self):
        self.config.write_text(IMPATIENT + resident.RESTLESS)
        mock = self.mock(
            f"kind=bugzilla,name=b,bugs={BUGS},seed=1,latency=2,jitter=4",
            f"kind=bugzilla,name=o,bugs={BUGS},seed=2,flavour=3.4,latency=2,jitter=4",
            f"kind=trac,name=t,bugs={BUGS},seed=3,latency=2,jitter=4", arguments=("--for", "3600"))
        for name, kind in TRACKERS.items():
            self.add([bug_url(kind, mock.urls[name], i) for i in range(1, BUGS + 1) if i != 13])
        self.run_program("--config", self.config, "check")

        chance = random.Random(4711)
        shown_before_kill = self.last_change()
        first = shown_before_kill
        failing = None
        for _ in range(KILLS):
            if failing:
                mock.post("/fault", tracker=failing, fault="none")
            failing = chance.choice(list(TRACKERS))
            mock.post("/fault", tracker=failing, fault=chance.choice(FAULTS), after=chance.randrange(3))
            process = self.serve()
            until = time.monotonic() + chance.uniform(0, 0.6)
            while time.monotonic() < until:
                for name in TRACKERS:
                    mock.post("/step", tracker=name, count=10)
                time.sleep(0.02)
            process.kill()
            process.wait()
            # What a reader was shown stays: the log only ever grows.
            last = self.last_change()
            self.assertGreaterEqual(last, shown_before_kill)
            shown_before_kill = last

        mock.post("/fault", tracker=failing, fault="none")
        self.run_program("--config", self.config, "check", "--force")
        self.assertGreater(self.last_change() - first, 5 * KILLS, "the instances hardly recorded anything")
        self.check_the_log(mock, TRACKERS, BUGS)


if __name__ == "__main__":
    resident.main()
