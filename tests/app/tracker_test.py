#!/usr/bin/env python3
"""The commands on one tracker, without a resident instance and beside one: what they do holds, is shown, and is told to
whoever asks wrongly."""

import time

import end_to_end
import resident
from end_to_end import bug_url

USER, PASSWORD = "watcher@example.org", "open sesame & more"
BUGS = 6


class Tracker(resident.Case):
    resident = False

    def setUp(self):
        super().setUp()
        self.farm = self.mock("kind=trac,name=t,bugs=20", "kind=trac,name=other,bugs=20")
        for name in ("t", "other"):
            self.add([bug_url("trac", self.farm.urls[name], i) for i in range(1, BUGS + 1)])
        names = {row["url"].rstrip("/"): row["name"] for row in self.lines("tracker", "list")}
        self.name, self.other = names[self.farm.urls["t"]], names[self.farm.urls["other"]]
        if self.resident:
            self.addCleanup(self.stop, self.serve())

    def shown(self, name=None):
        return self.lines("tracker", "show", name or self.name)[0]

    def listed(self):
        return {row["name"]: row for row in self.lines("tracker", "list")}

    def requests_at(self, name):
        return self.farm.ask("/requests", tracker=name)["requests"]

    def check_all(self, expect=0):
        return {line["tracker"]: line for line in self.lines("check", "--force", expect=expect) if "tracker" in line}

    def test_a_paused_tracker_is_not_asked_until_it_is_resumed(self):
        self.check_all()
        done = self.run_program("tracker", "pause", self.name, "--note", "moving\nhouse")
        self.assertIn(f"tracker resume {self.name}", done.stdout)
        before = self.requests_at("t")
        lines = self.check_all()
        self.assertEqual(lines[self.other]["outcomes"], {"unmodified": BUGS})
        self.assertEqual(self.requests_at("t"), before)
        self.assertEqual(self.shown()["state"], "paused")
        self.assertEqual(self.listed()[self.name]["state"], "paused")
        self.assertEqual(self.listed()[self.other]["state"], "ok")
        self.assertIn("paused: moving house", self.run_program("tracker", "show", self.name).stdout)
        why = self.lines("show", bug_url("trac", self.farm.urls["t"], 1), "--why")[0]["explanation"]
        self.assertTrue(why["paused"])

        self.run_program("tracker", "resume", self.name)
        self.assertEqual(self.shown()["state"], "ok")
        self.assertIsNone(self.shown()["note"])
        self.assertEqual(self.check_all()[self.name]["outcomes"], {"unmodified": BUGS})
        self.assertGreater(self.requests_at("t"), before)

    def test_a_reset_makes_due_what_failed(self):
        self.check_all()
        self.farm.post("/fault", tracker="t", fault="500")
        for _ in range(3):
            self.check_all(expect=1)
        self.farm.post("/fault", tracker="t", fault="none")
        self.wait_for(lambda: self.shown()["failing"] == BUGS, "the failures are stored")
        if self.resident:  # a pass of its own begins to count anew; what it stores is when each bug is due
            self.wait_for(lambda: self.shown()["breaker"], "the breaker to open")
        self.assertEqual(self.shown()["errors"][0]["bugs"], BUGS)
        error = self.lines("errors", "--tracker", self.name)[0]
        self.assertEqual((error["tracker"], error["bugs"]), (self.name, BUGS))
        self.assertIsNone(error["ended_at"])
        self.assertEqual(self.lines("errors", "--tracker", self.other), [])

        self.run_program("tracker", "reset", self.name)
        self.assertIsNone(self.shown()["breaker"])
        self.run_program("check", "--tracker", self.name)
        self.wait_for(lambda: self.shown()["failing"] == 0, "what was due after the reset is checked")
        self.assertEqual(self.lines("errors", "--tracker", self.name), [])
        self.assertEqual(len(self.lines("errors", "--tracker", self.name, "--all")), 1)

    def test_a_wrong_clock_is_told_and_everything_is_read_in_full(self):
        self.check_all()
        self.assertEqual(self.check_all()[self.name]["outcomes"], {"unmodified": BUGS})
        self.assertIsNone(self.shown()["skew_ms"])
        self.farm.post("/clock", tracker="t", ahead=3_600_000)
        self.check_all()
        self.wait_for(lambda: self.shown()["skew_ms"], "the wrong clock")
        self.assertAlmostEqual(self.shown()["skew_ms"], 3_600_000, delta=60_000)
        self.assertEqual(self.check_all()[self.name]["outcomes"], {"seen": BUGS})
        self.farm.post("/clock", tracker="t", ahead=0)
        self.assertEqual(self.check_all()[self.name]["outcomes"], {"seen": BUGS})
        self.wait_for(lambda: self.shown()["skew_ms"] is None, "the right clock")
        self.assertEqual(self.check_all()[self.name]["outcomes"], {"unmodified": BUGS})

    def test_settings_hold_and_are_taken_back(self):
        said = self.run_program("tracker", "set", self.name, "batch=2", "lanes=1", "requests_per_second=1000").stdout
        self.assertIn("batch=2 lanes=1 requests_per_second=1000", said)
        settings = self.shown()["settings"]
        self.assertEqual((settings["batch"], settings["lanes"], settings["connections"]), (2, 1, None))
        before = self.requests_at("t")
        self.check_all()
        self.assertGreaterEqual(self.requests_at("t") - before, BUGS // 2)

        self.run_program("tracker", "set", self.name, "batch=", "changed_since=false")
        settings = self.shown()["settings"]
        self.assertEqual((settings["batch"], settings["lanes"], settings["changed_since"]), (None, 1, False))
        self.run_program("tracker", "set", self.name, "lanes=", "requests_per_second=", "changed_since=")
        self.assertEqual(set(self.shown()["settings"].values()), {None})

    def test_a_probe_says_what_the_tracker_is(self):
        before = self.shown()["probed_at"]
        said = self.lines("tracker", "probe", self.name)[0]
        self.assertEqual((said["tracker"], said["kind"]), (self.name, "trac"))
        self.assertTrue(said["protocol"])
        self.assertGreaterEqual(self.shown()["probed_at"], before)
        self.assertIn(f"{self.name}: trac", self.run_program("tracker", "probe", self.name).stdout)
        self.farm.post("/fault", tracker="t", fault="refuse")
        self.assertIn("connect_failed", self.run_program("tracker", "probe", self.name, expect=1).stderr)

    def test_what_is_not_there_is_named_and_changes_nothing(self):
        before = self.shown()
        for arguments in (
            ("show", "nobody"), ("probe", "nobody"), ("pause", "nobody"), ("resume", "nobody"), ("reset", "nobody"),
            ("set", "nobody", "lanes=1"), ("login", "nobody"),
        ):
            with self.subTest(arguments):
                refused = self.run_program("tracker", *arguments, expect=2)
                self.assertIn('there is no tracker "nobody"', refused.stderr)
        self.assertIn("the keys are batch", self.run_program("tracker", "set", self.name, "x=1", expect=2).stderr)
        self.assertIn("from 1 to 64", self.run_program("tracker", "set", self.name, "lanes=0", expect=2).stderr)
        self.assertIn("no credential", self.run_program("tracker", "login", self.name, expect=2).stderr)
        self.assertIn("nobody", self.run_program("errors", "--tracker", "nobody", expect=2).stderr)
        self.assertEqual(self.shown()["settings"], before["settings"])


class BesideAnInstance(Tracker):
    resident = True


class Login(end_to_end.Case):
    def configure(self, origin, value):
        secret = self.folder / "secret"
        secret.write_text(value)
        secret.chmod(0o600)
        config = self.folder / "c.toml"
        config.write_text(f'[[credential]]\norigin = "{origin}"\nuser = "{USER}"\nfile = "{secret}"\n')
        return config

    def test_a_login_says_as_whom(self):
        mock = self.mock("kind=trac,name=t,bugs=20")
        self.add([bug_url("trac", mock.urls["t"], 1)])
        name = self.lines("tracker", "list")[0]["name"]
        config = self.configure(mock.urls["t"], PASSWORD)
        self.assertIn("logged in as", self.run_program("--config", config, "tracker", "login", name).stdout)
        self.assertTrue(self.lines("--config", config, "tracker", "login", name)[0]["identity"])
        self.assertTrue(self.lines("tracker", "list")[0]["identity"])

        config = self.configure(mock.urls["t"], "wrong")
        refused = self.run_program("--config", config, "tracker", "login", name, expect=1)
        self.assertIn("auth_failed", refused.stderr)
        self.assertNotIn("logged in as", refused.stdout)


class Why(end_to_end.Case):
    def test_a_bug_says_why_it_is_due_when_it_is_and_what_happened(self):
        mock = self.mock("kind=trac,name=t,bugs=20")
        url = bug_url("trac", mock.urls["t"], 1)
        self.add([url])
        fresh = self.lines("show", url, "--why")[0]["explanation"]
        self.assertEqual(fresh["reason"], "never checked: due at once")
        self.assertTrue(fresh["due"])
        self.assertEqual(fresh["checks"], [])
        self.run_program("check")
        mock.post("/fault", tracker="t", fault="500")
        self.run_program("check", "--force", expect=1)
        bug = self.lines("show", url, "--why")[0]
        why = bug["explanation"]
        self.assertEqual([run["outcome"] for run in why["checks"]], [bug["outcome"], "seen"])
        self.assertTrue(why["checks"][0]["detail"])
        self.assertEqual(why["failures"], 1)
        self.assertEqual(why["host"], mock.urls["t"].removesuffix("/"))
        self.assertFalse(why["clock_fault"])
        self.assertLessEqual(abs(why["jitter"]), 0.1)
        self.assertFalse(bug["stale"])
        text = self.run_program("show", url, "--why").stdout
        for line in why["lines"][:2]:
            self.assertIn(line.split(" (")[0], text)
        self.assertNotIn("explanation", self.lines("show", url)[0])

    def test_what_is_older_than_promised_is_marked(self):
        mock = self.mock("kind=trac,name=t,bugs=20")
        url = bug_url("trac", mock.urls["t"], 1)
        self.add([url])
        self.run_program("check")
        self.assertNotIn(" !", self.run_program("show").stdout)
        config = self.folder / "c.toml"
        config.write_text(
            '[schedule]\neager = "1s"\nactive = "1s"\nquiet = "1s"\nidle = "1s"\nresolved = "1s"\nsettled = "1s"\n')
        self.assert_stale_soon(config)
        self.assertIn("1 bug was seen longer ago", self.run_program("--config", config, "show").stdout)
        self.assertIn(
            "longer than the schedule promises", self.run_program("--config", config, "show", url).stdout)

    def assert_stale_soon(self, config):
        deadline = time.monotonic() + 60
        while not self.lines("--config", config, "show")[0]["stale"]:
            self.assertLess(time.monotonic(), deadline, "the bug never became stale")
            time.sleep(0.1)


if __name__ == "__main__":
    end_to_end.main()
