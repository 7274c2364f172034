#!/usr/bin/env python3
"""Credentials: sent in the one way that the tracker takes, proved and not assumed, told to nobody else."""

import os

import end_to_end
from end_to_end import bug_url

USER, PASSWORD = "watcher@example.org", "open sesame & more"
KEY = "Mq7Jx2Rt9WbVn4KsLp6Yd3HgFc8ZaE5uTiOoXr1B"


class Credentials(end_to_end.Case):
    def configure(self, origin, value, user=""):
        secret = self.folder / "secret"
        secret.write_text(value + "\n")
        secret.chmod(0o600)
        config = self.folder / "c.toml"
        config.write_text(f'[[credential]]\norigin = "{origin}"\nuser = "{user}"\nfile = "{secret}"\n')
        return config

    def private_bug(self, tracker, value, user="", expect=0):
        mock = self.mock(tracker)
        base = mock.urls["t"]
        url = bug_url(mock.kinds["t"], base, 13)
        config = self.configure(base, value, user)
        added = self.run_program("--config", config, "add", url, expect=expect)
        self.assertNotIn(value, added.stdout + added.stderr)
        if expect:
            return added
        checked = self.run_program("--config", config, "--verbose", "check")
        self.assertNotIn(value, checked.stdout + checked.stderr)
        bug = self.bugs(url)[(self.lines("tracker", "list")[0]["name"], "13")]
        self.assertEqual(bug["outcome"], "seen")
        for path in self.database.parent.iterdir():
            self.assertNotIn(value.encode(), path.read_bytes())
        return self.lines("tracker", "list")[0]["identity"]

    def test_bugzilla_takes_a_key_in_four_ways(self):
        for options in ("key=query", "key=query,flavour=4.4.12", "flavour=bmo,key=header", "flavour=rhbz,key=bearer"):
            with self.subTest(options=options):
                self.setUp()
                flavour, _, rest = options.partition(",")
                ordered = options if flavour.startswith("flavour") else ",".join(filter(None, (rest, flavour)))
                user = USER if "4.4" in options else ""
                value = PASSWORD if "4.4" in options else KEY
                self.assertIsNotNone(self.private_bug(f"kind=bugzilla,name=t,bugs=20,{ordered}", value, user))

    def test_a_wrong_key_is_no_login(self):
        for options in ("flavour=5.2", "flavour=bmo", "flavour=rhbz"):
            with self.subTest(options=options):
                self.setUp()
                refused = self.private_bug(f"kind=bugzilla,name=t,bugs=20,{options}", "x" * 40, expect=2)
                self.assertIn("auth_failed", refused.stderr)

    def test_trac_logs_in_below_login(self):
        self.assertIsNotNone(self.private_bug("kind=trac,name=t,bugs=20", PASSWORD, USER))

    def test_a_wrong_password_is_no_login(self):
        refused = self.private_bug("kind=trac,name=t,bugs=20", "wrong", USER, expect=2)
        self.assertIn("auth_failed", refused.stderr)

    def test_a_secret_that_others_can_read_is_refused(self):
        config = self.configure("https://bugs.example.org", KEY)
        os.chmod(self.folder / "secret", 0o644)
        refused = self.run_program("--config", config, "add", "https://bugs.example.org/ticket/1", expect=2)
        self.assertIn("open to others: chmod 600", refused.stderr)
        self.assertNotIn(KEY, refused.stderr)


if __name__ == "__main__":
    end_to_end.main()
