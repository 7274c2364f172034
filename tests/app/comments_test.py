#!/usr/bin/env python3
"""What is written about bugs: imported where that is wanted, each comment once, and a failure there touches no status."""

import end_to_end
from end_to_end import GOOD_KEY, bug_url

BUG = 7
STATUSES = {"bugzilla": "IN_PROGRESS", "trac": "accepted", "launchpad": "In Progress", "rt": "resolved"}


class Comments(end_to_end.Case):
    def watch(self, kind, options="", bugs=(BUG,)):
        """A mock tracker "t" whose bugs are watched and seen once; its name in the database."""
        mock = self.mock(f"kind={kind},name=t,bugs=30,seed=7{options}")
        if kind == "launchpad":
            self.register_launchpad(mock, "t")
        if kind == "rt":
            config = self.folder / ".config" / "checkwatches" / "config.toml"
            config.parent.mkdir(parents=True)
            config.write_text(f'[[credential]]\norigin = "{mock.urls["t"]}"\nvariable = "TOKEN"\n')
            self.environment["TOKEN"] = GOOD_KEY
        self.urls = [bug_url(kind, mock.urls["t"], bug) for bug in bugs]
        self.add(self.urls)
        self.run_program("check")
        self.name = self.lines("tracker", "list")[0]["name"]
        return mock

    def check(self, expect=0):
        self.run_program("check", "--force", expect=expect)

    def comments(self, url=None):
        return self.lines("comments", url or self.urls[0])

    def counts(self):
        """Seen, imported and failed, of all months."""
        months = self.lines("tracker", "show", self.name)[0]["comments"]
        return tuple(sum(month[what] for month in months) for what in ("seen", "imported", "failed"))

    def switch(self, *settings):
        self.run_program("tracker", "set", self.name, *settings)

    def import_and_go_on(self, kind, options=""):
        mock = self.watch(kind, options)
        self.check()
        self.assertEqual(self.comments(), [])
        self.assertEqual(self.counts(), (0, 0, 0))
        said = self.run_program("comments", self.urls[0]).stdout
        self.assertIn(f"checkwatches tracker set {self.name} comments=true", said)

        self.switch("comments=true")
        self.check()
        first = self.comments()
        self.assertGreaterEqual(len(first), 1)
        self.assertEqual(len({one["comment_id"] for one in first}), len(first))
        for one in first:
            self.assertEqual((one["tracker"], one["remote_id"]), (self.name, self.bugs().popitem()[1]["remote_id"]))
            self.assertTrue(one["author"])
            self.assertRegex(one["at"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertFalse(one["cut"])
        self.assertIn('ä "quoted" &amp; <b>bold</b>', first[-1]["text"])
        self.assertEqual([one["at"] for one in first], sorted(one["at"] for one in first))
        self.assertEqual(self.counts(), (len(first), len(first), 0))

        # Nothing is read again while nothing changes; then what is new comes, and only that.
        self.check()
        self.assertEqual(self.comments(), first)
        mock.post("/change", tracker="t", id=BUG, status=STATUSES[kind])
        self.check()
        second = self.comments()
        self.assertEqual(second[:-1], first)
        self.assertIn(f"Now {STATUSES[kind]}", second[-1]["text"])
        self.assertEqual(self.counts()[1:], (len(second), 0))

        self.switch("comments=")
        mock.post("/change", tracker="t", id=BUG, severity="minor")
        self.check()
        self.assertEqual(self.comments(), second)
        return mock

    def test_bugzilla_by_rest(self):
        self.import_and_go_on("bugzilla")

    def test_bugzilla_by_xmlrpc(self):
        self.import_and_go_on("bugzilla", ",flavour=4.4.12")

    def test_launchpad(self):
        self.import_and_go_on("launchpad")

    def test_rt_by_rest_1(self):
        self.import_and_go_on("rt")

    def test_rt_by_rest_2(self):
        self.import_and_go_on("rt", ",flavour=rest2")

    def test_only_bugs_of_the_products_that_are_wanted(self):
        self.watch("bugzilla")
        self.switch("comments=true", "comments_of=Other")
        self.check()
        self.assertEqual(self.comments(), [])
        self.assertIn("other products", self.run_program("comments", self.urls[0]).stdout)
        self.switch("comments_of=Other;gadget")
        self.check()
        self.assertNotEqual(self.comments(), [])

    def test_a_failure_touches_no_status_and_is_tried_again(self):
        mock = self.watch("bugzilla")
        self.switch("comments=true")
        before = self.bugs()
        # The first request is the check's, the second asks for the comments.
        mock.post("/fault", tracker="t", fault="500", after=1)
        self.check()
        after = self.bugs().popitem()[1]
        self.assertIn(after["outcome"], ("seen", "unmodified"))
        self.assertIsNone(after["error"])
        self.assertEqual(after["status"], before.popitem()[1]["status"])
        self.assertEqual(self.counts(), (0, 0, 1))
        self.assertIn("failed", self.run_program("comments", self.urls[0]).stdout)

        mock.post("/fault", tracker="t", fault="none")
        self.check()
        self.assertNotEqual(self.comments(), [])
        self.assertEqual(self.counts()[2], 1)

    def test_a_tracker_that_tells_no_comments_says_so(self):
        self.watch("bugzilla", ",flavour=2.20")
        self.switch("comments=true")
        self.check()
        self.assertEqual(self.comments(), [])
        self.assertIn("tells no comments", self.run_program("comments", self.urls[0]).stdout)

    def test_a_bug_that_is_not_watched_is_named(self):
        mock = self.watch("bugzilla")
        other = bug_url("bugzilla", mock.urls["t"], BUG + 1)
        self.assertIn("is not watched", self.run_program("comments", other, expect=2).stderr)


if __name__ == "__main__":
    end_to_end.main()
