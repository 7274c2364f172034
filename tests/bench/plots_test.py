#!/usr/bin/env python3
"""Pictures of the benchmarks, of made-up figures: each is well-formed SVG, says what it is of, and takes any names."""

import json
import pathlib
import re
import shutil
import sys
import tempfile
import unittest
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
sys.dont_write_bytecode = True

from harness import plots, report, setting  # noqa: E402

AWKWARD = """it's <a & "b"> \\n %d @x ^2 `id` $HOME {/Bold}"""


class Pictures(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="checkwatches-plots-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def save(self, name, *tables):
        made = report.Report(name, "a title", "a limit")
        for rows in tables:
            made.table("a caption", rows)
        made.save(self.folder)

    def drawn(self):
        """The texts of each picture, by its name."""
        pictures = plots.draw(self.folder)
        texts = {}
        for path in pictures:
            root = xml.etree.ElementTree.parse(path).getroot()
            self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
            texts[path.stem] = [" ".join("".join(one.itertext()).split()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
        return texts

    def test_bars_say_whose_they_are_and_how_long(self):
        self.save("breadth", [{"client": "floor", "wall ms": 200.0, "cpu us a bug": 1.25},
                              {"client": "checkwatches", "wall ms": 210.0, "cpu us a bug": 2.5},
                              {"client": "serial", "wall ms": 41_000.0, "cpu us a bug": None}])
        texts = self.drawn()["breadth"]
        for text in ("floor", "checkwatches", "serial", "210", "41,000", "2.5", "-", "a caption", "time, ms (logarithmic)",
                     "processor time a bug, µs"):
            self.assertIn(text, texts)
        self.assertTrue(any("less is better" in text for text in texts))
        self.assertTrue(any("./dev bench breadth --plots" in text for text in texts))

    def test_names_have_no_meaning(self):
        self.save("unheard-of", [{"name": AWKWARD, "x": 1}, {"name": "b", "x": 0}])
        self.assertIn(" ".join(AWKWARD.split()), self.drawn()["unheard-of"])

    def test_rows_of_one_name_are_told_apart(self):
        self.save("store", [{"by": "store", "bugs": count, "cpu us a bug": 1 / count} for count in (1, 10)])
        self.assertLessEqual({"store, 1", "store, 10"}, set(self.drawn()["store"]))

    def test_growth_is_a_curve_of_each_name(self):
        self.save("end_to_end", [
            {"pass": kind, "bugs": 10 ** i, "cpu s": 10.0 ** (i - 4)} for kind in ("first", AWKWARD) for i in (2, 3, 4)])
        texts = self.drawn()["end_to_end"]
        self.assertIn("first", texts)
        self.assertIn(" ".join(AWKWARD.split()), texts)

    def test_points_stand_with_their_names(self):
        self.save("politeness", [{"policy": "old", "requests": 100, "open mean": 9.0},
                                 {"policy": "ours", "requests": 50, "open mean": 8.0}],
                  [{"policy": "informed", "requests": 10 * i, "open mean": 50.0 / i} for i in range(1, 5)])
        self.assertLessEqual({"old", "ours", "informed"}, set(self.drawn()["politeness"]))

    def test_tables_of_other_cases_are_told_apart_or_left(self):
        rows = [{"pass": "first", "bugs": 10 * i, "cpu s": 1.0 * i, "requests": i, "open mean": 1.0 / i} for i in (1, 2)]
        others = [{"trackers": "few", **row} for row in rows]
        self.save("end_to_end", rows, rows, others)
        texts = self.drawn()["end_to_end"]
        self.assertLessEqual({"first", "first, a caption"}, set(texts))
        self.assertNotIn("few", texts)
        self.save("politeness", rows, rows)
        self.assertEqual(self.drawn()["politeness"].count("first"), 1)

    def test_what_has_no_figures_is_not_drawn(self):
        self.save("names")
        self.save("visitors", [])
        self.save("scan", [{"what": "words", "said": "only"}])
        self.save("feed", [{"way": "x", "cpu us/change": None}])
        self.assertEqual(self.drawn(), {})

    def test_what_was_measured_small_and_once_is_not_drawn(self):
        made = report.Report("breadth", "a title", "a limit")
        made.table("a caption", [{"client": "checkwatches", "wall ms": 1.0, "cpu us a bug": 1.0}])
        made.measured(setting.Setting(self.folder, 1, True))
        made.save(self.folder)
        self.assertEqual(self.drawn(), {})

    def test_all_alike_or_nothing(self):
        self.save("memory", [{"what": "a", "bytes": 0}, {"what": "b", "bytes": 0}])
        self.save("neighbours", [{"case": "alone", "ms": 5.0}])
        self.assertEqual(set(self.drawn()), {"memory", "neighbours"})


class Shown(unittest.TestCase):
    def test_every_picture_that_the_readme_shows_is_there(self):
        shown = re.findall(r"\]\((bench/pictures/[^)]+)\)", (ROOT / "README.md").read_text())
        self.assertGreaterEqual(len(shown), 2)
        for picture in shown:
            self.assertTrue((ROOT / picture).is_file(), picture)


if __name__ == "__main__":
    unittest.main()
