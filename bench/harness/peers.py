"""Those who ask for the same beside us. Each gets the addresses that our own program asks, and has to get all their bugs."""

import json
import subprocess
import sys

from harness.measure import Cost, run
from harness.setting import peer

FIELDS = "id,status,resolution,priority,severity,summary,product,dupe_of,last_change_time"

WHOLE = ",etag=0"  # of a mock Bugzilla: each answer is whole for everybody; with ETags we would be told that nothing changed


def bugzilla_url(base, ids):
    """The request by which our program asks a Bugzilla for these bugs."""
    return f"{base}/rest/bug?id={','.join(map(str, ids))}&include_fields={FIELDS}&limit={len(ids)}"


def python(name, urls, bugs, *options):
    """A peer in Python (bench/peers): what it says that its work cost, without Python's start; `out` is all that it said. `bugs`:
    how many it has to get; None: any number."""
    said = json.loads(run([sys.executable, "-B", peer(name), *map(str, options)], "\n".join(urls)).out)
    if bugs not in (None, said["bugs"]):
        raise RuntimeError(f"{name} got {said['bugs']} of {bugs} bugs")
    return Cost(said["wall_s"], said["cpu_s"], out=said)


def curl(urls, at_once=300):
    """The whole process; it parses nothing."""
    config = "".join(f'url = "{url}"\noutput = "/dev/null"\n' for url in urls)
    cost = run(["curl", "--silent", "--disable", "--noproxy", "*", "--parallel", "--parallel-immediate", "--parallel-max", at_once,
                "--max-time", 60, "--write-out", "%{http_code}\n", "--config", "-"], config)
    if cost.out.split() != ["200"] * len(urls):
        raise RuntimeError(f"curl got {cost.out.split().count('200')} of {len(urls)} answers")
    return cost


class Floor:
    """The least that a client can do (bench/native/floor.cpp), resident as we are: its connections are kept."""

    def __init__(self, how, urls, connections=1):
        self.answers = len(urls)
        self.process = subprocess.Popen(
            [how.program("checkwatches-floor"), "--connections", str(connections)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write("\n".join(urls) + "\n")

    def one_pass(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline() or "{}")
        if said.get("answers") != self.answers:
            raise RuntimeError(f"the floor got {said.get('answers')} of {self.answers} answers")
        return Cost(said["wall_s"], said["cpu_s"], out=said)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()
