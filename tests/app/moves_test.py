#!/usr/bin/env python3
"""A bug that moved is watched where it went, once that place has answered for it; until then nothing is given up."""

import end_to_end
import resident


class Moves(resident.Case):
    def watched(self):
        """The labels of each bug that somebody watches, by its address."""
        return {bug["url"]: bug["labels"] for bug in self.lines("show") if bug["labels"]}

    def test_an_issue_that_went_to_another_project(self):
        base = self.mock("kind=github,name=it,bugs=10,moved=3").urls["it"]
        old, new = f"{base}/acme/widget/issues/3", f"{base}/acme/elsewhere/issues/1003" # as the mock numbers it there
        self.add([old, f"{base}/acme/widget/issues/4"], "--label", "gedit")
        self.run_program("check", expect=1)
        self.assertEqual({bug["url"]: bug["outcome"] for bug in self.lines("show")}[old], "moved")
        self.assertEqual(self.watched()[old], ["gedit"], "the new place has not answered yet")
        self.assertIn(new, self.watched())

        self.run_program("check")
        watched = self.watched()
        self.assertNotIn(old, watched)
        self.assertEqual(watched[new], ["gedit"])
        (moved,) = (change for change in self.lines("changes") if change["field"] == "moved_to")
        self.assertEqual((moved["url"], moved["new"]), (old, new))
        (shown,) = self.lines("show", old)
        self.assertIsNone(shown["next_check"])
        self.assertIn(new, shown["why"])
        self.run_program("check", "--force")  # the old one is not asked for any more

        # Whoever comes with the old address watches the new one.
        self.add([old], "--label", "pluma")
        self.assertEqual(self.watched()[new], ["gedit", "pluma"])

    def test_a_key_that_changed_under_the_resident(self):
        base = self.mock("kind=jira,name=it,bugs=10").urls["it"]
        self.serve()
        self.add([f"{base}/browse/OLD-3"], "--label", "gedit")
        self.wait_for(lambda: self.watched() == {f"{base}/browse/MOCK-3": ["gedit"]}, "the watch to follow")


if __name__ == "__main__":
    end_to_end.main()
