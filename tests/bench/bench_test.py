#!/usr/bin/env python3
"""The benchmark program: every scenario runs small and once, and what it prints is whole; the pieces of its harness do what they
say. bench_test.py PROGRAMS: the folder of what was built."""

import json
import math
import os
import pathlib
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
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
            with self.subTest(scenario=name), tempfile.TemporaryDirectory() as out:
                done = subprocess.run(
                    [sys.executable, "-B", BENCH / "run.py", name, "--quick", "--json", "--programs", PROGRAMS, "--out", out],
                    capture_output=True, text=True, timeout=240)
                self.assertEqual(done.returncode, 0, done.stderr)
                said = [json.loads(line) for line in done.stdout.splitlines()]
                self.assertEqual(len(said), 1)
                self.check(said[0], name)
                self.assertEqual(json.loads((pathlib.Path(out) / f"{name}.json").read_text()), said[0])

    def test_what_fails_does_not_end_the_others(self):
        with tempfile.TemporaryDirectory() as out:
            done = subprocess.run(
                [sys.executable, "-B", BENCH / "run.py", "names", "throughput", "--quick", "--programs", out, "--out", out],
                capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, os.listdir(out)), (1, []))
        for name in ("names", "throughput"):
            self.assertIn(f"bench: {name} was not measured:", done.stderr)

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

    def test_how_it_was_measured(self):
        one = report.Report("name", "title", "limit")
        one.measured(setting.Setting(PROGRAMS, 7, True))
        said = one.to_json()
        self.assertEqual((said["rounds"], said["quick"]), (7, True))

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
        self.assertEqual(measure.median_of([{"ms": 3}, {"ms": 1}, {"ms": 2}], "ms"), 2)

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

    def test_started(self):
        code = "import sys; print('ready', flush=True); print(len(sys.stdin.read())); print('more')"
        with measure.started([sys.executable, "-c", code]) as (process, line):
            self.assertEqual(line, "ready\n")
            process.stdin.write("word")
            process.stdin.close()
            self.assertEqual(measure.line_of(process), "4\n")
        self.assertEqual(process.returncode, 0)

    def test_who_says_nothing_or_does_not_end_is_killed(self):
        silent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdout=subprocess.PIPE, text=True)
        with self.assertRaisesRegex(RuntimeError, "said nothing within 0.2 s"):
            measure.line_of(silent, 0.2)
        self.assertEqual(silent.returncode, -9)
        silent.stdout.close()
        with self.assertRaises(subprocess.TimeoutExpired):
            with measure.started([sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)"], 5) as (deaf, _):
                measure.end(deaf, 0.2)
        self.assertEqual(deaf.returncode, -9)

    def test_wait_until(self):
        found = iter([None, 0, "found"])
        self.assertEqual(measure.wait_until(lambda: next(found), "it comes"), "found")
        with self.assertRaisesRegex(RuntimeError, "it comes: not within 0 s"):
            measure.wait_until(lambda: False, "it comes", 0)

    def test_meter(self):
        meter = measure.Meter(os.getpid())

        def work():
            until = time.process_time() + 0.2
            while time.process_time() < until:
                pass

        before = meter.cpu()
        ended = threading.Thread(target=work)
        ended.start()
        ended.join()
        self.assertGreater(meter.cpu() - before, 0.19)
        self.assertLess(meter.cpu() - before, 2)
        resident = meter.resident()
        self.assertGreater(resident, 1_000_000)
        self.assertGreaterEqual(meter.peak(), resident)


class Script(socketserver.BaseRequestHandler):
    """A server that answers each request with the next of the server's answers, in small pieces."""

    def handle(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while self.request.recv(65536) and self.server.answers:
            answer = self.server.answers.pop(0)
            for at in range(0, len(answer), 3):
                self.request.sendall(answer[at:at + 3])
            if b"close" in answer:
                return


class Floor(unittest.TestCase):
    def ask(self, answers, *options):
        """How the floor ended that asked for so many answers."""
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Script) as server:
            server.daemon_threads = True
            server.answers = list(answers)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            urls = "".join(f"http://127.0.0.1:{server.server_address[1]}/{i}\n" for i in range(max(len(answers), 1)))
            done = subprocess.run(
                [PROGRAMS / "checkwatches-floor", *options], input=urls, capture_output=True, text=True, timeout=60)
            server.shutdown()
        return done

    def test_ends_of_answers(self):
        answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
                   b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbugs\r\n0\r\n\r\n",
                   b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nlast",
                   b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nagain"]
        done = self.ask(answers)
        self.assertEqual(done.returncode, 0, done.stderr)
        said = json.loads(done.stdout)
        self.assertEqual((said["answers"], said["bytes"]), (len(answers), sum(map(len, answers))))
        self.assertLess(0, said["wall_s"])
        self.assertLess(said["cpu_s"], said["wall_s"])

    def test_what_is_no_answer(self):
        for answer, message in ((b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "status 404"),
                                (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\nhalf", "no whole answer")):
            done = self.ask([answer])
            self.assertEqual(done.returncode, 1)
            self.assertIn(message, done.stderr)
        done = self.ask([], "--timeout", "1")
        self.assertEqual(done.returncode, 1)


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
