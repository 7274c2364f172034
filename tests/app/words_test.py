#!/usr/bin/env python3
"""Words that nobody knows: they change nothing, wait in a visible queue, and mean what the configuration says as soon as it
says so."""

import end_to_end
from end_to_end import bug_url

MAPPING = """[map."{tracker}".status]
"FROBNICATED" = "{status}"
[map."{tracker}".importance]
"normal" = "High"
"""


class Words(end_to_end.Case):
    def setUp(self):
        super().setUp()
        self.mocks = self.mock("kind=bugzilla,name=b,bugs=10")
        self.add([bug_url("bugzilla", self.mocks.urls["b"], i) for i in (1, 2)])
        (self.tracker,) = (line["name"] for line in self.lines("tracker", "list"))
        self.mocks.post("/change", tracker="b", id=1, status="CONFIRMED", resolution="", severity="normal", priority="P7")
        self.run_program("check")
        self.config = self.folder / "c.toml"

    def bug(self):
        return self.bugs()[(self.tracker, "1")]

    def test_an_unknown_word_waits_in_the_queue(self):
        before = self.bug()["status"]
        self.mocks.post("/change", tracker="b", id=1, status="FROBNICATED")
        for _ in range(2):
            self.run_program("check", "--force")
        self.assertEqual(self.bug()["status"], before)
        self.assertEqual(self.bug()["remote_status"], "FROBNICATED")
        queue = {(line["field"], line["word"]): line for line in self.lines("queue")}
        entry = queue[("status", "FROBNICATED")]
        self.assertEqual((entry["tracker"], entry["times"], entry["bugs"]), (self.tracker, 2, 1))
        self.assertEqual(entry["setting"], f'map."{self.tracker}".status."FROBNICATED" = ""')
        self.assertIn("FROBNICATED", self.run_program("queue", "--tracker", self.tracker).stdout)
        self.run_program("queue", "--tracker", "nobody", expect=2)

        # The line that it gives, with a meaning, settles it.
        self.config.write_text(entry["setting"].replace('""', '"Triaged"') + "\n")
        self.run_program("--config", self.config, "check", "--force")
        self.assertEqual(self.bug()["status"], "Triaged")
        self.assertEqual(self.lines("--config", self.config, "queue"), [])

    def test_what_a_mapping_would_do_is_shown_and_then_done(self):
        self.mocks.post("/change", tracker="b", id=1, status="FROBNICATED")
        self.run_program("check", "--force")
        self.config.write_text(MAPPING.format(tracker=self.tracker, status="Won't Fix"))
        config = ("--config", self.config)
        last = self.lines("changes")[-1]["id"]

        words = ("--status", "FROBNICATED", "--severity", "normal")
        self.assertEqual(self.lines(*config, "map", "test", self.tracker, *words),
                         [{"status": "Won't Fix", "importance": "High", "unmapped": []}])
        (plain,) = self.lines("map", "test", self.tracker, *words)
        self.assertEqual(plain["status"], None)
        self.assertEqual(plain["unmapped"], [{"field": "status", "word": "FROBNICATED"}])

        replayed = {line["field"]: line for line in self.lines(*config, "map", "replay") if line["url"].endswith("id=1")}
        self.assertEqual((replayed["status"]["words"], replayed["status"]["new"]), ("FROBNICATED", "Won't Fix"))
        self.assertEqual(replayed["importance"]["new"], "High")
        self.assertEqual(self.lines("changes", "--after", last), [], "showing it changed something")
        self.assertNotIn("FROBNICATED", self.run_program("map", "replay").stdout)

        self.run_program(*config, "check", "--force")
        made = {line["field"]: line for line in self.lines("changes", "--after", last) if line["url"].endswith("id=1")}
        self.assertEqual((made["status"]["new"], made["status"]["reason"]), ("Won't Fix", "mapping"))
        self.assertEqual((made["importance"]["new"], made["importance"]["reason"]), ("High", "mapping"))
        self.assertEqual(self.lines(*config, "map", "replay"), [])
        last = self.lines("changes")[-1]["id"]
        self.run_program(*config, "check", "--force")
        self.assertEqual(self.lines("changes", "--after", last), [], "each is made once")

        self.mocks.post("/change", tracker="b", id=1, status="CONFIRMED")
        self.run_program(*config, "check", "--force")
        self.assertNotIn("reason", self.lines("changes", "--after", last)[0])

    def test_a_meaning_that_there_is_not_is_refused(self):
        self.config.write_text(MAPPING.format(tracker=self.tracker, status="Fixd"))
        done = self.run_program("--config", self.config, "check", expect=2)
        self.assertIn(f'{self.config}:2:', done.stderr)
        self.assertIn('"Fix Released"', done.stderr)


if __name__ == "__main__":
    end_to_end.main()
