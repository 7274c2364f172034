#!/usr/bin/env python3
"""What checkwatches reads of a folder of captures: report.py PROGRAM KIND FOLDER [ID…]

Asks for each bug alone and for all of them together, and prints outcome, words and verdict of each, where the two differ, and
what no capture answered."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from replay import Replay, bugs_of

ADDRESSES = {
    "bugzilla": "show_bug.cgi?id={}", "mantis": "view.php?id={}", "redmine": "issues/{}",
    "rt": "Ticket/Display.html?id={}", "trac": "ticket/{}",
}
SHOWN = ("outcome", "remote_status", "status", "remote_importance", "importance", "title", "duplicate_of", "error")


class Reader:
    """The program with a database of its own, and without anybody's configuration."""

    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.environment = {key: value for key, value in os.environ.items()
                            if not key.lower().endswith("_proxy") and not key.startswith("XDG_")}
        self.environment["HOME"] = str(folder)
        config = self.folder / ".config" / "checkwatches" / "config.toml"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text("[retry]\nattempts = 1\n")

    def run(self, *arguments, stdin=None):
        return subprocess.run([self.program, "--db", self.folder / "watch.db", *arguments], input=stdin, text=True,
                              capture_output=True, env=self.environment, timeout=300)

    def read(self, kind, base, ids):
        """What `show` says of these bugs after one check, by id."""
        (self.folder / "watch.db").unlink(missing_ok=True)
        said = self.run("add", "-", "--kind", kind, stdin="".join(
            f"{base}/{ADDRESSES[kind].format(bug)}\n" for bug in ids))
        self.run("check", "--force")
        shown = self.run("show", "--json").stdout.splitlines()
        found = {bug["remote_id"]: bug for bug in map(json.loads, shown)}
        return {bug: {key: found[bug].get(key) for key in SHOWN} if bug in found else {"refused": said.stderr.strip()}
                for bug in ids}


def asked_bugs(captures):
    """The bugs that the captures ask for, where they name few."""
    out = set()
    for one in captures:
        named = bugs_of(one.target, one.body)
        if len(named) <= 10:
            out |= named
    return sorted(out, key=int)


def report(program, kind, folder, ids):
    server = Replay(folder)
    try:
        with tempfile.TemporaryDirectory(prefix="checkwatches-replay-") as scratch:
            reader = Reader(program, scratch)
            ids = ids or asked_bugs(server.captures)
            alone = {bug: reader.read(kind, server.base, [bug])[bug] for bug in ids}
            together = reader.read(kind, server.base, ids)
    finally:
        server.end()
    unused = sorted({one.name for one in server.captures} - server.used)
    return alone, together, sorted(set(server.unanswered)), unused


def line_of(what):
    return json.dumps({key: value for key, value in what.items() if value is not None}, ensure_ascii=False)


def main():
    program, kind, folder, *ids = sys.argv[1:]
    alone, together, unanswered, unused = report(program, kind, folder, ids)
    for bug, what in alone.items():
        print(bug, line_of(what))
        if together[bug] != what:
            print("  among others:", line_of(together[bug]))
    for request in unanswered:
        print("no capture names its bugs:", request[:300])
    print("not needed:", ", ".join(unused) or "none")


if __name__ == "__main__":
    main()
