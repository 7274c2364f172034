#!/usr/bin/env python3
"""The chain of hashes shows whatever was done to the log."""

import collections
import hashlib
import shutil
import sqlite3

import following


class Chain(following.Case):
    def command(self, *arguments):
        command = super().command(*arguments)
        if self.other:
            command[command.index(str(self.database))] = str(self.other)
        return command

    other = None  # the database that commands are run on in place of ours

    def verify(self, database, expect=0):
        self.other = database
        done = self.lines("changes", "--verify", expect=expect)
        self.other = None
        self.assertEqual(len(done), 1)
        return done[0]

    def test_the_chain_shows_what_was_done_to_the_log(self):
        for _ in range(2):
            self.change_some()
        good = self.verify(self.database)
        log = self.whole_log()
        self.assertEqual((good["sound"], good["entries"], good["last"], good["head"]), (True, len(log), len(log), log[-1]["hash"]))
        self.assertIn("none missing", self.run_program("changes", "--verify").stdout)
        self.run_program("changes", "--verify", "--follow", expect=2)
        self.run_program("changes", "--verify", "--after", "3", expect=2)
        copy = self.folder / "copy.db"
        self.run_program("db", "backup", copy)
        self.assertEqual(self.verify(copy)["heads"], good["heads"], "two copies of one log are alike")

        bugs = collections.defaultdict(list)
        for c in log:
            if c["remote_id"]:
                bugs[c["url"]].append(c["id"])
        first, second, *_ = next(ids for ids in bugs.values() if len(ids) >= 3)
        head = len(log)
        act = next(c["id"] for c in log if "actor" in c)
        columns = "at, tracker_id, bug_id, field, before, after, remote_before, remote_after, reason, actor, previous"
        swap = f"""CREATE TABLE two AS SELECT * FROM changes WHERE id IN ({first}, {second});
            DELETE FROM changes WHERE id IN ({first}, {second});
            INSERT INTO changes (id, {columns}) SELECT iif(id = {first}, {second}, {first}), {columns} FROM two; DROP TABLE two"""
        shift = f"""UPDATE changes SET id = -(id + 1) WHERE id > {first}; UPDATE changes SET id = -id WHERE id < 0;
            INSERT INTO changes (id, {columns}) SELECT {first} + 1, {columns} FROM changes WHERE id = {first}"""
        hidden = "DELETE FROM change_hashes; "  # by one who knows of these, too
        for what, sql, at in (
                ("rewritten", f"UPDATE changes SET after = 'Invalid' WHERE id = {first}", first),
                ("another time", f"UPDATE changes SET at = at - 1 WHERE id = {first}", first),
                ("the last one rewritten", f"UPDATE changes SET reason = 'x' WHERE id = {head}", head),
                ("an act rewritten", f"UPDATE changes SET actor = 'x' WHERE id = {act}", act),
                ("removed", f"DELETE FROM changes WHERE id = {first}", first),
                ("the last removed", f"DELETE FROM changes WHERE id = {head}", head),
                ("the first removed", "DELETE FROM changes WHERE id = 1", 1),
                ("inserted", shift, first + 1),
                ("put at the end", f"INSERT INTO changes ({columns}) SELECT {columns} FROM changes WHERE id = {first}", head + 1),
                ("swapped", swap, first),
                ("unchained", f"UPDATE changes SET previous = NULL WHERE id = {second}", second)):
            with self.subTest(what=what):
                broken = self.folder / "broken.db"
                shutil.copy(copy, broken)
                with sqlite3.connect(broken) as database:
                    database.executescript(
                        "DROP TRIGGER changes_are_not_rewritten; DROP TRIGGER changes_are_not_removed;" + sql)
                found = self.verify(broken, expect=1)
                self.assertEqual((found["sound"], found["broken_at"]), (False, at), found)
                self.assertTrue(found["broken"])
                self.other = broken
                said = self.run_program("changes", "--verify", expect=1).stdout
                self.assertIn(f"the log is broken at change {at}\n", said)
                self.assertTrue(self.lines("db", "check", expect=1)[0]["problems"])
                self.other = None
        # Who knows how the hashes are made rewrites them along, but not in the entries behind: there it shows.
        broken = self.folder / "broken.db"
        shutil.copy(copy, broken)
        with sqlite3.connect(broken) as database:
            key = lambda *row: int(self.hash_of(row)[:15], 16)
            database.create_function("key_of", 12, key)
            database.executescript("DROP TRIGGER changes_are_not_rewritten")
            database.execute(f"UPDATE changes SET after = 'Invalid' WHERE id = {first}")
            database.executescript(f"{hidden} INSERT INTO change_hashes SELECT id >> 12, key_of(id, {columns}), id FROM changes")
        found = self.verify(broken, expect=1)
        self.assertEqual((found["broken_at"], len(found["broken"])), (second, 1), found)
        # And who rewrites all of it has other heads.
        head_copy = self.folder / "head.db"
        shutil.copy(copy, head_copy)
        with sqlite3.connect(head_copy) as database:
            database.create_function("key_of", 12, key)
            database.executescript("DROP TRIGGER changes_are_not_rewritten")
            database.execute(f"UPDATE changes SET reason = 'x' WHERE id = {head}")
            database.executescript(f"{hidden} INSERT INTO change_hashes SELECT id >> 12, key_of(id, {columns}), id FROM changes")
        self.assertNotEqual(self.verify(head_copy)["heads"], good["heads"])

    def hash_of(self, row):
        """The hash of an entry as the documentation has it."""
        text = ""
        for value in row:
            part = None if value is None else str(value).encode()
            text += "-" if part is None else f"{len(part)}:{part.decode()}"
        return hashlib.sha256(text.encode()).hexdigest()[:40]


if __name__ == "__main__":
    following.main()
