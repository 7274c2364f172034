#!/usr/bin/env python3
"""Every fault that the mocks can play, at each kind, under one resident instance: the outcome says what happened, no
status changes, the neighbour is unharmed; and when the fault is over, so is all that it left: the next checks are good,
and the process holds no more descriptors, connections and memory than before.

The instance is the same for all faults, so that what one of them leaves behind shows with the others."""

import os

import resident
from end_to_end import bug_url
from faults_test import BUGS, EXPECTED, KINDS

WATCHED = 5
# The faults that end a connection leave none; 2 MiB are what fragments between one round and the next.
MEMORY_SLACK = 2 * 1024 * 1024
# A tracker that knew all its bugs and now shows none of them is not believed.
LOSSES = {"403": {"shrunk"}, "404": {"shrunk"}}
CONFIG = """
[network]
idle_timeout = "4s"
total_timeout = "20s"
keep_alive = "1s"
most_body = 4194304
most_decoded = 8388608
[retry]
attempts = 1
[offline]
hosts = 1000
"""


def descriptors(process):
    """How many of each kind the process holds: sockets, files, and so on."""
    kinds = {}
    for fd in os.listdir(f"/proc/{process.pid}/fd"):
        try:
            target = os.readlink(f"/proc/{process.pid}/fd/{fd}")
        except FileNotFoundError:
            continue
        kind = target.split(":")[0] if not target.startswith("/") else target
        kinds[kind] = kinds.get(kind, 0) + 1
    return kinds


def resident_bytes(process):
    with open(f"/proc/{process.pid}/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class ServeFaults(resident.Case):
    def setUp(self):
        super().setUp()
        self.config.write_text(CONFIG)

    def check(self, expect):
        lines = self.lines("--config", self.config, "check", "--force", expect=expect)
        return {line["tracker"]: line for line in lines if "tracker" in line}

    def known(self):
        fields = ("status", "importance", "remote_status", "remote_importance", "title", "duplicate_of", "changed_at")
        return {key: {field: bug[field] for field in fields} for key, bug in self.bugs().items()}

    def test_every_fault(self):
        trackers = [f"{options},name={name},bugs={BUGS},drip=50,retry_after=1" for name, options in KINDS.items()]
        mock = self.mock(*trackers, "kind=trac,name=good,bugs=12", arguments=("--for", "3600"))
        for name, base in mock.urls.items():
            if mock.kinds[name] == "launchpad":
                self.register_launchpad(mock, name)
            self.add([bug_url(mock.kinds[name], base, i) for i in range(1, WATCHED + 1)])
        self.names = {tracker["url"].rstrip("/"): tracker["name"] for tracker in self.lines("tracker", "list")}
        process = self.serve()
        self.check(expect=0)
        before, log = self.known(), self.lines("changes")

        # Some faults need buffers that stay: memory is measured from when each has been played once.
        start = None
        for lap in range(2):
            for fault in EXPECTED:
                with self.subTest(fault=fault, lap=lap):
                    self.play(mock, fault, before, log)
                    self.assertIsNone(process.poll(), self.logged())
            # Connections that idle are closed after `keep_alive`.
            self.wait_for(lambda: all(t["open"] == 0 for t in self.traffic(mock)), "connections to be closed")
            now = descriptors(process), resident_bytes(process)
            if start is None:
                start = now
        self.assertEqual(now[0], start[0])
        self.assertLess(now[1], start[1] + MEMORY_SLACK)
        self.assertEqual(self.stop(process), 0)

    def traffic(self, mock):
        return [mock.ask("/requests", tracker=name) for name in mock.urls]

    def play(self, mock, fault, before, log):
        for name in KINDS:
            mock.post("/fault", tracker=name, fault=fault)
        try:
            lines = self.check(expect=0 if EXPECTED[fault] == {"rate_limited"} else 1)
        finally:
            for name in KINDS:
                mock.post("/fault", tracker=name, fault="none")
                self.run_program("tracker", "reset", self.names[mock.urls[name]])
        for name in KINDS:
            outcomes = lines[self.names[mock.urls[name]]]["outcomes"]
            self.assertEqual(sum(outcomes.values()), WATCHED, name)
            self.assertLessEqual(set(outcomes), EXPECTED[fault] | LOSSES.get(fault, set()), name)
        self.assert_good(lines[self.names[mock.urls["good"]]])
        self.assertEqual(self.known(), before, "a fault changed what was known")
        self.assertEqual(self.lines("changes"), log)

        # A host that said "too many" is left alone for a while, whatever is reset here.
        if EXPECTED[fault] == {"rate_limited"}:
            self.wait_for(lambda: all(line["asked"] for line in self.check(expect=0).values()), "leave to ask again")
        for line in self.check(expect=0).values():
            self.assert_good(line)
        self.assertEqual(self.lines("changes"), log)

    def assert_good(self, line):
        outcomes = line["outcomes"]
        self.assertEqual(sum(outcomes.values()), WATCHED, line)
        self.assertLessEqual(set(outcomes), {"seen", "unmodified"}, line)


if __name__ == "__main__":
    resident.main()
