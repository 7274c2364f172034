#!/usr/bin/env python3
"""Changes and checks as files that `fedora-messaging publish` takes: whole lines, each at least once, whatever is killed."""

import json
import pathlib
import random
import re
import time
import uuid

import jsonschema

import resident
from end_to_end import bug_url
from fedora import HEADERS, SCHEMAS

# What the program that takes them holds each line against.
LINE = {
    "type": "object",
    "properties": {
        "topic": {"type": "string"},
        "headers": HEADERS,
        "id": {"type": "string"},
        "body": {"type": "object"},
        "queue": {"type": ["string", "null"]},
        "priority": {"type": ["integer", "null"]},
    },
    "required": ["topic", "headers", "id", "body", "queue", "priority"],
    "additionalProperties": False,
}
BUGS = 1_500  # each with two changes at first sight
KILLS = 6
SETTINGS = """
[[messages_file]]
name = "fedora"
folder = "{folder}"
size = 65536
age = "2s"
prefix = "org.fedoraproject.test"
checks = true
from = "beginning"
rate = 0
"""


class MessagesFile(resident.Case):
    def setUp(self):
        super().setUp()
        self.spool = self.folder / "spool"
        self.config.write_text(resident.PATIENT + resident.RESTLESS + SETTINGS.format(folder=self.spool))

    def files(self):
        """What was handed over, in order."""
        number = lambda path: int(re.fullmatch(r"fedora\.(\d+)\.jsonl", path.name)[1])
        return sorted(self.spool.glob("fedora.*.jsonl"), key=number)

    def messages(self):
        out = []
        for file in self.files():
            text = file.read_text()
            self.assertTrue(text.endswith("\n"), file)
            out += [json.loads(line) for line in text.splitlines()]
        return out

    def test_every_change_and_check_is_in_the_files(self):
        mock = self.mock(f"kind=bugzilla,name=b,bugs={BUGS},seed=1,latency=20", arguments=("--for", "3600"))
        self.add([bug_url("bugzilla", mock.urls["b"], i) for i in range(1, BUGS + 1)], "--label", "curl")
        chance = random.Random(4711)
        for _ in range(KILLS):
            process = self.serve()
            time.sleep(chance.uniform(0.1, 1.0))
            process.kill()
            process.wait()
        process = self.serve()
        self.wait_for(lambda: self.checked() == BUGS, "all bugs")
        changes = {change["id"]: change for change in self.lines("changes")}
        self.assertGreaterEqual(len(changes), 2 * BUGS)
        told = lambda: {m["body"].get("change_id") for m in self.messages()}
        self.wait_for(lambda: told() >= set(changes), "every change")
        self.wait_for(lambda: any(m["body"].get("duplicate") for m in self.messages()), "a check like the one before")
        self.assertEqual(self.stop(process), 0)

        ids, last_of_bug = {}, {}
        for m in self.messages():
            jsonschema.validate(m, LINE)
            schema = m["headers"]["fedora_messaging_schema"]
            jsonschema.validate(m["body"], SCHEMAS[schema])
            self.assertEqual(set(m["body"]), set(SCHEMAS[schema]["properties"]))
            self.assertEqual(m["topic"], "org.fedoraproject.test." + schema)
            self.assertEqual(uuid.UUID(m["id"]).version, 4)
            self.assertIs(m["headers"]["fedora_messaging_rpm_curl"], True)
            self.assertRegex(m["headers"]["sent-at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$")
            number = m["body"].get("change_id") or m["body"]["check_id"]
            what = (schema, number)
            if what in ids:
                self.assertEqual(ids[what], m["id"])
                continue
            ids[what] = m["id"]
            bug = (schema, m["body"]["remote_id"])
            self.assertGreater(number, last_of_bug.get(bug, 0), "out of order")
            last_of_bug[bug] = number
        self.assertEqual(len(set(ids.values())), len(ids))
        for number, change in changes.items():
            self.assertIn(("checkwatches.change.v1", number), ids)

    def test_a_file_is_handed_over_after_its_time_and_never_again(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=1,seed=1")
        self.add([bug_url("bugzilla", mock.urls["b"], 1)])
        process = self.serve()
        first = self.wait_for(self.files, "a file")[0]
        self.assertEqual(first.stat().st_mode & 0o777, 0o640)
        self.stop(process)
        first.unlink()  # it was published
        self.serve()
        mock.post("/step", tracker="b", count=1)
        self.assertNotEqual(self.wait_for(self.files, "another file")[0].name, first.name)

    def test_a_folder_that_cannot_be_used_is_told_and_waited_out(self):
        self.spool.write_text("a file is in its place")
        mock = self.mock("kind=bugzilla,name=b,bugs=1,seed=1")
        self.add([bug_url("bugzilla", mock.urls["b"], 1)])
        self.serve()
        self.wait_for(lambda: "a sink fails" in self.logged() and str(self.spool) in self.logged(), "the trouble")
        self.spool.unlink()
        self.wait_for(lambda: self.messages(), "what waited")


if __name__ == "__main__":
    resident.main()
