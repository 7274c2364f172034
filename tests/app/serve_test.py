#!/usr/bin/env python3
"""The resident program: what is added is checked without a restart, signals, status, and `check` beside it."""

import contextlib
import datetime
import http.server
import json
import os
import pty
import queue
import re
import signal
import socket
import sqlite3
import subprocess
import threading

import resident
from end_to_end import bug_url


class Manager:
    """A service manager: it reads what it is told at once, for of progress a full socket is told nothing."""

    def __init__(self, path):
        self.told = queue.Queue()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        while message := self.socket.recv(4096):
            self.told.put(message.decode())

    def hear(self, wanted, passed_over):
        """The next message that begins like this; those before it go into the list."""
        while not (told := self.told.get(timeout=resident.PATIENCE)).startswith(wanted):
            passed_over.append(told)
        return told

    def forget(self):
        """What was told until now."""
        with contextlib.suppress(queue.Empty):
            while True:
                self.told.get_nowait()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()


class Serve(resident.Case):
    def watch(self, mock, ids, name="b"):
        self.add([bug_url(mock.kinds[name], mock.urls[name], i) for i in ids])

    def test_what_is_added_is_checked_at_once(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=50", "kind=trac,name=t,bugs=50")
        process = self.serve()
        self.watch(mock, range(1, 6))
        self.wait_for(lambda: self.checked() == 5, "the first bugs")
        self.watch(mock, range(6, 11))
        self.watch(mock, range(1, 4), name="t")
        self.wait_for(lambda: self.checked() == 13, "the bugs that were added later")
        self.assertEqual({bug["outcome"] for bug in self.bugs().values()}, {"seen"})
        self.assertEqual(self.stop(process), 0, self.logged())
        self.assertFalse(self.socket.exists())
        for count in self.served(mock, "b").values():
            self.assertLessEqual(count, 1)

    def test_what_was_added_before_is_checked(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=50")
        self.watch(mock, range(1, 11))
        self.serve()
        self.wait_for(lambda: self.checked() == 10, "the bugs")

    def test_a_second_one_is_refused(self):
        process = self.serve()
        refused = self.run_program("serve", expect=3)
        self.assertIn(f"process {process.pid} holds the database", refused.stderr)
        self.assertEqual(self.stop(process, signal.SIGINT), 0)

    def test_status_tells_alive_dead_and_behind(self):
        self.assertEqual(self.run_program("status", expect=2).stdout, "")
        mock = self.mock("kind=bugzilla,name=b,bugs=50")
        self.watch(mock, range(1, 11))
        code, told = self.status()
        self.assertEqual((code, told["state"], told["due"], told["live"]), (2, "not_running", 10, None))

        process = self.serve()
        self.wait_for(lambda: self.checked() == 10, "the bugs")
        code, told = self.status()
        self.assertEqual((code, told["state"]), (0, "alive"))
        self.assertEqual((told["bugs"], told["due"], told["failing"]), (10, 0, 0))
        self.assertEqual(told["engine"]["pid"], process.pid)
        self.assertEqual(told["live"]["bugs"], 10)
        self.assertIsNotNone(told["trackers"][0]["last_success"])
        self.assertRegex(self.run_program("status").stdout, r"^Alive\. 10 of 10 bugs are fresh; last commit .* ago\.\n")

        self.assertEqual(self.stop(process), 0)
        code, told = self.status()
        self.assertEqual((code, told["state"]), (2, "not_running"))
        self.assertIsNotNone(told["engine"]["stopped_at"])

        killed = self.serve()
        killed.kill()
        killed.wait()
        code, told = self.status()
        self.assertEqual(code, 2)
        self.assertIsNone(told["engine"]["stopped_at"])
        self.assertIn(f"process {killed.pid}", told["says"])

    def test_status_tells_behind(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=50")
        self.serve()
        self.watch(mock, [1])
        self.wait_for(lambda: self.checked() == 1, "the first bug")
        self.freeze(mock)
        self.watch(mock, range(2, 11))
        code, told = self.wait_for(
            lambda: (state := self.status("--fail-behind", "0s"))[1]["state"] == "behind" and state,
            "bugs that are overdue")
        self.assertEqual((code, told["due"]), (1, 9))
        self.assertEqual(self.status()[0], 0)
        self.thaw(mock)
        self.wait_for(lambda: self.status("--fail-behind", "0s")[0] == 0, "the end of that")

    def test_sigterm_finishes_what_is_under_way(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=50")
        process = self.serve()
        self.watch(mock, [1])
        self.wait_for(lambda: self.checked() == 1, "the first bug")
        self.freeze(mock)
        self.watch(mock, range(2, 11))
        self.wait_for(lambda: self.live("in_flight") > 0, "a request")
        process.send_signal(signal.SIGTERM)
        self.wait_for(lambda: "stopping" in self.logged(), "the signal")
        self.thaw(mock)
        self.assertEqual(process.wait(timeout=resident.PATIENCE), 0, self.logged())
        # What was asked for was taken in.
        told = {i for i, count in self.served(mock, "b").items() if count}
        self.assertEqual({int(i) for (_, i), bug in self.bugs().items() if bug["checked_at"]}, told)
        self.assertGreater(len(told), 1)
        self.assertFalse(self.socket.exists())

    def test_a_second_signal_ends_at_once(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=50")
        self.config.write_text(resident.PATIENT + '[serve]\ndrain = "1h"\n')
        process = self.serve()
        self.watch(mock, range(1, 4))
        self.wait_for(lambda: self.checked() == 3, "the first bugs")
        self.freeze(mock)
        self.watch(mock, range(4, 7))
        self.wait_for(lambda: self.live("in_flight") > 0, "a request")
        process.send_signal(signal.SIGTERM)
        self.wait_for(lambda: "stopping" in self.logged(), "the first signal")
        self.assertIsNone(process.poll())
        self.assertEqual(self.stop(process), -signal.SIGTERM)

    def test_sighup_reads_the_configuration_again(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=50")
        process = self.serve()
        self.config.write_text("[schedule]\nactve = 1\n")
        process.send_signal(signal.SIGHUP)
        wrong = f"{self.config}:2:1: unknown key"
        self.wait_for(lambda: wrong in self.logged().replace("\\", ""), "the complaint")
        self.assertRegex(self.logged(), r"level=error.*the old one stays")
        self.config.write_text('[schedule]\neager = "2d"\nactive = "2d"\nquiet = "2d"\nidle = "2d"\nresolved = "2d"\nsettled = "2d"\njitter = 0.0\n')
        process.send_signal(signal.SIGHUP)
        self.wait_for(lambda: "configuration read again" in self.logged(), "the new configuration")
        self.watch(mock, [1])
        self.wait_for(lambda: self.checked() == 1, "the bug")
        (bug,) = self.bugs().values()
        apart = datetime.datetime.fromisoformat(bug["next_check"]) - datetime.datetime.fromisoformat(bug["checked_at"])
        self.assertEqual(apart, datetime.timedelta(days=2))
        self.assertEqual(self.stop(process), 0)

    def test_the_service_manager_hears_of_progress_only(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=50")
        heard = []
        manager = Manager(self.folder / "notify")
        self.addCleanup(manager.close)
        hear = lambda wanted: manager.hear(wanted, heard)
        self.environment |= {"NOTIFY_SOCKET": str(self.folder / "notify"), "WATCHDOG_USEC": "1000000"}

        process = self.serve()
        self.assertEqual(hear("READY=1"), "READY=1\nSTATUS=0 bugs of 0 trackers, 0 in flight")
        self.assertEqual(heard, [])
        hear("WATCHDOG=1")
        hear("STATUS=")
        process.send_signal(signal.SIGHUP)
        self.assertRegex(hear("RELOADING=1"), r"^RELOADING=1\nMONOTONIC_USEC=\d+$")
        hear("READY=1")
        # A tracker that does not answer: the process lives, and the network gets nowhere.
        self.watch(mock, [1])
        self.wait_for(lambda: self.checked() == 1, "the first bug")
        self.freeze(mock)
        self.watch(mock, [2])
        self.wait_for(lambda: "the engine stands still" in self.logged(), "a standstill")
        manager.forget()
        heard.clear()
        hear("STATUS=")
        hear("STATUS=")
        self.assertEqual(heard, [])
        self.thaw(mock)
        hear("WATCHDOG=1")
        process.send_signal(signal.SIGTERM)
        hear("STOPPING=1")
        self.assertEqual(process.wait(timeout=resident.PATIENCE), 0)

    def test_check_hands_over_and_tells_the_same(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=50", "kind=trac,name=t,bugs=50")
        self.watch(mock, [*range(1, 11), 9999])
        self.watch(mock, range(1, 6), name="t")
        self.run_program("check", expect=1)
        own = self.lines("check", "--force", expect=1)
        own_text = self.run_program("check", "--force", expect=1)

        process = self.serve()
        handed = self.lines("check", "--force", expect=1)
        handed_text = self.run_program("check", "--force", expect=1)
        self.assertEqual(self.alike(handed), self.alike(own))
        self.assertEqual(self.without_times(handed_text.stdout), self.without_times(own_text.stdout))
        self.assertEqual(handed_text.stderr, own_text.stderr)
        self.assertIn("9999: not_found", handed_text.stderr)

        # One tracker, with its price told first.
        name = next(line["tracker"] for line in own if line.get("kind") == "trac")
        plan, tracker, done = self.lines("check", "--force", "--tracker", name)
        self.assertEqual((plan["plan"]["trackers"], plan["plan"]["bugs"]), (1, 5))
        self.assertGreaterEqual(plan["plan"]["requests"], 1)
        self.assertEqual(tracker["asked"], done["pass"]["asked"])
        told = self.run_program("check", "--force", "--tracker", name).stderr
        self.assertRegex(told, r"^checkwatches: 5 bugs of 1 tracker: \d+ requests?, about ")
        wrong = self.run_program("check", "--tracker", "nobody", expect=2).stderr
        self.assertEqual(self.stop(process), 0)
        self.assertEqual(self.run_program("check", "--tracker", "nobody", expect=2).stderr, wrong)
        self.assertEqual(self.alike(self.lines("check", "--force", "--tracker", name)), self.alike([plan, tracker, done]))

    def alike(self, lines):
        """What two checks of the same bugs have in common, whatever the order of the trackers."""
        out = []
        for line in lines:
            inner = dict(line.get("pass") or line.get("plan") or line)
            for changing in ("elapsed_ms", "seconds", "requests"):
                inner.pop(changing, None)
            out.append(json.dumps(inner, sort_keys=True))
        return sorted(out)

    def without_times(self, text):
        return sorted(re.sub(r"\(.*\)|, [\d.]+ s$", "", line) for line in text.splitlines())

    def test_fifty_checks_at_once(self):
        mock = self.mock(*(f"kind={'trac' if i % 2 else 'bugzilla'},name=t{i},bugs=60,latency=1500" for i in range(6)))
        for i in range(6):
            self.add([bug_url(mock.kinds[f"t{i}"], mock.urls[f"t{i}"], n) for n in range(1, 41) if n != 13])
        self.serve()
        done = [self.finish(p) for p in [self.start("check", "--json") for _ in range(50)]]
        for one in done:
            self.assertEqual(one.returncode, 0, one.stderr)
        self.wait_for(lambda: self.checked() == 6 * 39, "all bugs")
        passes = [json.loads(one.stdout.splitlines()[-1])["pass"] for one in done]
        for totals in passes:
            self.assertEqual((totals["failed"], totals["not_asked"]), (0, 0))
            self.assertEqual(totals["due"], totals["seen"])
        self.assert_nobody_twice(mock)
        self.assertEqual(self.lines("check")[-1]["pass"]["due"], 0)

    def test_fifty_checks_while_a_pass_runs_tell_the_same(self):
        mock = self.mock(*(f"kind=bugzilla,name=b{i},bugs=60" for i in range(4)))
        for i in range(4):
            self.add([bug_url("bugzilla", mock.urls[f"b{i}"], n) for n in range(1, 11)])
        self.freeze(mock)
        self.serve()
        self.wait_for(lambda: self.live("active_trackers") == 4, "the pass")
        running = [self.start("check", *force, "--json") for force in 25 * ([], ["--force"])]
        self.wait_for(lambda: self.live("checks") == 50, "fifty checks")
        self.thaw(mock)
        for one in map(self.finish, running):
            self.assertEqual(one.returncode, 0, one.stderr)
            totals = json.loads(one.stdout.splitlines()[-1])["pass"]
            self.assertEqual((totals["trackers"], totals["due"], totals["asked"], totals["seen"]), (4, 40, 40, 40))
        self.assert_nobody_twice(mock)

    def assert_nobody_twice(self, mock):
        for name in mock.urls:
            for bug, count in self.served(mock, name).items():
                self.assertLessEqual(count, 1, f"{name} {bug} was asked for twice")

    def test_fifty_checks_with_nobody_resident(self):
        mock = self.mock(*(f"kind=trac,name=t{i},bugs=60,latency=300" for i in range(4)))
        for i in range(4):
            self.add([bug_url("trac", mock.urls[f"t{i}"], n) for n in range(1, 11)])
        done = [self.finish(p) for p in [self.start("check", "--json") for _ in range(50)]]
        self.assertEqual({one.returncode for one in done}, {0}, [one.stderr for one in done])
        asked = [json.loads(one.stdout.splitlines()[-1])["pass"]["asked"] for one in done]
        self.assertEqual(sorted(asked), [0] * 49 + [40])
        self.assert_nobody_twice(mock)

    def frozen_check(self):
        """A mock that is frozen, an instance over it, and a check that it has taken over and cannot finish."""
        mock = self.mock("kind=bugzilla,name=b,bugs=50")
        self.watch(mock, range(1, 11))
        self.freeze(mock)
        process = self.serve()
        waiting = self.start("check", "--json")
        self.wait_for(lambda: self.live("checks") == 1, "the check")
        return mock, process, waiting

    def test_an_owner_that_is_killed_is_followed(self):
        mock, process, waiting = self.frozen_check()
        process.kill()
        process.wait()
        self.assertTrue(self.socket.exists())
        self.thaw(mock)
        # The check that had been handed over takes the work back.
        done = self.finish(waiting)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout.splitlines()[-1])["pass"]["seen"], 10)
        # The socket that was left is in nobody's way.
        again = self.serve()
        self.assertEqual(self.lines("check")[-1]["pass"]["due"], 0)
        self.assertEqual(self.stop(again), 0)
        self.assertFalse(self.socket.exists())

    def test_a_check_under_way_is_answered_when_the_instance_stops(self):
        mock, process, waiting = self.frozen_check()
        process.send_signal(signal.SIGTERM)
        self.wait_for(lambda: "stopping" in self.logged(), "the signal")
        self.thaw(mock)
        self.assertEqual(process.wait(timeout=resident.PATIENCE), 0, self.logged())
        done = self.finish(waiting)
        self.assertEqual(done.returncode, 0, done.stderr)
        totals = json.loads(done.stdout.splitlines()[-1])["pass"]
        self.assertEqual(totals["asked"] + totals["not_asked"], totals["due"])

    def test_a_stop_waits_no_longer_than_it_may(self):
        self.config.write_text(resident.PATIENT + '[serve]\ndrain = "1s"\n')
        mock, process, waiting = self.frozen_check()
        process.send_signal(signal.SIGTERM)
        # The mock is not thawed: what is under way would go on for minutes.
        self.assertEqual(process.wait(timeout=60), 0, self.logged())
        self.thaw(mock)
        self.finish(waiting)
        self.assertIn("stopped", self.logged())

    def test_a_database_that_takes_nothing_holds_results_back(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=50")
        self.watch(mock, range(1, 11))
        self.freeze(mock)
        process = self.serve()
        self.wait_for(lambda: self.live("in_flight") == 10, "the request")
        with contextlib.closing(sqlite3.connect(self.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            self.thaw(mock)
            self.wait_for(lambda: self.live("writer_stuck_since"), "the writer to be stuck")
            code, told = self.status()
            self.assertEqual((code, told["state"]), (1, "behind"))
            self.assertIn("locked", told["live"]["writer_error"])
            self.assertEqual(self.checked(), 0)
            other.execute("ROLLBACK")
        self.wait_for(lambda: self.checked() == 10, "the results that were held back")
        self.assert_nobody_twice(mock)
        self.wait_for(lambda: self.status()[0] == 0, "all to be well again")
        self.assertEqual(self.stop(process), 0)

    def open_incidents(self):
        return [one["kind"] for one in self.status()[1]["incidents"] if one["ended"] is None]

    def test_ourselves_offline_is_one_incident_and_nobody_is_blamed(self):
        closed = self.mock("kind=trac,name=gone,bugs=1")
        canary = closed.urls["gone"]
        closed.stop()
        self.config.write_text(f'[offline]\ncanary = "{canary}"\nhosts = 2\ngrace = "1s"\n[retry]\nattempts = 1\n')
        mock = self.mock(*(f"kind=trac,name=t{i},bugs=50" for i in range(3)))
        for name in mock.urls:
            self.watch(mock, range(1, 4), name=name)
        process = self.serve()
        self.wait_for(lambda: self.checked() == 9, "the first pass")
        for name in mock.urls:
            mock.post("/fault", tracker=name, fault="refuse")
            self.watch(mock, [7], name=name)
        self.wait_for(self.open_incidents, "the incident")
        code, told = self.status()
        self.assertEqual((code, told["live"]["offline"]), (1, True))
        self.assertEqual(self.open_incidents(), ["offline"])
        self.assertEqual((told["breakers"], told["failing"]), ([], 0))
        for name in mock.urls:
            mock.post("/fault", tracker=name, fault="none")
        self.wait_for(lambda: self.checked() == 12, "the work to go on")
        self.assertEqual({bug["outcome"] for bug in self.bugs().values()} - {"unmodified"}, {"seen"})
        self.wait_for(lambda: not self.open_incidents(), "the end of the incident")
        self.assertEqual(self.stop(process), 0)

    def test_the_heartbeat_is_called_after_a_minute_of_progress(self):
        called = threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(204)
                self.end_headers()
                called.set()

            do_HEAD = do_POST = do_GET

            def log_message(self, *_):
                pass

        there = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.addCleanup(there.server_close)
        listening = threading.Thread(target=there.serve_forever, args=(0.01,))
        listening.start()
        self.addCleanup(listening.join)
        self.addCleanup(there.shutdown)
        self.config.write_text(f'[serve]\nheartbeat = "http://127.0.0.1:{there.server_port}/ping/1"\n')
        self.serve()
        self.assertFalse(called.is_set())
        self.assertTrue(called.wait(resident.PATIENCE), self.logged())

    def test_progress_is_shown_beside_an_instance(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=50")
        self.watch(mock, range(1, 11))
        self.serve()
        self.wait_for(lambda: self.checked() == 10, "the first pass")
        alone, terminal = pty.openpty()
        with subprocess.Popen(self.command("check", "--force"), stdout=terminal, stderr=terminal, env=self.environment):
            os.close(terminal)
            shown = b""
            with contextlib.suppress(OSError):  # the end of a terminal
                while part := os.read(alone, 4096):
                    shown += part
        os.close(alone)
        self.assertIn(b"\r", shown)
        self.assertRegex(shown.decode(), r"10 of 10")


if __name__ == "__main__":
    resident.main()
