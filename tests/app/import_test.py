#!/usr/bin/env python3
"""The lists of other programs: taken over entry by entry, and nothing of them lost silently."""

import socket
import sqlite3

import end_to_end


class Import(end_to_end.Case):
    def write(self, name, text):
        file = self.folder / name
        file.write_text(text)
        return file

    def imported(self, *arguments, expect=0):
        """The entries by what names them there, and the counts of each state that is not 0."""
        *entries, last = self.lines("import", *arguments, expect=expect)
        counts = {state: number for state, number in last["import"].items() if number}
        self.assertEqual(sum(counts.values()), len(entries))
        return entries, counts

    def closed_port(self):
        """An address where nothing listens, for as long as the test lasts."""
        taken = socket.socket()
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"

    def watches(self):
        """What is watched: remote id, label, source, owner, relation, note."""
        with sqlite3.connect(self.database) as database:
            return set(database.execute(
                "SELECT remote_id, label, source, owner, relation, note FROM watches JOIN bugs ON bugs.id = bug_id"))


class Csv(Import):
    def test_every_row_ends_as_something(self):
        mock = self.mock("kind=bugzilla,name=moz,bugs=20")
        base = mock.urls["moz"]
        down = self.closed_port()
        table = self.write("list.csv", "\r\n".join([
            "label,URL,Owner,relation,note,colour",
            f'nano,{base}/show_bug.cgi?id=3,anna,related,"a ""note"", with a comma",red',
            f",{base}/show_bug.cgi?id=4,,,,",
            f"nano,{base}/show_bug.cgi?id=3,,,,",
            f"vim,{down}/show_bug.cgi?id=7,,,,",
            "vim,https://example.org/,,,,",
            f"vim,{base}/show_bug.cgi?id=5,,cousin,,",
            "vim,,,,,",
            f"vim,{base}/show_bug.cgi?id=6,,,,,,too,many",
        ]) + "\r\n")
        planned, counts = self.imported("csv", table, "--label", "misc", "--dry-run", expect=1)
        self.assertEqual(counts, {"planned": 4, "bad": 4, "left_out": 1})
        self.assertFalse(self.database.exists())

        entries, counts = self.imported("csv", table, "--label", "misc", "--owner", "team", expect=1)
        self.assertEqual(counts, {"added": 2, "there": 1, "waiting": 1, "bad": 4, "left_out": 1})
        places = {(entry["line"], entry["column"]): entry for entry in entries}
        self.assertIn("cousin", places[(7, len(f"vim,{base}/show_bug.cgi?id=5,,") + 1)]["reason"])
        self.assertIn("colour", places[(1, None)]["name"])
        self.assertEqual(places[(5, 1)]["state"], "waiting")
        self.assertEqual(self.watches(), {
            ("3", "nano", "import:csv", "anna", "related", 'a "note", with a comma'),
            ("4", "misc", "import:csv", "team", "same", "")})

        entries, counts = self.imported("csv", table, "--label", "misc", expect=1)
        self.assertEqual(counts, {"there": 3, "waiting": 1, "bad": 4, "left_out": 1})
        said = self.run_program("import", "csv", table, expect=1)
        self.assertIn(f"{table}:6:1: https://example.org/ has the shape", said.stderr)
        self.assertEqual(said.stdout.splitlines()[-1], "1 added, 2 there already, 1 waiting, 4 bad, 1 left out")

        by_name = self.write("ids.csv", "tracker,bug\nMOZ,8\nmoz,#9\nmoz,alias\n".replace("MOZ", "nobody"))
        name = self.lines("tracker", "list")[0]["name"]
        by_name.write_text(by_name.read_text().replace("moz", name))
        _, counts = self.imported("csv", by_name, expect=1)
        self.assertEqual(counts, {"added": 2, "bad": 1})

    def test_a_file_that_is_no_list_is_refused_as_a_whole(self):
        for text, complaint in [
                ("", "header"), ("a,b\n1,2\n", '"url"'), ("url,url\n", "twice"),
                ('url\n"https://bugs.example.org/show_bug.cgi?id=1\n', "line 2, column 1")]:
            table = self.write("bad.csv", text)
            said = self.run_program("import", "csv", table, expect=2)
            self.assertIn(complaint, said.stderr)
        self.assertIn("cannot be read", self.run_program("import", "csv", self.folder / "none.csv", expect=2).stderr)
        self.assertIn("64 MiB", self.run_program("import", "csv", "/dev/zero", expect=2).stderr)
        self.assertFalse(self.database.exists())


if __name__ == "__main__":
    end_to_end.main()
