#!/usr/bin/env python3
"""The database is looked after by command, alone and beside whoever writes it: what is damaged is found, a backup is whole,
and compacting loses nothing."""

import os
import sqlite3
import subprocess

import end_to_end
import resident
from end_to_end import bug_url

BUGS = 300


class Database(resident.Case):
    def setUp(self):
        super().setUp()
        self.farm = self.mock(f"kind=trac,name=t,bugs={BUGS}")
        self.add([bug_url("trac", self.farm.urls["t"], i) for i in range(1, BUGS + 1)])

    def known(self, database=None):
        if database is not None:
            self.database = database
        return self.lines("show"), self.lines("changes"), self.lines("tracker", "list")

    def test_a_sound_database_is_found_sound(self):
        self.run_program("check", expect=1)
        self.assertEqual(self.lines("db", "check")[0]["problems"], [])
        self.assertIn("sound", self.run_program("db", "check").stdout)

    def test_damage_is_found_and_named(self):
        self.run_program("check", expect=1)
        self.run_program("db", "compact")
        with open(self.database, "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            for at in range(8 * 4096, size, 5 * 4096):
                file.seek(at)
                file.write(b"\xa5" * 64)
        found = self.lines("db", "check", expect=1)[0]["problems"]
        self.assertTrue(found)
        self.assertTrue(self.run_program("db", "check", expect=1).stdout.strip())

    def test_a_backup_shows_the_same(self):
        self.run_program("check", expect=1)
        before = self.known()
        copy = self.folder / "copy.db"
        self.run_program("db", "backup", copy)
        self.assertEqual(self.known(copy), before)
        self.assertEqual(self.lines("db", "check")[0]["problems"], [])

    def test_a_backup_overwrites_nothing_but_an_older_copy(self):
        copy = self.folder / "copy.db"
        copy.write_text("precious")
        self.assertIn("copy.db", self.run_program("db", "backup", copy, expect=3).stderr)
        self.assertEqual(copy.read_text(), "precious")
        self.run_program("db", "backup", self.folder / "nowhere" / "copy.db", expect=3)
        self.run_program("db", "backup", self.database, expect=3)
        self.assertEqual(len(self.lines("show")), BUGS)
        copy.unlink()
        for _ in range(2):
            self.run_program("db", "backup", copy)
        self.database = copy
        self.run_program("db", "check")

    def test_compacting_loses_nothing(self):
        self.run_program("check", expect=1)
        before = self.known()
        said = self.lines("db", "compact")[0]
        self.assertLessEqual(said["bytes_after"], said["bytes_before"])
        self.assertEqual(self.known(), before)

    def test_without_a_database_nothing_is_made(self):
        self.database = self.folder / "none" / "x.db"
        for arguments in (("check",), ("backup", self.folder / "copy.db"), ("compact",)):
            self.assertIn("there is no database", self.run_program("db", *arguments, expect=3).stderr)
        self.assertFalse(self.database.parent.exists())
        self.assertFalse((self.folder / "copy.db").exists())

    def look_after(self, round_number):
        self.assertEqual(self.lines("db", "check")[0]["problems"], [])
        copy = self.folder / f"copy-{round_number}.db"
        self.run_program("db", "backup", copy)
        self.run_program("db", "compact")
        with sqlite3.connect(copy) as opened:
            self.assertEqual(opened.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            last, count = opened.execute("SELECT coalesce(max(id), 0), count(*) FROM changes").fetchone()
        self.assertEqual(last, count, "a backup has a gap in the log of changes")

    def test_all_of_it_beside_passes(self):
        with subprocess.Popen(
            ["sh", "-c", 'for i in 1 2 3 4 5 6; do "$@"; done', "sh", *self.command("check", "--force", "--json")],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=self.environment,
        ) as passes:
            rounds = 0
            while passes.poll() is None or rounds == 0:
                self.look_after(rounds)
                rounds += 1
            complaints = passes.stderr.read()
        self.assertNotIn("database", complaints)
        log = self.lines("changes")
        self.assertEqual([change["id"] for change in log], list(range(1, len(log) + 1)))

    def test_all_of_it_beside_the_resident_instance(self):
        service = self.serve()
        rounds = 0
        while rounds < 2 or self.checked() < BUGS:
            self.assertLess(rounds, 1000, self.logged())
            self.assertIsNone(service.poll(), self.logged())
            self.look_after(rounds)
            rounds += 1
        self.assertEqual(self.stop(service), 0, self.logged())
        self.assertEqual(self.lines("db", "check")[0]["problems"], [])


if __name__ == "__main__":
    end_to_end.main()
