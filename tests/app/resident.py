"""The resident program for end-to-end tests."""

import json
import signal
import socket
import subprocess
import time

import end_to_end

PATIENT = '[network]\nidle_timeout = "10m"\ntotal_timeout = "10m"\n'  # for trackers that are frozen
# Everything is due all the time, and whoever fails is asked again at once.
RESTLESS = """
[schedule]
eager = "1s"
active = "1s"
quiet = "1s"
idle = "1s"
resolved = "1s"
settled = "1s"
most_bug_delay = "1s"
first_tracker_delay = "1s"
most_tracker_delay = "1s"
[breaker]
after = 100
first_delay = "1s"
most_delay = "1s"
[retry]
attempts = 1
"""
PATIENCE = 120  # seconds until a condition that never comes fails the test


class Case(end_to_end.Case):
    listen = "none"  # where pages and API are

    def setUp(self):
        super().setUp()
        self.config = self.folder / "c.toml"
        self.config.write_text(PATIENT)
        self.log = self.folder / "serve.log"
        self.socket = self.database.parent / (self.database.name + ".sock")

    def wait_for(self, condition, what):
        """What `condition` returns, once it is true."""
        deadline = time.monotonic() + PATIENCE
        while not (value := condition()):
            self.assertLess(time.monotonic(), deadline, f"waited in vain for {what}; log:\n{self.logged()}")
            time.sleep(0.01)
        return value

    def logged(self):
        return self.log.read_text() if self.log.exists() else ""

    def serve(self):
        """Starts the resident program and waits until it listens."""
        with self.log.open("a") as log:
            process = subprocess.Popen(
                self.command("--config", self.config, "serve", "--listen", self.listen), stderr=log, stdout=log, env=self.environment)
        self.addCleanup(self.end, process)
        self.wait_for(lambda: process.poll() is not None or self.listens(), "the control socket")
        self.assertIsNone(process.poll(), self.logged())
        return process

    def freeze(self, mock):
        """The trackers accept connections and requests, and answer only after thaw()."""
        mock.process.send_signal(signal.SIGSTOP)
        self.addCleanup(self.thaw, mock)

    def thaw(self, mock):
        mock.process.send_signal(signal.SIGCONT)

    def end(self, process):
        if process.poll() is None:
            process.kill()
        process.wait(timeout=60)

    def listens(self):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket))
            except OSError:
                return False
            return True

    def stop(self, process, with_signal=signal.SIGTERM):
        process.send_signal(with_signal)
        return process.wait(timeout=PATIENCE)

    def start(self, *arguments):
        """A command that runs beside the test; finish() gives its result."""
        process = subprocess.Popen(
            self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def finish(self, process):
        out, err = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def status(self, *arguments):
        """Exit code and JSON of `status`."""
        done = subprocess.run(
            self.command("status", "--json", *arguments), capture_output=True, text=True, env=self.environment, timeout=60)
        return done.returncode, json.loads(done.stdout)

    def live(self, field):
        """What the instance that answers says of itself."""
        return self.status()[1]["live"][field]

    def served(self, mock, tracker):
        """How often each bug of a mock tracker was told."""
        return {bug["id"]: len(bug["served"]) for bug in mock.ask("/ledger", tracker=tracker)["bugs"]}

    def checked(self):
        """How many bugs were checked at least once."""
        return sum(bug["checked_at"] is not None for bug in self.bugs().values())


main = end_to_end.main
