"""`scan` over thousands of source packages, next to `grep -r -E` for the same patterns over the same tree, in turns. The tree is
in the page cache for both."""

import os
import pathlib
import random
import shutil
import tempfile

from harness import measure as m
from harness.report import Report

SOURCES, LINES = 8, 220
MOST_RATIO = 1.5  # of grep's time, where grep has as many processors: one for each of the two
# Whoever greps for bugs' addresses and for what changelogs close.
PATTERN = (r"https?://[^][ <>\"'()]+(show_bug\.cgi\?id=|/issues/|/ticket/|/browse/|bugs/|bugs\.debian\.org/)[0-9A-Z-]+"
           r"|[Cc]loses: *(bug)?#?[0-9]+|LP: +#[0-9]+|(boo|bsc|rhbz|gh|kde)#[^ ]+")


def make(folder, packages):
    """Packages of C, with licences, comments and links as often as in Debian's archive, where there are some 50 in a MB."""
    chance = random.Random(1)
    words = ["static", "int", "const", "char *", "return", "if (x == y)", "std::string", "/* comment */", "#include <stdio.h>",
             "for (i = 0; i < n; i++)", "memcpy(to, from, n);", "foo->bar::baz()", "  * a sentence: of a comment, #3"]
    links = ["https://bugs.kde.org/show_bug.cgi?id={}", "https://github.com/acme/widget/issues/{}", "http://bugs.debian.org/{}",
             "https://bugzilla.gnome.org/show_bug.cgi?id={}", "https://gitlab.freedesktop.org/a/b/-/issues/{}"]
    text = [" ".join(chance.choices(words, k=chance.randint(3, 9))) for _ in range(5000)]
    for n in range(packages):
        package = folder / f"p{n:04}"
        (package / "debian" / "patches").mkdir(parents=True)
        (package / "src").mkdir()
        (package / "debian" / "control").write_text(f"Source: p{n:04}\n")
        (package / "debian" / "changelog").write_text("".join(
            f"p{n:04} ({version}-1) unstable; urgency=medium\n\n  * Fix. (Closes: #{chance.randint(1, 10**6)})\n"
            f"  * New upstream release.\n\n -- A <a@b>  Mon\n\n" for version in range(6)))
        (package / "debian" / "patches" / "fix.patch").write_text(
            f"Description: Fix\nBug: {chance.choice(links).format(n + 1)}\nForwarded: no\n--- a/x\n+++ b/x\n"
            + "\n".join(text[:100]))
        for source in range(SOURCES):
            start = chance.randrange(len(text) - LINES)
            lines = ["/* https://www.gnu.org/licenses/gpl-3.0.html", " */", *text[start:start + LINES - 2]]
            if source % 2:
                lines[chance.randrange(2, LINES)] = "// see " + chance.choice(links).format(chance.randint(1, 10**6)) + "."
            (package / "src" / f"{source}.c").write_text("\n".join(lines))


def measure(how):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="checkwatches-scan-"))
    try:
        make(folder, how.size(3000, 50))
        sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
        program = how.program("checkwatches")
        commands = {"grep -r -E": ["grep", "-rnoE", PATTERN, folder], "scan, 1 job": [program, "scan", "--jobs", "1", folder],
                    "scan": [program, "scan", folder]}
        costs = m.in_turns(how.rounds, {name: lambda command=command: m.run(command) for name, command in commands.items()})
    finally:
        shutil.rmtree(folder)
    megabytes = sum(sizes) / 1e6
    report = Report("scan", f"bug links in {len(sizes)} files, {megabytes:.0f} MB", "grep, which only finds lines")
    walls = {name: m.median_of(got, "wall") for name, got in costs.items()}
    report.table(f"medians of {how.rounds} rounds, {os.cpu_count()} processors", [
        {"program": name, "wall s": walls[name], "MB/s": megabytes / walls[name], "cpu s": m.median_of(got, "cpu")}
        for name, got in costs.items()])
    report.at_most("wall, of grep's", walls["scan"] / walls["grep -r -E"], MOST_RATIO)
    return report
