#!/usr/bin/env python3
"""`scan` over thousands of source packages, next to `grep -r -E` for the same patterns over the same tree in the same run, in
turns: medians, MB/s, and their ratio. The tree is in the page cache for both.

scan.py [FOLDER]: packages that are there already, in place of those that are made up here."""

import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAM = os.environ["CHECKWATCHES"]
PACKAGES, SOURCES, LINES, ROUNDS = 3000, 8, 220, 5
MOST_RATIO = 1.5  # of grep's time, where grep has as many processors: one for each of the two
# Whoever greps for bugs' addresses and for what changelogs close.
PATTERN = (r"https?://[^][ <>\"'()]+(show_bug\.cgi\?id=|/issues/|/ticket/|/browse/|bugs/|bugs\.debian\.org/)[0-9A-Z-]+"
           r"|[Cc]loses: *(bug)?#?[0-9]+|LP: +#[0-9]+|(boo|bsc|rhbz|gh|kde)#[^ ]+")


def make(folder):
    """Packages of C, with licences, comments and links as often as in Debian's archive, where there are some 50 in a MB."""
    chance = random.Random(1)
    words = ["static", "int", "const", "char *", "return", "if (x == y)", "std::string", "/* comment */", "#include <stdio.h>",
             "for (i = 0; i < n; i++)", "memcpy(to, from, n);", "foo->bar::baz()", "  * a sentence: of a comment, #3"]
    links = ["https://bugs.kde.org/show_bug.cgi?id={}", "https://github.com/acme/widget/issues/{}", "http://bugs.debian.org/{}",
             "https://bugzilla.gnome.org/show_bug.cgi?id={}", "https://gitlab.freedesktop.org/a/b/-/issues/{}"]
    text = [" ".join(chance.choices(words, k=chance.randint(3, 9))) for _ in range(5000)]
    for n in range(PACKAGES):
        package = folder / f"p{n:04}"
        (package / "debian" / "patches").mkdir(parents=True)
        (package / "src").mkdir()
        (package / "debian" / "control").write_text(f"Source: p{n:04}\n")
        (package / "debian" / "changelog").write_text("".join(
            f"p{n:04} ({version}-1) unstable; urgency=medium\n\n  * Fix. (Closes: #{chance.randint(1, 10**6)})\n"
            f"  * New upstream release.\n\n -- A <a@b>  Mon\n\n" for version in range(6)))
        (package / "debian" / "patches" / "fix.patch").write_text(
            f"Description: Fix\nBug: {chance.choice(links).format(n + 1)}\nForwarded: no\n--- a/x\n+++ b/x\n" + "\n".join(text[:100]))
        for source in range(SOURCES):
            start = chance.randrange(len(text) - LINES)
            lines = ["/* https://www.gnu.org/licenses/gpl-3.0.html", " */", *text[start:start + LINES - 2]]
            if source % 2:
                lines[chance.randrange(2, LINES)] = "// see " + chance.choice(links).format(chance.randint(1, 10**6)) + "."
            (package / "src" / f"{source}.c").write_text("\n".join(lines))


def measure(command):
    start = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def main():
    made = None
    if len(sys.argv) > 1:
        folder = pathlib.Path(sys.argv[1])
    else:
        made = folder = pathlib.Path(tempfile.mkdtemp(prefix="checkwatches-scan-"))
        make(folder)
    try:
        files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
        megabytes = sum(path.stat().st_size for path in files) / 1e6
        print(f"scan: {len(files)} files, {megabytes:.0f} MB, {os.cpu_count()} processors; medians of {ROUNDS}")
        commands = {
            "grep -r -E": ["grep", "-rnoE", PATTERN, folder],
            "scan, 1 job": [PROGRAM, "scan", "--jobs", "1", folder],
            "scan": [PROGRAM, "scan", folder],
        }
        times = {name: [] for name in commands}
        for command in commands.values():
            measure(command)
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(measure(command))
        medians = {name: statistics.median(rounds) for name, rounds in times.items()}
        for name, seconds in medians.items():
            print(f"  {name:12} {seconds:7.2f} s {megabytes / seconds:7.0f} MB/s")
        ratio = medians["scan"] / medians["grep -r -E"]
        print(f"  scan / grep: {ratio:.2f} of the time (at most {MOST_RATIO})")
        return ratio <= MOST_RATIO
    finally:
        if made:
            shutil.rmtree(made)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
