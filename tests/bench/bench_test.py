#!/usr/bin/env python3
"""The benchmark program: every scenario runs small and once, and what it prints is whole; the pieces of its harness do what they
say. bench_test.py PROGRAMS: the folder of what was built."""

import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

BENCH = pathlib.Path(__file__).resolve().parents[2] / "bench"
PROGRAMS = pathlib.Path(sys.argv.pop(1) if sys.argv[1:] else BENCH.parent / "build" / "release")
sys.path.insert(0, str(BENCH))

import run  # noqa: E402
from harness import measure, report, setting  # noqa: E402


def numbers(value):
    """All numbers in it."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for part in value for number in numbers(part)]
    return [value] if isinstance(value, (int, float)) else []


class Scenarios(unittest.TestCase):
    def check(self, said, name):
        self.assertEqual(said["scenario"], name)
        self.assertTrue(said["title"] and said["limit"])
        self.assertTrue(said["tables"])
        for table in said["tables"]:
            self.assertTrue(table["caption"])
            self.assertTrue(table["rows"], table["caption"])
            for row in table["rows"]:
                self.assertEqual(list(row), list(table["rows"][0]))
        self.assertTrue(said["targets"], "nothing is promised")
        for target in said["targets"]:
            self.assertIn(target["kind"], ("at most", "at least"))
            self.assertGreater(target["bound"], 0)
            self.assertIsInstance(target["kept"], bool)
        for number in numbers([said["tables"], said["targets"]]):
            self.assertTrue(math.isfinite(number), said)

    def test_each_runs(self):
        for name in run.SCENARIOS:
            if not (BENCH / "scenarios" / f"{name}.py").exists():
                continue
            with self.subTest(scenario=name), tempfile.TemporaryDirectory() as out:
                done = subprocess.run(
                    [sys.executable, "-B", BENCH / "run.py", name, "--quick", "--json", "--programs", PROGRAMS, "--out", out],
                    capture_output=True, text=True, timeout=240)
                self.assertEqual(done.returncode, 0, done.stderr)
                said = [json.loads(line) for line in done.stdout.splitlines()]
                self.assertEqual(len(said), 1)
                self.check(said[0], name)
                self.assertEqual(json.loads((pathlib.Path(out) / f"{name}.json").read_text()), said[0])

    def test_names_and_numbers(self):
        self.assertEqual(run.named("breadth"), "breadth")
        self.assertEqual(run.named("10"), "neighbours")
        for word in ("0", str(len(run.SCENARIOS) + 1), "depth"):
            with self.assertRaisesRegex(Exception, "there is no scenario"):
                run.named(word)


class Reports(unittest.TestCase):
    def test_verdicts(self):
        one = report.Report("name", "title", "limit")
        one.at_most("least", 2.0, 2.0)
        one.at_least("most", 2.0, 2.0)
        self.assertTrue(one.kept())
        self.assertNotIn("MISSED", one.text())
        one.at_most("too much", 2.1, 2.0)
        self.assertFalse(one.kept())
        self.assertIn("MISSED too much: 2.1 (at most 2)", one.text())
        self.assertEqual([target["kept"] for target in one.to_json()["targets"]], [True, True, False])

    def test_table(self):
        one = report.Report("name", "title", "limit")
        one.table("caption", [{"who": "we", "ms": 1.5}, {"who": "others", "ms": 12345.6}, {"who": "nobody", "ms": None}])
        one.note("a remark")
        lines = one.text().splitlines()
        for line in ("  who        ms", "  we        1.5", "  others  12346", "  nobody      -", "  note: a remark"):
            self.assertIn(line, lines)


class Measuring(unittest.TestCase):
    def test_in_turns(self):
        order = []
        results = measure.in_turns(2, {name: lambda name=name: order.append(name) or len(order) for name in "ab"})
        self.assertEqual(order, list("ababab"))
        self.assertEqual(results, {"a": [3, 5], "b": [4, 6]})

    def test_median_of(self):
        costs = [measure.Cost(wall, 10 - wall, peak) for wall, peak in ((3, 5), (1, 7), (2, 6))]
        self.assertEqual([measure.median_of(costs, part) for part in ("wall", "cpu", "peak")], [2, 8, 6])

    def test_run(self):
        code = "import sys, time; given = sys.stdin.read(); a = bytearray(50_000_000); time.sleep(0.2); print(given)"
        cost = measure.run([sys.executable, "-c", code], "word")
        self.assertEqual(cost.out, "word\n")
        self.assertGreater(cost.wall, 0.2)
        self.assertGreater(cost.cpu, 0)
        self.assertLess(cost.cpu, cost.wall)
        self.assertGreater(cost.peak, 50_000_000)

    def test_run_fails(self):
        with self.assertRaisesRegex(RuntimeError, "ended with 3: .*woe"):
            measure.run([sys.executable, "-c", "import sys; print('woe', file=sys.stderr); sys.exit(3)"])
        with self.assertRaisesRegex(RuntimeError, "ended with -9"):
            measure.run([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.2)

    def test_meter(self):
        meter = measure.Meter(os.getpid())
        before, until = meter.cpu(), time.process_time() + 0.2
        while time.process_time() < until:
            pass
        self.assertGreater(meter.cpu() - before, 0.19)
        self.assertLess(meter.cpu() - before, 2)
        self.assertGreaterEqual(meter.peak(), meter.resident())
        self.assertGreater(meter.resident(), 1_000_000)


class Peers(unittest.TestCase):
    def test_missing(self):
        one = report.Report("name", "title", "limit")
        self.assertFalse(setting.missing_peer(one, "Python", "python3", module="json"))
        self.assertEqual(one.notes, [])
        self.assertTrue(setting.missing_peer(one, "Peer", "python3-peer", module="there_is_no_such_module"))
        self.assertTrue(setting.missing_peer(one, "peer", "peer", program="there-is-no-such-program"))
        self.assertEqual(one.notes, ["Peer is not here (package python3-peer)", "peer is not here (package peer)"])


if __name__ == "__main__":
    unittest.main()
