#!/usr/bin/env python3
"""A Debbugs whose spool lies on the local disk: its files are read as those of a mirror are, and nobody is asked."""

import end_to_end

BASE = "https://bugs.debian.org"
SUMMARY = "Format-Version: 3\nSubject: plums are sour\nSeverity: {}\n{}"


class Spool(end_to_end.Case):
    def setUp(self):
        super().setUp()
        self.spool = self.folder / "bugs" / "spool"
        self.write(1042, SUMMARY.format("minor", ""))
        self.write(7, SUMMARY.format("grave", "Done: Jo <jo@example.org>\n"), "archive")

    def write(self, bug, text, folder="db-h"):
        file = self.spool / folder / f"{bug % 100:02}" / f"{bug}.summary"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def register(self, api, *arguments, expect=0):
        return self.run_program(
            "tracker", "add", "--kind", "debbugs", "--url", BASE, "--api", api, "--name", "debian", *arguments,
            expect=expect)

    def shown(self):
        return {bug["remote_id"]: bug for bug in self.lines("show")}

    def test_its_bugs_are_read_from_files(self):
        self.register(f"file://{self.spool}")
        self.add([f"{BASE}/{bug}" for bug in (1042, 7, 9)])
        tracker = self.lines("tracker", "show", "debian")[0]
        self.assertEqual((tracker["api"], tracker["state"]), (f"file://{self.spool}", "ok"))
        self.assertIn(f"file://{self.spool}", self.run_program("tracker", "show", "debian").stdout)

        self.run_program("check", expect=1)
        found = self.shown()
        self.assertEqual({bug: row["outcome"] for bug, row in found.items()},
                         {"1042": "seen", "7": "seen", "9": "not_found"})
        self.assertEqual(found["1042"]["title"], "plums are sour")
        self.assertEqual(found["1042"]["importance"], "Low")
        self.assertTrue(found["1042"]["url"].startswith(BASE))
        self.assertEqual(found["7"]["status"], "Fix Released")
        self.assertIn("debian", self.run_program("status", expect=2).stdout)  # no instance is resident

        # What did not change is not read again; what did, is.
        self.write(1042, SUMMARY.format("serious", ""))
        self.run_program("check", "--force", expect=1)
        found = self.shown()
        self.assertEqual((found["1042"]["outcome"], found["7"]["outcome"]), ("seen", "unmodified"))
        self.assertEqual(found["1042"]["remote_importance"], "serious")

        # A disk that is not mounted changes no status.
        self.spool.rename(self.folder / "elsewhere")
        self.run_program("check", "--force", expect=1)
        gone = self.shown()
        self.assertEqual({gone[bug]["outcome"] for bug in ("1042", "7")}, {"maintenance"})
        self.assertEqual(gone["7"]["status"], "Fix Released")
        self.assertIn(str(self.spool), gone["7"]["error"])
        (self.folder / "elsewhere").rename(self.spool)
        self.run_program("tracker", "probe", "debian")
        self.run_program("tracker", "reset", "debian")
        self.run_program("check", "--force", expect=1)
        self.assertIn(self.shown()["7"]["outcome"], ("seen", "unmodified"))

    def test_what_is_no_address_of_a_folder_is_refused(self):
        for api, why in (
            ("file:spool", "relative path"),
            ("file://host/srv/spool", "has a host"),
            ("file:///srv/../spool", ".. in its path"),
            (str(self.spool), "is not a URL"),
        ):
            with self.subTest(api):
                self.assertIn(why, self.register(api, expect=2).stderr)
        missing = self.register(f"file://{self.folder}/nowhere", expect=1).stderr
        self.assertIn(f"the folder {self.folder}/nowhere cannot be read", missing)
        self.assertIn("db-h", self.register(f"file://{self.folder}", expect=1).stderr)
        self.run_program(
            "tracker", "add", "--kind", "debbugs", "--url", f"file://{self.spool}", "--name", "x", expect=2)
        self.assertFalse(self.database.exists(), "nothing was registered")


if __name__ == "__main__":
    end_to_end.main()
