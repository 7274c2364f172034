"""What the benchmarks share: a database of watches at mock trackers, and timed passes over it."""

import os
import statistics
import subprocess

import end_to_end
from end_to_end import bug_url


class Passes(end_to_end.Case):
    """Mock trackers with `bugs` watched bugs each, all probed; not a test."""

    def runTest(self):
        pass

    def __init__(self, trackers, bugs, latency_ms, config=""):
        super().__init__()
        self.setUp()
        self.bugs_each = bugs
        self.config = self.folder / "c.toml"
        self.config.write_text(config)
        # Ids above 20 are ordinary: no private one, no duplicate costs a request of its own.
        self.farm = self.mock(
            f"kind=bugzilla,name=t,bugs={bugs + 20},latency={latency_ms}", arguments=("--repeat", str(trackers)))
        self.add([bug_url("bugzilla", base, 20 + i) for base in self.farm.urls.values() for i in range(1, bugs + 1)])
        self.names = {tracker["url"].rstrip("/"): tracker["name"] for tracker in self.lines("tracker", "list")}

    def one(self, expect=0):
        """One forced pass: the lines of its trackers, then its sums."""
        *trackers, summary = self.lines("--config", self.config, "check", "--force", expect=expect)
        return trackers, summary["pass"]

    def floor_ms(self):
        """The same requests by a client that does nothing else (bench/floor.cpp)."""
        ids = ",".join(str(20 + i) for i in range(1, self.bugs_each + 1))
        fields = "id,status,resolution,priority,severity,summary,product,dupe_of,last_change_time"
        urls = [f"{base}/rest/bug?id={ids}&include_fields={fields}&limit={self.bugs_each}" for base in self.farm.urls.values()]
        done = subprocess.run(
            [os.environ["CHECKWATCHES_FLOOR"]], input="\n".join(urls) + "\n", capture_output=True, text=True, check=True)
        return float(done.stdout)

    def close(self):
        self.doCleanups()


def median(values):
    return statistics.median(values)
