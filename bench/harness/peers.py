"""Those who ask for the same beside us. Each gets the addresses that our own program asks, and has to get all their bugs."""

import json
import sys

from harness.measure import Cost, run
from harness.setting import peer

OUR_CLIENT = "our client alone"  # the contestant's name
FIELDS = "id,status,resolution,priority,severity,summary,product,dupe_of,last_change_time"


def bugzilla_url(base, ids):
    """The request by which our program asks a Bugzilla for these bugs."""
    return f"{base}/rest/bug?id={','.join(map(str, ids))}&include_fields={FIELDS}&limit={len(ids)}"


def python(name, urls, bugs, *options):
    """A peer in Python (bench/peers): what it says that its work cost, without Python's start; `out` is all that it said, and
    the CPU with the start. `bugs`: how many it has to get; None: any number."""
    process = run([sys.executable, "-B", peer(name), *map(str, options)], "\n".join(urls))
    said = json.loads(process.out) | {"process_cpu_s": process.cpu}
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


def floor(how, urls, connections=1):
    """The least that a client can do (bench/native/floor.cpp), over so many connections to each origin."""
    said = json.loads(run([how.program("checkwatches-floor"), "--connections", connections], "\n".join(urls)).out)
    if said["answers"] != len(urls):
        raise RuntimeError(f"the floor got {said['answers']} of {len(urls)} answers")
    return Cost(said["wall_s"], said["cpu_s"], out=said)


def our_client(how, urls, connections, requests, bugs):
    """Our own HTTP client without the engine around it: asks for these addresses in turns, each for so many bugs, and reads what
    it gets. What that took, without start-up."""
    said = json.loads(run([how.program("checkwatches-client-load"), f"--connections={connections}", f"--requests={requests}",
                           "--parse=rest", f"--bugs={bugs}", *urls]).out)
    if said["bugs"] != requests * bugs:
        raise RuntimeError(f"our client got {said['bugs']} of {requests * bugs} bugs")
    return Cost(said["wall_s"], said["cpu_s"], out=said)
