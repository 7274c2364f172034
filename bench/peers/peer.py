"""What the peers in Python share: addresses come on standard input, the bugs of their answers become tuples, and a line of JSON
says what that cost: {"wall_s", "cpu_s", "bugs"}. The start of Python and its imports are not counted."""

import json
import sys
import time
import urllib.request

TIMEOUT = 30
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
FIELDS = ("id", "status", "resolution", "priority", "severity", "summary", "product", "dupe_of", "last_change_time")


def bugs_of(body):
    return [tuple(map(bug.get, FIELDS)) for bug in json.loads(body)["bugs"]]


def get(url):
    """The bugs of one answer, by urllib: a connection of its own."""
    with DIRECT.open(url, timeout=TIMEOUT) as answer:
        return bugs_of(answer.read())


def measure(get_all, **more):
    """`get_all(urls)`: the answers' bugs, a list for each. `more` is told beside the cost."""
    urls = sys.stdin.read().split()
    wall, cpu = time.monotonic(), time.process_time()
    bugs = sum(map(len, get_all(urls)))
    print(json.dumps({"wall_s": time.monotonic() - wall, "cpu_s": time.process_time() - cpu, "bugs": bugs, **more}))
