#!/usr/bin/env python3
"""For each kind 300 bugs, among them a private, a missing, a non-numeric one and a duplicate, through add, check and
show: every id has exactly one outcome and the right verdict, and what shares a batch with a bad id is unharmed."""

import end_to_end
from end_to_end import bug_url

BUGS = 300
PRIVATE, DUPLICATE, DUPLICATED, MISSING = 13, 20, 10, 9999
WORDS = {"bugzilla": "abc", "trac": "abc", "launchpad": "gadget/+bug/abc"}  # no numbers

# What the words of the mocks' bugs mean, written down apart from the program's own tables.
BUGZILLA_OPEN = {
    "UNCONFIRMED": "New", "CONFIRMED": "Confirmed", "IN_PROGRESS": "In Progress",  # since 4.0
    "NEW": "Confirmed", "ASSIGNED": "In Progress", "REOPENED": "Confirmed",  # before
    "REPORTED": "New", "NEEDSINFO": "Incomplete",  # KDE
    "POST": "In Progress", "MODIFIED": "Fix Committed", "ON_QA": "Fix Committed", "RELEASE_PENDING": "Fix Committed",
    "ON_DEV": "In Progress", "NEEDINFO": "Incomplete",
}
BUGZILLA_CLOSED = {
    "FIXED": "Fix Released", "CURRENTRELEASE": "Fix Released", "ERRATA": "Fix Released", "NEXTRELEASE": "Fix Released",
    "RAWHIDE": "Fix Released", "WONTFIX": "Won't Fix", "UPSTREAM": "Won't Fix", "EOL": "Won't Fix",
    "DEFERRED": "Won't Fix", "INVALID": "Invalid", "NOTABUG": "Invalid", "CANTFIX": "Invalid",
    "WORKSFORME": "Invalid", "DUPLICATE": "Invalid", "INCOMPLETE": "Expired", "INSUFFICIENT_DATA": "Expired",
    "EXPIRED": "Expired", "INACTIVE": "Expired", "MOVED": "Won't Fix", "LATER": "Won't Fix", "REMIND": "Won't Fix",
    "NOT A BUG": "Invalid", "INTENTIONAL": "Won't Fix", "UNMAINTAINED": "Won't Fix", "DOWNSTREAM": "Won't Fix",
}
TRAC = {
    "new": "New", "reopened": "New", "assigned": "Confirmed", "accepted": "Confirmed", "fixed": "Fix Released",
    "invalid": "Invalid", "worksforme": "Invalid", "wontfix": "Won't Fix", "duplicate": "Invalid",
}


class ThreeKinds(end_to_end.Case):
    def verdict(self, kind, state):
        status, resolution = state["status"], state["resolution"]
        if kind == "launchpad":
            return status
        if kind == "trac":
            return TRAC.get(resolution or status)
        if status == "VERIFIED" and not resolution:
            return "Fix Committed"  # Red Hat: open, and tested
        if resolution:
            return BUGZILLA_CLOSED.get(resolution)
        return BUGZILLA_OPEN.get(status)

    def run_kind(self, kind, options=""):
        mock = self.mock(f"kind={kind},name=t,bugs={BUGS},seed=42{options}")
        base = mock.urls["t"]
        if kind == "launchpad":
            self.register_launchpad(mock, "t")
        ids = [*range(1, BUGS - 1), MISSING, WORDS[kind]]
        self.assertEqual(len(ids), BUGS)
        self.add([bug_url(kind, base, i) for i in ids])
        self.run_program("check", expect=1)  # some are missing, private, malformed

        shown = self.bugs()
        self.assertEqual(len(shown), BUGS)
        known = {bug["id"]: bug for bug in mock.ask("/ledger", tracker="t")["bugs"]}
        for (_, remote_id), bug in shown.items():
            with self.subTest(kind=kind, options=options, bug=remote_id):
                self.check_bug(kind, remote_id, bug, known)

        # A second look at everything finds nothing new, and the bad ones harm nobody again.
        before = self.lines("changes")
        again = self.lines("check", "--force", expect=1)[-1]["pass"]
        self.assertEqual((again["asked"], again["changes"], again["not_asked"]), (BUGS, 0, 0))
        self.assertEqual(self.lines("changes"), before)
        return mock, shown

    def check_bug(self, kind, remote_id, bug, known):
        if remote_id == str(MISSING):
            self.assertEqual(bug["outcome"], "not_found")
        elif remote_id == WORDS[kind]:
            self.assertIn(bug["outcome"], ("invalid_id", "not_found"))
        elif remote_id == str(PRIVATE):
            # Launchpad hides private bugs altogether.
            self.assertEqual(bug["outcome"], "not_found" if kind == "launchpad" else "forbidden")
        else:
            state = known[int(remote_id)]["states"][-1]
            self.assertEqual(bug["outcome"], "seen", bug)
            self.assertEqual(bug["status"], self.verdict(kind, state), state)
            self.assertNotEqual(bug["status"], None)
            return
        for nothing in ("status", "importance", "remote_status"):
            self.assertIsNone(bug[nothing])
        self.assertIsNotNone(bug["checked_at"])

    def test_bugzilla_rest(self):
        mock, shown = self.run_kind("bugzilla")
        duplicate = next(bug for (_, i), bug in shown.items() if i == str(DUPLICATE))
        self.assertEqual(duplicate["duplicate_of"], str(DUPLICATED))
        traffic = mock.ask("/requests", tracker="t")
        self.assertLess(traffic["requests"], 40)  # batches, not 600 singles

    def test_bugzilla_by_the_other_protocols(self):
        for flavour in ("4.4.12", "3.4", "2.20", "2.10", "issuezilla", "kde", "bmo", "rhbz"):
            with self.subTest(flavour=flavour):
                self.setUp()
                self.run_kind("bugzilla", f",flavour={flavour}")

    def test_trac(self):
        self.run_kind("trac")

    def test_trac_by_the_other_protocols(self):
        for flavour in ("0.12", "0.10", "default"):
            with self.subTest(flavour=flavour):
                self.setUp()
                self.run_kind("trac", f",flavour={flavour}")

    def test_launchpad(self):
        _, shown = self.run_kind("launchpad")
        duplicate = next(bug for (_, i), bug in shown.items() if i == str(DUPLICATE))
        self.assertEqual(duplicate["duplicate_of"], str(DUPLICATED))


if __name__ == "__main__":
    end_to_end.main()
