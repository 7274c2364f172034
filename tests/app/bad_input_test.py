#!/usr/bin/env python3
"""Bad input: a clear message, the right exit code, nothing changed."""

import os
import pathlib
import sqlite3
import unittest

import end_to_end

URL = "http://127.0.0.1:9/show_bug.cgi?id=1"


class BadInput(end_to_end.Case):
    def refused(self, *arguments, code, says, stdin=None):
        """The command fails as expected and says all of these things in one line; no trace of it is left."""
        before = self.snapshot()
        done = self.run_program(*arguments, expect=code, stdin=stdin)
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, done.stderr)
        self.assertTrue(done.stderr.startswith("checkwatches: "), done.stderr)
        self.assertNotIn("terminate", done.stderr)
        self.assertEqual(self.snapshot(), before)
        return done.stderr

    def snapshot(self):
        return {
            str(path): path.read_bytes() if path.is_file() else None
            for path in sorted(self.folder.rglob("*"))
            if not path.name.endswith(("-wal", "-shm", ".lock"))
        }

    def test_unknown_words(self):
        self.refused("chekc", code=2, says='there is no command "chekc"')
        self.refused("check", "--frobnicate", code=2, says="--frobnicate")
        self.refused("show", "--outcome", "sene", code=2, says="is no outcome")
        self.refused(code=2, says="")

    def test_no_database(self):
        for command in (["show"], ["changes"], ["check"], ["tracker", "list"]):
            self.refused(*command, code=3, says=["there is no", str(self.database)])

    def test_a_folder_in_the_place_of_the_database(self):
        self.database.mkdir(parents=True)
        self.refused("show", code=3, says=[str(self.database), "folder"])
        self.refused("add", "--no-probe", URL, code=3, says=[str(self.database), "folder"])

    def test_a_file_that_is_no_database(self):
        self.database.parent.mkdir(parents=True)
        self.database.write_text("This is a shopping list, not a database: milk, eggs, bread. " * 50)
        self.refused("show", code=3, says=str(self.database))
        self.refused("add", "--no-probe", URL, code=3, says=str(self.database))

    def test_another_programs_database(self):
        self.database.parent.mkdir(parents=True)
        with sqlite3.connect(self.database) as other:
            other.execute("CREATE TABLE recipes(name TEXT)")
        other.close()
        self.refused("add", "--no-probe", URL, code=3, says=str(self.database))

    def test_a_newer_database(self):
        self.run_program("add", "--no-probe", URL)
        with sqlite3.connect(self.database) as newer:
            newer.execute("PRAGMA user_version = 999")
        newer.close()
        self.refused("show", code=3, says=["999", "newer"])
        self.refused("add", "--no-probe", URL, code=3, says=["999", "newer"])

    def test_a_place_where_nothing_can_be_written(self):
        file = self.folder / "file"
        file.write_text("in the way")
        self.database = file / "watch.db"
        self.refused("add", "--no-probe", URL, code=3, says=str(self.database))
        self.database = pathlib.Path("/proc/checkwatches/watch.db")  # a file system on which nobody can make files
        self.refused("add", "--no-probe", URL, code=3, says=str(self.database))

    @unittest.skipUnless(os.geteuid() != 0, "permission bits do not hold for root")
    def test_a_read_only_database(self):
        self.run_program("add", "--no-probe", URL)
        self.database.chmod(0o400)
        self.database.parent.chmod(0o500)
        self.addCleanup(self.database.parent.chmod, 0o700)
        self.refused("add", "--no-probe", URL, code=3, says=str(self.database))

    def test_configuration(self):
        config = self.folder / "c.toml"
        config.write_text('[network]\nconnections = "many"\n')
        self.refused("--config", config, "show", code=2, says=f'{config}:2:15: "connections" must be a whole number')
        config.write_text("[network\n")
        self.refused("--config", config, "show", code=2, says=f"{config}:1:")
        self.refused("--config", self.folder / "none.toml", "show", code=2, says="none.toml: the file cannot be read")

    def test_urls(self):
        for url, says in {
            "frob": '"frob" is not a URL',
            "ftp://bugs.example.org/1": "is not an http or https URL",
            "https://user:hunter2@bugs.example.org/show_bug.cgi?id=1": "credentials file",
            "https://bugs.example.org/": "has the shape of no known tracker's bug",
            "https://bugs.example.org/" + "x" * 9000: "is longer than",
        }.items():
            said = self.refused("add", url, code=2, says=says)
            self.assertNotIn("hunter2", said)

    def test_an_empty_list(self):
        self.refused("add", "-", code=2, says="standard input names no bug", stdin="# nothing yet\n\n")

    def test_a_kind_that_is_none(self):
        self.refused("add", "--kind", "bugzila", URL, code=2, says='there is no tracker kind "bugzila"; known are')

    def test_an_address_where_nobody_answers(self):
        done = self.run_program("add", URL, expect=2)
        self.assertIn("it could not be told what tracker this is", done.stderr)
        self.assertIn("bugzilla: connect_failed", done.stderr)
        self.assertFalse(self.bugs())
        self.assertFalse(self.lines("tracker", "list"))

    def test_an_address_of_another_kind(self):
        mock = self.mock("kind=trac,name=t,bugs=5")
        done = self.run_program("add", mock.urls["t"] + "/show_bug.cgi?id=1", expect=2)
        self.assertIn("bugzilla: ", done.stderr)
        self.assertFalse(self.lines("tracker", "list"))

    def test_good_urls_beside_a_bad_one_are_added(self):
        done = self.add([URL, "frob", "http://127.0.0.1:9/show_bug.cgi?id=2"], "--no-probe", expect=1)
        self.assertIn('"frob" is not a URL', done.stderr)
        self.assertEqual({bug["remote_id"] for bug in self.bugs().values()}, {"1", "2"})

    def test_things_that_are_not_watched(self):
        self.run_program("add", "--no-probe", URL)
        self.refused("show", URL.replace("id=1", "id=2"), code=2, says="is not watched; `checkwatches add")
        self.refused("check", "--tracker", "nobody", code=2, says='there is no tracker "nobody"')
        self.refused("show", "--tracker", "nobody", code=2, says='there is no tracker "nobody"')


if __name__ == "__main__":
    end_to_end.main()
