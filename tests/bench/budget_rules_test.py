#!/usr/bin/env python3
"""When a count breaks its budget, and what is said of it."""

import contextlib
import datetime
import io
import pathlib
import tomllib
import unittest

import budget_test

BUDGETS = pathlib.Path(__file__).resolve().parents[2] / "bench" / "budgets.toml"
DAY = datetime.date(2026, 11, 29)


def given(**paths):
    reasons = {"raised": DAY, "because": "of a reason"}
    return {"margin": 0.05, "paths": {name: {"instructions": n} | reasons for name, n in paths.items()}}


class Rules(unittest.TestCase):
    def compare(self, counts, budgets):
        """(whether all is kept, what was printed)."""
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            kept = budget_test.compare(counts, budgets)
        return kept, printed.getvalue().strip()

    def test_what_is_within_its_budget_or_the_margin_is_kept_in_silence(self):
        self.assertEqual(self.compare({"a": 1000, "b": 1049}, given(a=1000, b=1000)), (True, ""))

    def test_what_is_above_fails_and_it_is_said_how_to_look_and_what_to_do(self):
        kept, said = self.compare({"a": 1100, "b": 1000}, given(a=1000, b=1000))
        self.assertFalse(kept)
        for part in ("a: 1,100", "10.0%", "1,000", "callgrind_annotate", "a.callgrind", "budgets.toml"):
            self.assertIn(part, said)
        self.assertNotIn("b:", said)

    def test_what_is_far_below_is_kept_and_a_lower_budget_is_asked_for(self):
        kept, said = self.compare({"a": 800}, given(a=1000))
        self.assertTrue(kept)
        self.assertIn("lower it", said)

    def test_each_path_has_a_budget_and_each_budget_a_path(self):
        self.assertEqual(self.compare({"a": 1}, given()), (False, "a: there is no budget for it"))
        self.assertEqual(self.compare({}, given(a=1)), (False, "a: there is a budget, and no such path"))

    def test_a_budget_says_when_and_why_it_was_last_raised(self):
        for wrong in ({"because": ""}, {"because": " "}, {"raised": "2026-11-29"}, {"by": "somebody"}):
            budgets = given(a=1000)
            budgets["paths"]["a"] |= wrong
            self.assertFalse(self.compare({"a": 1000}, budgets)[0], wrong)
        budgets = given(a=1000)
        del budgets["paths"]["a"]["because"]
        self.assertFalse(self.compare({"a": 1000}, budgets)[0])

    def test_a_shown_line_can_stand_in_the_file_once_there_is_a_reason(self):
        before = given(a=1000)["paths"]["a"]
        for now, budget in ((900, 900), (1040, 1000)):
            self.assertEqual(tomllib.loads(budget_test.line_of("a", now, before, 0.05)), {"a": before | {"instructions": budget}})
        for before in (before, None):
            (line,) = tomllib.loads(budget_test.line_of("a", 1100, before, 0.05)).values()
            self.assertEqual((line["instructions"], line["because"]), (1100, ""))

    def test_the_budgets_of_the_project_are_complete(self):
        self.assertEqual(list(budget_test.complaints_about(tomllib.loads(BUDGETS.read_text())["paths"])), [])


if __name__ == "__main__":
    unittest.main()
