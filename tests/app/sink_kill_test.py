#!/usr/bin/env python3
"""kill -9 of the engine and of the webhook's receiver in turn, during 10,000 changes: the receiver's durable log has every
change, none before those that came before it, and what it has twice has the same id."""

import json
import pathlib
import random
import subprocess
import sys
import time

import resident
import receiver
from end_to_end import bug_url

CHANGES = 10_000
KILLS = 24  # half of them the engine's, half the receiver's
BUGS = 600
WEBHOOK = """
[[webhook]]
name = "ci"
url = "http://127.0.0.1:{port}/"
file = "{folder}/secret"
from = "beginning"
rate = 0
"""


class SinkKill(resident.Case):
    def setUp(self):
        super().setUp()
        self.port_file, self.told = self.folder / "port", self.folder / "told"
        self.receive()
        secret = self.folder / "secret"
        secret.write_text(receiver.SECRET)
        secret.chmod(0o600)
        self.config.write_text(resident.RESTLESS + WEBHOOK.format(port=self.port_file.read_text(), folder=self.folder))

    def receive(self):
        """Starts the receiver, at the port that it had before."""
        program = pathlib.Path(receiver.__file__)
        self.receiving = subprocess.Popen([sys.executable, str(program), str(self.port_file), str(self.told), receiver.SECRET])
        self.addCleanup(self.end, self.receiving)
        self.wait_for(lambda: self.receiving.poll() is not None or self.port_file.exists(), "the receiver")
        self.assertIsNone(self.receiving.poll())

    def last_change(self):
        return self.lines("changes", "--after", self.seen)[-1]["id"] if self.lines("changes", "--after", self.seen) else self.seen

    def test_nothing_is_lost(self):
        mock = self.mock(f"kind=bugzilla,name=b,bugs={BUGS}", arguments=("--for", "3600"))
        self.add([bug_url("bugzilla", mock.urls["b"], i) for i in range(1, BUGS + 1) if i != 13])
        chance = random.Random(4711)
        self.seen, kills = 0, 0
        engine = self.serve()
        while self.seen < CHANGES or kills < KILLS:
            until = time.monotonic() + chance.uniform(0.2, 2)
            while time.monotonic() < until:
                mock.post("/step", tracker="b", count=200)
                time.sleep(0.1)
            self.seen = self.last_change()
            if kills % 2 == 0:
                engine.kill()
                engine.wait()
                engine = self.serve()
            else:
                self.receiving.kill()
                self.receiving.wait()
                self.receive()
            kills += 1
        self.assertEqual(self.stop(engine), 0)
        wanted = [line["id"] for line in self.lines("changes") if "actor" not in line]
        self.assertGreaterEqual(len(wanted), CHANGES)
        engine = self.serve()
        self.wait_for(lambda: self.position() >= wanted[-1], "everything to be told")
        self.assertEqual(self.stop(engine), 0)
        self.receiving.kill()
        self.receiving.wait()
        self.check_what_was_told([line["id"] for line in self.lines("changes") if "actor" not in line])

    def position(self):
        (sink,) = self.lines("--config", self.config, "sink", "list")
        return sink["position"]

    def check_what_was_told(self, wanted):
        events = [json.loads(line) for line in self.told.read_bytes().splitlines()]
        ids, had = {}, 0
        for event in events:
            number = event["data"]["change_id"]
            self.assertEqual(ids.setdefault(number, event["id"]), event["id"], "one change, two ids")
            if number > had:  # a new one: nothing between it and the newest before was left out
                self.assertEqual(next(one for one in wanted[len(ids) - 1:]), number, "one was left out, or came early")
                had = number
        told = sorted(ids)
        self.assertEqual(told, wanted[:len(told)])
        self.assertGreaterEqual(len(told), CHANGES)
        self.assertEqual(len(set(ids.values())), len(ids), "two changes, one id")
        self.assertGreater(len(events), len(ids), "nothing was ever told twice: the kills hit nothing")
        print(f"{len(ids)} changes, {len(events) - len(ids)} told again after {KILLS} kills")


if __name__ == "__main__":
    resident.main()
