"""What a run cost: time on the wall, time of processors, memory. Nothing here knows what is measured."""

import contextlib
import dataclasses
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile
import time


@dataclasses.dataclass
class Cost:
    wall: float  # seconds
    cpu: float  # seconds, user and system, of all threads
    peak: int = 0  # bytes resident at most; 0: not known
    out: str = ""  # what it printed


def run(command, stdin=None, environment=None, timeout=300):
    """A program from its start to its end, its own start-up included. Fails where it does not end with 0."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as given:
        given.write((stdin or "").encode())
        given.seek(0)
        began = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], stdin=given, stdout=out, stderr=said, env=environment)
        with _ended_after(process, timeout):
            _, how, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(how)
        out.seek(0)
        said.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said.read().decode()[-2000:]}")
        return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, out.read().decode())


@contextlib.contextmanager
def _ended_after(process, seconds):
    import threading

    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class Meter:
    """A process that stays: what it used between two looks, to the nanosecond (the scheduler's own count)."""

    def __init__(self, pid):
        self.tasks = pathlib.Path(f"/proc/{pid}/task")
        self.status = pathlib.Path(f"/proc/{pid}/status")

    def cpu(self):
        """Seconds of its living threads."""
        total = 0
        for task in self.tasks.iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def resident(self):
        """Bytes."""
        return self._kib("VmRSS:") * 1024

    def peak(self):
        """Bytes, since its start."""
        return self._kib("VmHWM:") * 1024

    def _kib(self, what):
        return next(int(line.split()[1]) for line in self.status.read_text().splitlines() if line.startswith(what))


def in_turns(rounds, contestants):
    """Runs each contestant once a round, so that all share the machine's moods: {name: [what it returned, …]}. The first
    round is not counted."""
    results = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, contestant in contestants.items():
            got = contestant()
            if number != 0:
                results[name].append(got)
    return results


def median_of(costs, part):
    """The median of one part ("wall", "cpu", "peak") of costs."""
    return statistics.median(getattr(cost, part) for cost in costs)


def allow_many_files(wanted=65_536):
    """As many descriptors as the system lets us have, for us and for what we start."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
