#!/usr/bin/env python3
"""Webhooks, told to a receiver that checks signatures as a documented client would, and that fails in every way."""

import base64
import signal

import web
from end_to_end import bug_url
from receiver import SECRET, Receiver

NEXT_SECRET = "whsec_" + base64.b64encode(b"another key of 32 bytes, that is").decode()
BUGS = 6


class Webhook(web.Case):
    def setUp(self):
        super().setUp()
        self.farm = self.mock(f"kind=bugzilla,name=b,bugs={BUGS}")
        self.write_secret("secret", SECRET)
        self.add([self.url(i) for i in range(1, BUGS)], "--label", "plum")
        self.add([self.url(BUGS)], "--label", "pear")
        self.run_program("check")

    def url(self, number):
        return bug_url("bugzilla", self.farm.urls["b"], number)

    def write_secret(self, name, text):
        path = self.folder / name
        path.write_text(text + "\n")
        path.chmod(0o600)

    def receiver(self, plan=lambda number, event: 204, secret=SECRET):
        receiver = Receiver(secret, plan)
        self.addCleanup(receiver.close)
        return receiver

    def configure(self, port, more="", old=False):
        """One webhook, to this port."""
        rotating = f'old_file = "{self.folder}/old"\n' if old else ""
        self.config.write_text(
            f'[[webhook]]\nname = "ci"\nurl = "http://127.0.0.1:{port}/hook/T0KEN"\nfile = "{self.folder}/secret"\n{rotating}{more}\n')

    def change(self, count):
        """So many changes more in the log; their ids."""
        before = self.last_id()
        while self.last_id() < before + count:
            self.farm.post("/step", count=count)
            self.check()
        return self.logged_ids(before)

    def check(self):
        self.run_program("--config", self.config, "check", "--force")

    def logged_ids(self, after=0):
        """Of changes: what operators did is not told."""
        return [line["id"] for line in self.lines("changes", "--after", after) if "actor" not in line]

    def last_id(self):
        return (self.logged_ids() or [0])[-1]

    def retry(self):
        """Whoever waits after trouble need not."""
        self.run_program("--config", self.config, "sink", "retry", "ci")
        return True

    def sink(self):
        (sink,) = self.lines("--config", self.config, "sink", "list")
        return sink

    def ids(self, receiver):
        return [event["data"]["change_id"] for event in receiver.taken if "change_id" in event["data"]]

    def test_a_change_arrives_signed_and_whole(self):
        receiver = self.receiver()
        self.configure(receiver.port, 'from = "beginning"')
        ids = self.change(3)
        self.assertEqual(self.ids(receiver), self.logged_ids())
        self.assertEqual(receiver.wrong, [])
        event = receiver.taken[-1]
        told = self.lines("changes")[-1]
        self.assertEqual(event["specversion"], "1.0")
        self.assertEqual(event["type"], "org.checkwatches.change.v1")
        self.assertEqual(event["subject"], told["url"])
        self.assertEqual(event["time"], told["at"])
        self.assertEqual(event["datacontenttype"], "application/json")
        data = event["data"]
        self.assertEqual((data["field"], data["old"], data["new"]), (told["field"], told["old"], told["new"]))
        shown = next(bug for bug in self.bugs().values() if bug["url"] == told["url"])
        self.assertEqual((data["status"], data["importance"], data["title"]), (shown["status"], shown["importance"], shown["title"]))
        self.assertEqual(data["labels"], shown["labels"])
        self.assertRegex(data["hash"], "^[0-9a-f]{40}$")
        self.assertEqual(len({one["id"] for one in receiver.taken}), len(receiver.taken))

    def test_a_new_sink_begins_now(self):
        self.configure(1)
        self.change(2)
        receiver = self.receiver()
        self.configure(receiver.port)
        ids = self.change(2)
        sink = self.sink()
        self.assertEqual(self.ids(receiver)[-2:], ids[-2:])
        self.assertEqual((sink["behind"], sink["failing_since"], sink["parked"]), (0, None, 0))

    def test_every_failure_is_waited_out_and_nothing_is_lost(self):
        def half(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            handler.close_connection = True

        def garbage(handler):
            handler.wfile.write(b"\x00\x01\x02 what\r\n\r\n")
            handler.close_connection = True

        def cut(handler):
            handler.close_connection = True

        def elsewhere(handler):
            Receiver.answer(handler, 307, Location=f"http://127.0.0.1:{receiver.port}/other")

        def later(handler):
            Receiver.answer(handler, 429, Retry_After=1)

        def busy(handler):
            Receiver.answer(handler, 503, "come again", Retry_After=1)

        def slow(handler):
            handler.rfile.read(1)  # until the client has waited for as long as it may, and goes
            cut(handler)

        ways = {1: half, 2: garbage, 3: cut, 4: elsewhere, 5: later, 6: busy, 7: slow, 8: 500, 9: 408}
        receiver = self.receiver(lambda number, event: ways.get(number, 200))
        self.configure(receiver.port, 'from = "beginning"')
        with self.config.open("a") as more:
            more.write('[network]\nidle_timeout = "3s"\n')
        process = self.serve()
        self.wait_for(lambda: self.retry() and len(receiver.requests) > len(ways), "the end of the failures")
        ids = self.change(4)
        self.wait_for(lambda: self.ids(receiver)[-1:] == ids[-1:], "all changes")
        self.assertEqual(self.stop(process), 0)
        self.assertEqual(self.ids(receiver), self.logged_ids())
        self.assertEqual({event["id"] for event, _ in receiver.requests[:len(ways) + 1]}, {receiver.taken[0]["id"]})
        self.assertEqual(receiver.wrong, [])
        self.assertEqual(self.logged().count("a sink fails"), 1)
        self.assertNotIn("T0KEN", self.logged())  # an address can be a secret

    def test_a_receiver_that_is_away_is_caught_up_with(self):
        receiver = self.receiver()
        receiver.close()
        self.configure(receiver.port, 'from = "beginning"')
        self.change(3)
        self.assertIn("the sink ci fails", self.run_program("--config", self.config, "check").stderr)
        sink = self.sink()
        self.assertIsNotNone(sink["failing_since"])
        self.assertIn("connect", sink["trouble"])
        self.assertGreaterEqual(sink["behind"], 3)
        again = Receiver(SECRET, port=receiver.port)
        self.addCleanup(again.close)
        self.check()
        self.assertEqual(self.ids(again), self.logged_ids())
        self.assertEqual((self.sink()["behind"], self.sink()["failing_since"]), (0, None))

    def test_what_is_refused_is_parked_and_told_again_by_command(self):
        poisoned = []
        receiver = self.receiver(lambda number, event: 500 if event["data"].get("change_id") in poisoned else 200)
        poisoned.append(2)
        self.configure(receiver.port, 'from = "beginning"')
        process = self.serve()
        ids = self.change(3)
        self.wait_for(lambda: self.ids(receiver)[-1:] == ids[-1:], "what came behind the poisoned one")
        self.assertNotIn(2, self.ids(receiver))
        self.assertEqual(self.sink()["parked"], 1)
        self.assertIn("an event was parked", self.logged())
        tries = [event["id"] for event, _ in receiver.requests if event["data"]["change_id"] == 2]
        self.assertEqual(len(tries), 5)
        poisoned.clear()
        said = self.run_program("--config", self.config, "sink", "retry", "ci", "2").stdout
        self.assertIn("1 event", said)
        self.wait_for(lambda: 2 in self.ids(receiver), "the parked event")
        self.wait_for(lambda: self.sink()["parked"] == 0, "nothing parked")
        self.assertEqual(self.stop(process), 0)
        self.assertEqual(receiver.taken[-1]["id"], tries[0])

    def test_one_that_wants_no_more_is_left_alone(self):
        gone = [True]
        receiver = self.receiver(lambda number, event: 410 if gone else 200)
        self.configure(receiver.port, 'from = "beginning"')
        process = self.serve()
        self.change(1)
        self.wait_for(lambda: "a sink wants no more" in self.logged(), "the end of the sink")
        self.change(2)
        self.assertEqual(len(receiver.requests), 1)
        gone.clear()
        self.retry()
        self.wait_for(lambda: self.ids(receiver)[-1:] == [self.last_id()], "all changes")
        self.assertEqual(self.stop(process), 0)

    def test_a_test_is_told_and_moves_nothing(self):
        receiver = self.receiver()
        self.configure(receiver.port)
        self.change(1)
        before = self.sink()
        said = self.run_program("--config", self.config, "sink", "test", "ci").stdout
        self.assertIn("204", said)
        self.assertEqual(receiver.taken[-1]["type"], "org.checkwatches.test.v1")
        self.assertEqual(self.sink(), before)
        receiver.plan = lambda number, event: 500
        refused = self.run_program("--config", self.config, "sink", "test", "ci", expect=1)
        self.assertIn("500", refused.stderr)
        self.assertNotIn("T0KEN", refused.stderr)
        self.run_program("--config", self.config, "sink", "test", "nobody", expect=2)

    def test_the_page_and_the_api_show_and_help(self):
        receiver = self.receiver(lambda number, event: 422 if event["data"].get("change_id") == 1 else 200)
        self.configure(receiver.port, 'from = "beginning"')
        process = self.serve_web()
        operator = self.token("ops")
        self.wait_for(lambda: self.retry() and self.get("sinks")["items"][0]["parked"] == 1, "the parked event")
        self.wait_for(lambda: self.sink()["behind"] == 0, "what came behind it")
        (sink,) = self.get("sinks")["items"]
        self.assertEqual(sink["parked_events"][0]["id"], 1)
        self.assertEqual(sink, self.sink())
        self.assertEqual(self.ask("/api/v1/sinks/ci/test", "POST", {}).status, 401)
        self.assertEqual(self.ask("/api/v1/sinks/nobody/test", "POST", {}, token=operator).status, 404)
        tested = self.ask("/api/v1/sinks/ci/test", "POST", {}, token=operator)
        self.assertEqual((tested.status, receiver.taken[-1]["type"]), (200, "org.checkwatches.test.v1"), tested.text)
        self.assertIn("HTTP status 200", tested.json["answer"])
        page = self.ask("/sinks").text
        self.assertIn("1 parked event", page)
        self.assertIn("HTTP status 422", page)
        self.wait_for(lambda: 'checkwatches_sink_parked_events{sink="ci"} 1' in self.ask("/metrics").text, "the metrics")
        receiver.plan = lambda number, event: 200
        self.assertEqual(self.ask("/api/v1/sinks/ci/retry", "POST", {"id": 99}, token=operator).status, 400)
        self.assertEqual(self.ask("/api/v1/sinks/ci/retry", "POST", {"id": 1}, token=operator).json["events"], 1)
        self.wait_for(lambda: self.sink()["parked"] == 0, "nothing parked")
        self.assertEqual(self.ids(receiver)[-1], 1)
        self.assertEqual(self.ask("/api/v1/sinks/ci/skip", "POST", {}, token=operator).status, 400)
        self.assertEqual(self.stop(process), 0)

    def test_status_names_the_sinks_that_fail(self):
        receiver = self.receiver(lambda number, event: 503)
        self.configure(receiver.port, 'from = "beginning"')
        process = self.serve_web()
        self.wait_for(lambda: self.get("status")["failing_sinks"] == ["ci"], "the failure")
        code, said = self.status("--config", self.config)
        self.assertEqual((code, [one["name"] for one in said["failing_sinks"]]), (0, ["ci"]))
        self.assertIn("the sink ci fails", self.run_program("--config", self.config, "status").stdout)
        self.assertNotIn("sink", self.ask("/readyz").text)
        self.run_program("--config", self.config, "sink", "skip", "ci")
        self.wait_for(lambda: self.sink()["parked"] == 1, "what was skipped")
        self.assertEqual(self.stop(process), 0)

    def test_two_secrets_are_valid_while_one_is_rotated_out(self):
        old, new = self.receiver(), self.receiver(secret=NEXT_SECRET)
        self.configure(old.port)
        self.run_program("--config", self.config, "sink", "test", "ci")
        self.write_secret("old", SECRET)
        self.write_secret("secret", NEXT_SECRET)
        for receiver in (old, new):
            self.configure(receiver.port, old=True)
            self.run_program("--config", self.config, "sink", "test", "ci")
        self.configure(old.port)
        self.run_program("--config", self.config, "sink", "test", "ci", expect=1)
        self.assertEqual((len(old.taken), len(new.taken), len(old.wrong)), (2, 1, 1))

    def test_only_what_the_filter_wants_is_told(self):
        receiver = self.receiver()
        self.configure(receiver.port, 'from = "beginning"\nlabels = ["pear"]\nfields = ["status", "remote_status"]')
        for _ in range(3):
            self.change(BUGS)
        wanted = [
            line["id"] for line in self.lines("changes")
            if line["url"] == self.url(BUGS) and line["field"] in ("status", "remote_status")]
        self.assertEqual(self.ids(receiver), wanted)
        self.assertEqual(self.sink()["behind"], 0)  # what is passed over is not owed

    def test_sinks_change_by_a_reload(self):
        first, second = self.receiver(), self.receiver()
        self.configure(first.port, 'from = "beginning"')
        process = self.serve()
        self.change(2)
        self.wait_for(lambda: self.ids(first)[-1:] == [self.last_id()], "the first receiver")
        had = self.last_id()
        self.configure(second.port)
        process.send_signal(signal.SIGHUP)
        self.wait_for(lambda: "configuration read again" in self.logged(), "the reload")
        ids = self.change(2)
        self.wait_for(lambda: self.ids(second)[-1:] == ids[-1:], "the second receiver")
        self.assertEqual(self.ids(second), self.logged_ids(had))
        self.run_program("--config", self.config, "sink", "drop", "ci", expect=2)
        self.config.write_text("")
        process.send_signal(signal.SIGHUP)
        self.wait_for(lambda: self.logged().count("configuration read again") == 2, "the second reload")
        gone = self.sink()
        self.assertFalse(gone["configured"])
        self.run_program("--config", self.config, "sink", "drop", "ci")
        self.assertEqual(self.lines("sink", "list"), [])
        self.assertEqual(self.stop(process), 0)

    def test_a_restart_goes_on_behind_what_was_confirmed(self):
        receiver = self.receiver()
        self.configure(receiver.port, 'from = "beginning"')
        for _ in range(3):
            process = self.serve()
            ids = self.change(2)
            self.wait_for(lambda: self.ids(receiver)[-1:] == ids[-1:], "all changes")
            self.assertEqual(self.stop(process), 0)
        self.assertEqual(self.ids(receiver), self.logged_ids())

    def test_a_wrong_configuration_is_told(self):
        for wrong, why in (
            ('url = "http://127.0.0.1:1/"\nvariable = "NO_SUCH"', "NO_SUCH"),
            ('url = "ftp://127.0.0.1:1/"', "address"),
            (f'url = "http://127.0.0.1:1/"\nfile = "{self.folder}/secret"\nstatuses = ["Sleepy"]', "Sleepy"),
            (f'url = "http://127.0.0.1:1/"\nfile = "{self.folder}/secret"\nfields = ["weather"]', "weather"),
            (f'url = "http://127.0.0.1:1/"\nfile = "{self.folder}/secret"\nfrom = "yesterday"', "from"),
            (f'url = "http://127.0.0.1:1/"\nfile = "{self.folder}/short"', "24"),
        ):
            self.write_secret("short", "whsec_YWJj")
            self.config.write_text(f'[[webhook]]\nname = "ci"\n{wrong}\n')
            said = self.run_program("--config", self.config, "status", expect=2)
            self.assertIn(why, said.stderr)
        self.configure(1, f'\n[[webhook]]\nname = "ci"\nurl = "http://127.0.0.1:2/"\nfile = "{self.folder}/secret"')
        self.assertIn("two sinks", self.run_program("--config", self.config, "status", expect=2).stderr)


if __name__ == "__main__":
    web.main()
