#!/usr/bin/env python3
"""Ten real source packages of Debian 12: the links that `scan` finds are those of lists made by hand (README.md).

The packages come by apt with a configuration and folders of its own below the folder given, so that nothing of the system is
touched: `sources_test.py FOLDER`. What is there already is not brought again.
"""

import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

PROGRAM = os.environ["CHECKWATCHES"]
HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = {
    "bzip2": "1.0.8-5",
    "cron": "3.0pl1-162",
    "dosfstools": "4.2-1",
    "jq": "1.6-2.1+deb12u2",
    "less": "590-2.1~deb12u2",
    "libxml-libxml-perl": "2.0207+dfsg+really+2.0134-1+deb12u1",
    "procmail": "3.22-27",
    "screen": "4.9.0-4",
    "tree": "2.1.0-1",
    "unzip": "6.0-28",
}
SOURCES = """\
deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main
deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian-security bookworm-security main
"""
APT = """\
Dir "{0}";
Dir::Etc "{0}/etc";
Dir::Etc::SourceParts "{0}/etc/sources.list.d";
Dir::Etc::Parts "{0}/etc/apt.conf.d";
Dir::Etc::PreferencesParts "{0}/etc/preferences.d";
Dir::State "{0}/state";
Dir::State::status "{0}/state/status";
Dir::Cache "{0}/cache";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
"""


class Apt:
    def __init__(self, folder):
        for name in ("etc/sources.list.d", "etc/apt.conf.d", "etc/preferences.d", "state/lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "state" / "status").touch()
        (folder / "etc" / "sources.list").write_text(SOURCES)
        configuration = folder / "apt.conf"
        configuration.write_text(APT.format(folder))
        self.environment = os.environ | {"APT_CONFIG": str(configuration), "LC_ALL": "C.UTF-8"}
        self.is_fresh = False

    def run(self, *arguments, **more):
        subprocess.run(["apt-get", "-q", *arguments], check=True, env=self.environment, **more)

    def bring(self, package, version, into):
        """The package's .dsc, with its files beside it; the archive's signature was checked."""
        dsc = into / f"{package}_{version.split(':')[-1]}.dsc"
        if not dsc.exists():
            if not self.is_fresh:
                self.run("update")
                self.is_fresh = True
            self.run("source", "--download-only", f"{package}={version}", cwd=into)
        return dsc


def unpacked(package, version, folder):
    """The folder of the unpacked package."""
    place = folder / "packages" / package
    if not place.exists():
        sources = folder / "sources"
        sources.mkdir(parents=True, exist_ok=True)
        dsc = apt.bring(package, version, sources)
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(package + ".partial")
        subprocess.run(["rm", "-rf", beside], check=True)
        # apt has checked it by the archive's signature; the maintainer's key need not be here.
        subprocess.run(["dpkg-source", "--no-copy", "--no-check", "-x", dsc, beside], check=True, stdout=subprocess.DEVNULL)
        beside.rename(place)
    return place


def scan(*arguments):
    done = subprocess.run([PROGRAM, "scan", "--format", "lines", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"scan ended with {done.returncode}: {done.stderr}")
    return done.stdout.splitlines()


class Sources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folders = {name: unpacked(name, version, FOLDER) for name, version in PACKAGES.items()}

    def test_the_links_of_each_package_are_those_of_its_list(self):
        for name, folder in self.folders.items():
            with self.subTest(name):
                found = {line.removeprefix(f"{folder}/").rsplit(" (", 1)[0] for line in scan(folder)}
                expected = set((HERE / "expected" / f"{name}.txt").read_text().splitlines())
                self.assertEqual(sorted(found - expected), [], "found, and not in the list")
                self.assertEqual(sorted(expected - found), [], "in the list, and not found")

    def test_what_a_field_of_a_patch_names_is_found_by_that_field(self):
        fields = 0
        for name, folder in self.folders.items():
            found = {tuple(line.removeprefix(f"{folder}/").split(": ", 1)) for line in scan(folder)}
            by_place = {place: what for place, what in found}
            listed = subprocess.run(
                ["grep", "-rnE", r"^(Bug|Bug-[A-Za-z]+|Forwarded): *http", "debian/patches"], cwd=folder, capture_output=True, text=True)
            for line in listed.stdout.splitlines():
                place, field = re.match(r"([^:]*:[0-9]+):([A-Za-z-]+):", line).groups()
                if place in by_place:
                    fields += 1
                    self.assertIn(f" ({field}, same)", by_place[place], place)
        self.assertGreater(fields, 100)

    def test_all_at_once_is_the_same_as_one_by_one(self):
        together = scan(FOLDER / "packages", "--jobs", "4")
        self.assertEqual(together, [line for name in sorted(self.folders) for line in scan(self.folders[name], "--jobs", "1")])

    def test_its_speed_stands_next_to_greps(self):
        """Not a limit, a number to look at: both read the same warm tree."""
        tree = FOLDER / "packages"
        size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
        pattern = r"https?://|[Cc]loses: *#?[0-9]|LP: *#[0-9]"
        times = {}
        for name, command in (("grep -r -E", ["grep", "-rnoE", pattern, tree]), ("scan", [PROGRAM, "scan", tree])):
            rounds = []
            for _ in range(5):
                start = time.monotonic()
                subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
                rounds.append(time.monotonic() - start)
            times[name] = min(rounds)
        for name, seconds in times.items():
            print(f"{name}: {size / 1e6 / seconds:.0f} MB/s")
        print(f"scan takes {times['scan'] / times['grep -r -E']:.2f} of grep's time")


if __name__ == "__main__":
    FOLDER = pathlib.Path(sys.argv.pop(1)).resolve()
    apt = Apt(FOLDER / "apt")
    unittest.main()
