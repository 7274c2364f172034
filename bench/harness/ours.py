"""Our own program among mock trackers: a database of watches, and passes over it by the resident engine."""

import contextlib
import http.client
import json
import os
import subprocess
import urllib.parse

import end_to_end
from end_to_end import bug_url

from harness.measure import Cost, Meter, end, wait_until

# Of the configuration's [network]: each pass connects anew, as everybody's does. Between two checks of a tracker lie hours.
KEPT_SHORTLY = 'keep_alive = "1s"'
WITHOUT_ETAG = ",etag=0"  # of a mock Bugzilla: no answer is "not modified"
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

        def address():
            text = log.read_text()
            if self.process.poll() is not None:
                raise RuntimeError(f"serve ended: {text}")
            return text.split(" at=")[1].split()[0].strip('"').rstrip("/") if " at=" in text else None

        self.url = wait_until(address, "serve is ready")
        self.meter = Meter(self.process.pid)
        self.sockets_at_first = self.sockets()

    def set_all(self, **settings):
        """Changes how each tracker is asked, while we serve."""
        token = self.lines("token", "add", "bench", "--right", "operate")[0]["token"]
        to = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc, timeout=60)
        with contextlib.closing(to):
            for tracker in self.lines("tracker", "list"):
                name = urllib.parse.quote(tracker["name"], safe="")
                to.request("PATCH", f"/api/v1/trackers/{name}/settings", json.dumps(settings), {
                    "Authorization": f"Bearer {token}", "Content-Type": "application/json"})
                answer = to.getresponse()
                said = answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"{tracker['name']} is not set: {answer.status} {said}")

    def end(self):
        self.process.terminate()
        end(self.process)

    def one_pass(self, expect=0):
        """A forced pass of the resident engine: what it cost that process, its trackers' lines, and its sums."""
        before = self.meter.cpu()
        *trackers, summary = self.lines("check", "--force", expect=expect)
        cpu = self.meter.cpu() - before
        return Cost(summary["pass"]["elapsed_ms"] / 1000, cpu, self.meter.peak()), trackers, summary["pass"]

    def whole_pass(self, bugs):
        """What a pass cost that connects anew and reads so many bugs, calling none of them unmodified: where changed_since=False
        was set, no answer has an ETag, and the configuration is KEPT_SHORTLY. Its CPU is with the end of the connections."""
        self.wait_for_no_connection()
        before = self.meter.cpu()
        cost, trackers, _ = self.one_pass()
        self.wait_for_no_connection()
        cost.cpu = self.meter.cpu() - before
        seen = [line["outcomes"].get("seen", 0) for line in trackers]
        if sum(seen) != bugs:
            raise RuntimeError(f"not all bugs were read: {trackers}")
        return cost

    def wait_for_no_connection(self):
        wait_until(lambda: self.sockets() <= self.sockets_at_first, "all connections are closed")

    def sockets(self):
        count = 0
        for entry in os.scandir(f"/proc/{self.process.pid}/fd"):
            with contextlib.suppress(FileNotFoundError):
                count += os.readlink(entry.path).startswith("socket:")
        return count

    def close(self):
        self.doCleanups()
