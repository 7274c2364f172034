"""Our own program among mock trackers: a database of watches, and passes over it by the resident engine."""

import json
import pathlib
import subprocess
import time

import end_to_end
from end_to_end import bug_url

from harness.measure import Cost, Meter

FIRST = 21  # ids above 20 are ordinary: no private one, no duplicate costs a request of its own


class Place(end_to_end.Case):
    """A folder with a database and whatever is started for it; close() ends it all. Not a test."""

    def __init__(self, config=""):
        super().__init__()
        self.setUp()
        self.config = self.folder / "c.toml"
        self.config.write_text(config)

    def runTest(self):
        pass

    def command(self, *arguments):
        return super().command("--config", self.config, *arguments)

    def watch(self, farm, kind, bugs):
        """Watches so many bugs at each tracker of a mock."""
        self.add([bug_url(kind, base, FIRST + i) for base in farm.urls.values() for i in range(bugs)])

    def farm_of(self, trackers, bugs, latency_ms, kind="bugzilla", more=""):
        """Mock trackers that have so many ordinary bugs."""
        return self.mock(f"kind={kind},name=t,bugs={bugs + FIRST - 1},latency={latency_ms}{more}",
                         arguments=("--repeat", str(trackers)))

    def serve(self, *arguments):
        """The resident engine, ready; it is a Meter's, as `self.meter`, and listens at `self.url`."""
        log = self.folder / "serve.log"
        said = log.open("w")
        self.addCleanup(said.close)
        self.process = subprocess.Popen(
            self.command("serve", "--listen", "127.0.0.1:0", *arguments), stderr=said, env=self.environment)
        self.addCleanup(self.end)
        while " at=" not in (text := log.read_text()):
            if self.process.poll() is not None:
                raise RuntimeError(f"serve ended: {text}")
            time.sleep(0.02)
        self.url = text.split(" at=")[1].split()[0].strip('"').rstrip("/")
        self.meter = Meter(self.process.pid)

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=60)

    def one_pass(self, expect=0):
        """A forced pass of the resident engine: what it cost that process, its trackers' lines, and its sums."""
        before = self.meter.cpu()
        *trackers, summary = self.lines("check", "--force", expect=expect)
        cpu = self.meter.cpu() - before
        return Cost(summary["pass"]["elapsed_ms"] / 1000, cpu, self.meter.peak()), trackers, summary["pass"]

    def close(self):
        self.doCleanups()
