"""What a run cost: time on the wall, time of processors, memory. Nothing here knows what is measured."""

import contextlib
import dataclasses
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile
import threading
import time

PATIENCE_S = 120  # for whatever is to come by itself


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
        with killed_after(process, timeout):
            _, how, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(how)
        out.seek(0)
        said.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said.read().decode()[-2000:]}")
        return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, out.read().decode())


@contextlib.contextmanager
def killed_after(process, seconds=PATIENCE_S):
    """Whoever waits for it inside does not wait longer, and does not leave it behind."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        timer.cancel()


def line_of(process, seconds=PATIENCE_S):
    """What it says next."""
    with killed_after(process, seconds):
        if not (line := process.stdout.readline()):
            raise RuntimeError(f"{process.args[0]} ended, or said nothing within {seconds} s")
    return line


def end(process, seconds=PATIENCE_S):
    """Of a program that ends where its standard input does."""
    try:
        if process.stdin:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
        process.wait(timeout=seconds)
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


@contextlib.contextmanager
def started(command, seconds=PATIENCE_S):
    """A program that stays as long as the block: (the process, the line that it says first)."""
    process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process, line_of(process, seconds)
    finally:
        end(process, seconds)


def wait_until(found, what, seconds=PATIENCE_S):
    """Asks again and again; what was found at last."""
    until = time.monotonic() + seconds
    while not (got := found()):
        if time.monotonic() > until:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.02)
    return got


class Meter:
    """A process that stays: what it used between two looks, to the nanosecond (the scheduler's own count)."""

    def __init__(self, pid):
        self.clock = ~pid << 3 | 2  # its processor clock: what clock_getcpuclockid says
        self.status = pathlib.Path(f"/proc/{pid}/status")

    def cpu(self):
        """Seconds of all its threads, of those that have ended too."""
        return time.clock_gettime_ns(self.clock) / 1e9

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


def median_of(runs, part):
    """The median of one part of costs ("wall", "cpu", "peak"), or of what programs said."""
    return statistics.median(run[part] if isinstance(run, dict) else getattr(run, part) for run in runs)


def allow_many_files(wanted=65_536):
    """As many descriptors as the system lets us have, for us and for what we start."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
