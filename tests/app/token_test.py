#!/usr/bin/env python3
"""Tokens: shown once, stored as a hash, listed, revoked, and each of it in the log."""

import hashlib
import pwd
import os
import sqlite3

import end_to_end


class Token(end_to_end.Case):
    def test_a_token_is_made_listed_and_revoked(self):
        token = self.run_program("token", "add", "ci", "--right", "operate").stdout.strip()
        self.assertRegex(token, r"^cw_[A-Za-z0-9_-]{43}$")
        (other,) = self.lines("token", "add", "reader")
        self.assertEqual((other["name"], other["right"]), ("reader", "read"))
        self.assertNotEqual(other["token"], token)

        with sqlite3.connect(self.database) as database:
            dump = "\n".join(database.iterdump())
        self.assertNotIn(token, dump)
        self.assertIn(hashlib.sha256(token.encode()).hexdigest(), dump)

        listed = {line["name"]: line for line in self.lines("token", "list")}
        self.assertEqual({name: line["right"] for name, line in listed.items()}, {"ci": "operate", "reader": "read"})
        self.assertEqual({line["revoked_at"] for line in listed.values()}, {None})
        self.assertIn("operate", self.run_program("token", "list").stdout)

        self.run_program("token", "revoke", "ci")
        self.assertTrue({line["name"]: line for line in self.lines("token", "list")}["ci"]["revoked_at"])
        self.assertIn("token list", self.run_program("token", "revoke", "ci", expect=2).stderr)
        self.run_program("token", "add", "ci", expect=2)  # a name in the log means one token for ever

        acts = [(line["field"], line["new"], line["url"], line["tracker"]) for line in self.lines("changes")]
        self.assertEqual(acts, [
            ("token", "ci may operate", None, None), ("token", "reader may read", None, None),
            ("token", "ci revoked", None, None)])
        me = f"local user {pwd.getpwuid(os.geteuid()).pw_name}"
        self.assertEqual({line["actor"] for line in self.lines("changes")}, {me})

    def test_what_is_wrong_is_refused_and_leaves_no_trace(self):
        for name in ("", "two words", "x" * 65, "line\nend", "ä"):
            self.assertIn("a token's name", self.run_program("token", "add", name, expect=2).stderr)
        self.run_program("token", "add", "ci", "--right", "all", expect=2)
        self.run_program("token", "revoke", "nobody", expect=3)
        self.run_program("token", "list", expect=3)
        self.assertFalse(self.database.exists())


if __name__ == "__main__":
    end_to_end.main()
