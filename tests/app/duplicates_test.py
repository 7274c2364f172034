#!/usr/bin/env python3
"""Duplicates: where they lead is shown, and with `duplicates = "master"` their masters are watched along and judge them."""

import end_to_end
from end_to_end import bug_url

DUPLICATE, MASTER, LAST = 20, 10, 9  # the mock's bug 20 is a duplicate of 10


class Duplicates(end_to_end.Case):
    def setUp(self):
        super().setUp()
        self.farm = self.mock("kind=bugzilla,name=b,bugs=30")
        self.config = self.folder / ".config" / "checkwatches" / "config.toml"
        self.config.parent.mkdir(parents=True)
        self.add([self.url(DUPLICATE)], "--label", "plums")

    def url(self, bug):
        return bug_url("bugzilla", self.farm.urls["b"], bug)

    def shown(self):
        return {bug["url"]: bug for bug in self.lines("show")}

    def check(self):
        self.run_program("check", "--force")

    def change(self, bug, **what):
        self.farm.post("/change", tracker="b", id=bug, **what)

    def test_its_own_verdict_and_where_it_leads(self):
        self.check()
        (shown,) = self.shown().values()
        self.assertEqual((shown["duplicate_of"], shown["status"], shown["verdict_of"]), (str(MASTER), "Invalid", "itself"))
        self.assertEqual((shown["leads_to"], shown["leads_nowhere"]), ([], self.url(MASTER) + " (not watched)"))
        self.assertIn(f"{self.url(MASTER)} (not watched)", self.run_program("show", self.url(DUPLICATE)).stdout)
        self.check()
        self.assertEqual(set(self.shown()), {self.url(DUPLICATE)}, "nobody asked for its master")

        self.add([self.url(MASTER)])
        self.check()
        shown = self.shown()
        self.assertEqual(shown[self.url(DUPLICATE)]["status"], "Invalid")
        self.assertEqual([bug["url"] for bug in shown[self.url(DUPLICATE)]["leads_to"]], [self.url(MASTER)])

    def test_its_masters_verdict(self):
        self.config.write_text('[check]\nduplicates = "master"\n')
        self.change(MASTER, status="RESOLVED", resolution="DUPLICATE", duplicate_of=LAST)
        self.change(LAST, status="CONFIRMED", resolution="")
        for _ in range(3):  # the duplicate, its master, and that one's
            self.check()
        shown = self.shown()
        self.assertEqual(set(shown), {self.url(bug) for bug in (DUPLICATE, MASTER, LAST)})
        self.assertEqual({bug["labels"][0] for bug in shown.values()}, {"plums"})
        duplicate = shown[self.url(DUPLICATE)]
        self.assertEqual((duplicate["status"], duplicate["verdict_of"]), ("Confirmed", "master"))
        self.assertEqual([bug["url"] for bug in duplicate["leads_to"]], [self.url(MASTER), self.url(LAST)])
        self.assertIsNone(duplicate["leads_nowhere"])
        self.assertIn("Confirmed", self.run_program("show").stdout)

        last = self.lines("changes")[-1]["id"]
        self.change(LAST, status="RESOLVED", resolution="FIXED")
        self.check()
        self.assertEqual(self.shown()[self.url(DUPLICATE)]["status"], "Fix Released")
        self.assertEqual({line["url"] for line in self.lines("changes", "--after", last)}, {self.url(LAST)})

        # A loop has no end that could judge.
        self.change(LAST, status="RESOLVED", resolution="DUPLICATE", duplicate_of=DUPLICATE)
        self.check()
        duplicate = self.shown()[self.url(DUPLICATE)]
        self.assertEqual((duplicate["status"], duplicate["verdict_of"]), ("Invalid", "itself"))
        self.assertEqual(duplicate["leads_nowhere"], "itself: the chain is a loop")
        self.check()
        self.assertEqual(len(self.shown()), 3)


if __name__ == "__main__":
    end_to_end.main()
