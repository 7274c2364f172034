#!/usr/bin/env python3
"""`scan`: links that stand in packages and sources become a watch list, or watches that a later scan keeps up to date."""

import json
import os
import shutil
import socket
import subprocess
import time

import end_to_end
import resident


class Scan(resident.Case):
    def write(self, path, text):
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return place

    def package(self, name, *closes, patches=()):
        changes = "".join(f"  * Change {bug}. (Closes: #{bug})\n" for bug in closes)
        self.write(f"all/{name}/debian/changelog", f"{name} (1.0-1) unstable; urgency=medium\n\n{changes}\n -- A <a@example.org>  Mon\n")
        for number, url in enumerate(patches):
            self.write(f"all/{name}/debian/patches/{number}.patch", f"Description: Fix\nBug: {url}\n--- a/x\n+++ b/x\n")
        return self.folder / "all" / name

    def places(self, *arguments, expect=0):
        """What `--format lines` says, as (place, url, what says so)."""
        done = self.run_program("scan", "--format", "lines", *arguments, expect=expect)
        out = []
        for line in done.stdout.splitlines():
            place, rest = line.split(": ", 1)
            if place.endswith("/all/git"): # the commit stands behind it
                place, rest = rest.split(": ", 1)
            url, how = rest.rstrip(")").rsplit(" (", 1)
            out.append((place.removeprefix(f"{self.folder}/all/"), url, how))
        return out

    def watched(self, label):
        """The watches of a label by the scan's source: (bug's address, relation, note)."""
        watches = set()
        for bug in self.lines("show", "--label", label):
            watches.add(bug["url"])
        return watches


class Found(Scan):
    def test_every_source_of_links(self):
        package = self.package("plum", 17, 18, patches=["https://github.com/acme/plum/issues/7"])
        self.write("all/plum/debian/control", "Source: plum\n")
        self.write("all/plum/debian/upstream/metadata",
                   "Bug-Database: https://github.com/acme/plum/issues\nReference: https://bugs.kde.org/show_bug.cgi?id=4\n")
        self.write("all/plum/src/main.c", "int x;\n/* see <https://bugzilla.gnome.org/show_bug.cgi?id=5>. */\n")
        self.write("all/fig/fig.spec", "Name: fig\n# boo#1\n%changelog\n* Mon Jan 1 2024 A <a@b>\n- Fixed (rhbz#2, gh#acme/fig#3)\n")
        self.write("all/fig/fig.changes", "- lp#4\n")
        self.assertEqual(self.places(self.folder / "all"), [
            ("fig/fig.changes:1", "https://bugs.launchpad.net/bugs/4", "lp#, same"),
            ("fig/fig.spec:2", "https://bugzilla.opensuse.org/show_bug.cgi?id=1", "boo#, related"),
            ("fig/fig.spec:5", "https://bugzilla.redhat.com/show_bug.cgi?id=2", "rhbz#, same"),
            ("fig/fig.spec:5", "https://github.com/acme/fig/issues/3", "gh#, same"),
            ("plum/debian/changelog:3", "https://bugs.debian.org/17", "Closes, same"),
            ("plum/debian/changelog:4", "https://bugs.debian.org/18", "Closes, same"),
            ("plum/debian/patches/0.patch:2", "https://github.com/acme/plum/issues/7", "Bug, same"),
            ("plum/debian/upstream/metadata:2", "https://bugs.kde.org/show_bug.cgi?id=4", "Reference, related"),
            ("plum/src/main.c:2", "https://bugzilla.gnome.org/show_bug.cgi?id=5", "URL, related"),
        ])
        watch_list = json.loads(self.run_program("scan", package, "--owner", "anna").stdout)
        self.assertEqual(watch_list[0], {
            "url": "https://bugs.debian.org/17", "label": "plum", "owner": "anna", "note": "debian/changelog:3 Closes"})
        self.assertEqual(watch_list[-1], {
            "url": "https://bugzilla.gnome.org/show_bug.cgi?id=5", "label": "plum", "owner": "anna", "relation": "related",
            "note": "src/main.c:2 URL"})
        (first, *_) = self.lines("scan", package, "--label", "other")
        self.assertEqual(first, {
            "url": "https://bugs.debian.org/17", "label": "other", "owner": "", "relation": "same", "by": "Closes",
            "folder": str(package), "file": "debian/changelog", "line": 3, "commit": None, "places": 1})

    def test_commits_of_a_repository(self):
        package = self.folder / "all" / "git"
        package.mkdir(parents=True)

        def git(*arguments, date="2024-01-01T00:00:00Z"):
            return subprocess.run(
                ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", *arguments],
                cwd=package, check=True, capture_output=True, text=True,
                env=self.environment | {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "GIT_CONFIG_NOSYSTEM": "1"}).stdout.strip()

        git("init", "-q")
        self.assertEqual(self.places(package, "--git"), [])  # no commit yet
        git("commit", "-q", "--allow-empty", "-m", "Old\n\nBug: https://bugs.debian.org/1", date="2020-01-01T00:00:00Z")
        git("commit", "-q", "--allow-empty", "-m", "Fix\n\nFixes: https://bugs.kde.org/show_bug.cgi?id=2\nLink: https://bugs.debian.org/3")
        new, old = git("log", "--format=%H").splitlines()
        recent = [(f"commit {new}", "https://bugs.kde.org/show_bug.cgi?id=2", "Fixes, same"),
                  (f"commit {new}", "https://bugs.debian.org/3", "Link, related")]
        self.assertEqual(self.places(package, "--git"), recent + [(f"commit {old}", "https://bugs.debian.org/1", "Bug, same")])
        self.assertEqual(self.places(package, "--since", "2023-01-01"), recent)
        self.assertEqual(self.places(package), [])
        (note,) = {entry["note"] for entry in json.loads(self.run_program("scan", package, "--git").stdout) if "kde" in entry["url"]}
        self.assertEqual(note, f"commit {new[:12]} Fixes")
        (kde, *_) = self.lines("scan", package, "--git")
        self.assertEqual((kde["commit"], kde["file"], kde["line"], kde["label"]), (new, None, None, "git"))

    def test_short_ids_of_the_configuration(self):
        self.write("all/fig/fig.changes", "- acme#4 and gl#a/b#5\n")
        self.write("all/fig/fig.spec", "Name: fig\n")
        self.config.write_text('[scan]\nshort = { acme = "https://bugs.acme.org/show_bug.cgi?id={id}", GL = "https://git.acme.org/{project}/-/issues/{id}" }\n')
        self.assertEqual([url for _, url, _ in self.places("--config", self.config, self.folder / "all")],
                         ["https://bugs.acme.org/show_bug.cgi?id=4", "https://git.acme.org/a/b/-/issues/5"])
        self.config.write_text('[scan.short]\nacme = "https://bugs.acme.org/"\n')
        self.assertIn(f"{self.config}:2:", self.run_program("--config", self.config, "scan", self.folder, expect=2).stderr)

    def test_what_cannot_be_read_is_named_and_the_others_go_on(self):
        package = self.package("plum", 17)
        self.assertIn("none: No such file", self.run_program("scan", package, self.folder / "none", expect=1).stderr)
        self.run_program("scan", self.folder / "none", expect=2)
        self.run_program("scan", expect=2)
        self.run_program("scan", package, "--since", "yesterday", expect=2)
        self.run_program("scan", package, "--format", "xml", expect=2)
        self.run_program("scan", package, "--jobs", "0", expect=2)
        self.run_program("scan", package, "--label", "two\nlines", expect=2)
        if os.geteuid() != 0:  # root may read everything
            (package / "secret").write_text("")
            (package / "secret").chmod(0)
            self.assertIn("secret: Permission denied", self.run_program("scan", package, expect=1).stderr)
        self.assertFalse(self.database.exists())

    def test_thousands_of_packages_in_seconds(self):
        for n in range(2000):
            self.package(f"p{n:04}", n + 1)
        found = self.lines("scan", self.folder / "all", "--jobs", 2)
        self.assertEqual([(line["label"], line["url"]) for line in found],
                         [(f"p{n:04}", f"https://bugs.debian.org/{n + 1}") for n in range(2000)])


class Watched(Scan):
    def setUp(self):
        super().setUp()
        self.tracker = self.mock("kind=bugzilla,name=kde,bugs=50")
        self.url = lambda bug: end_to_end.bug_url("bugzilla", self.tracker.urls["kde"], bug)
        self.run_program("tracker", "add", "--kind", "bugzilla", "--url", self.tracker.urls["kde"])

    def scan(self, *arguments, expect=0):
        return self.lines("scan", "--watch", *arguments, expect=expect)

    def next_check(self, bug):
        return {line["remote_id"]: line for line in self.lines("show")}[str(bug)]["next_check"]

    def became(self, lines):
        return {(line["url"].rsplit("=", 1)[1], line["watch"]) for line in lines}

    def test_a_scan_again_adds_what_is_new_and_takes_away_what_is_gone(self):
        package = self.package("plum", patches=[self.url(1), self.url(2)])
        self.assertEqual(self.became(self.scan(package, "--owner", "anna")), {("1", "new"), ("2", "new")})
        self.assertEqual(self.watched("plum"), {self.url(1), self.url(2)})
        self.run_program("add", "--label", "plum", self.url(1))  # by hand: no scan takes that away

        self.package("plum", patches=[self.url(3), self.url(2)])
        self.assertEqual(self.became(self.scan(package)), {("3", "new"), ("2", "known"), ("1", "gone")})
        self.assertEqual(self.watched("plum"), {self.url(1), self.url(2), self.url(3)})

        shutil.rmtree(package / "debian" / "patches")
        text = self.run_program("scan", "--watch", package).stdout
        self.assertIn(f"no longer watched: {self.url(3)} for plum (debian/patches/0.patch:2 Bug)", text)
        self.assertIn("0 watched, 0 of them new; 2 no longer watched; 0 failed", text)
        self.assertEqual(self.watched("plum"), {self.url(1)})

    def test_a_part_of_a_package_and_another_label_take_nothing_away(self):
        package = self.package("plum", patches=[self.url(1), self.url(2)])
        other = self.package("fig", patches=[self.url(3)])
        self.scan(package, other)
        self.assertEqual(self.became(self.scan(package / "debian" / "patches" / "0.patch")), {("1", "known")})
        self.assertEqual(self.became(self.scan(other, "--label", "pear")), {("3", "new")})
        self.assertEqual(self.watched("plum"), {self.url(1), self.url(2)})
        self.assertEqual((self.watched("fig"), self.watched("pear")), ({self.url(3)}, {self.url(3)}))
        (package / "debian" / "patches" / "1.patch").unlink()
        deep = package
        for _ in range(70):
            deep /= "d"
        deep.mkdir(parents=True)  # too deep: not all of it can be looked at
        self.assertEqual(self.became(self.scan(package, expect=1)), {("1", "known")})
        self.assertEqual(self.watched("plum"), {self.url(1), self.url(2)})

    def test_what_cannot_be_told_is_named_and_stays_as_it_was(self):
        package = self.package("plum", patches=[self.url(1), "http://127.0.0.1:1/show_bug.cgi?id=9"])
        done = self.run_program("scan", "--watch", package, expect=1)
        self.assertIn("http://127.0.0.1:1/show_bug.cgi?id=9", done.stderr)
        self.assertIn("1 watched, 1 of them new; 0 no longer watched; 1 failed", done.stdout)
        self.assertEqual(self.watched("plum"), {self.url(1)})

    def test_a_host_of_ones_own_network_is_asked_only_where_its_tracker_is_known(self):
        with socket.create_server(("127.0.0.1", 0)) as inner:
            inner.setblocking(False)
            hosts = ["127.0.0.1", "localhost", "2130706433"]
            urls = [f"http://{host}:{inner.getsockname()[1]}/show_bug.cgi?id=7" for host in hosts]
            package = self.package("plum", patches=[*urls, self.url(1)])
            done = self.run_program("scan", "--watch", package, expect=1)
            self.assertRaises(BlockingIOError, inner.accept)
        self.assertEqual(done.stderr.count("a host of one's own network is not asked because of a scan"), len(urls), done.stderr)
        self.assertEqual(self.watched("plum"), {self.url(1)})

    def test_the_place_of_a_watch_is_kept_up_to_date(self):
        package = self.package("plum", patches=[self.url(1)])
        self.scan(package, "--owner", "anna")
        patch = package / "debian" / "patches" / "0.patch"
        patch.write_text("Subject: x\n\n" + patch.read_text())
        (line,) = self.scan(package, "--owner", "bert")
        self.assertEqual((line["watch"], line["note"], line["owner"]), ("known", "debian/patches/0.patch:4 Bug", "bert"))
        patch.unlink()
        (line,) = self.scan(package)
        self.assertEqual((line["watch"], line["note"], line["owner"]), ("gone", "debian/patches/0.patch:4 Bug", "bert"))

    def test_beside_a_resident_instance(self):
        process = self.serve()
        package = self.package("plum", patches=[self.url(1), self.url(2)])
        self.scan(package)
        self.wait_for(lambda: self.checked() == 2, "the first checks")
        self.package("plum", patches=[self.url(1)])
        (package / "debian" / "patches" / "1.patch").unlink()
        self.assertEqual(self.became(self.scan(package)), {("1", "known"), ("2", "gone")})
        self.package("plum", patches=[self.url(1), self.url(2)])
        self.assertIsNone(self.next_check(2))
        self.assertEqual(self.became(self.scan(package)), {("1", "known"), ("2", "new")})
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60))
        self.wait_for(lambda: self.next_check(2) > soon, "a check of the bug that is watched again")
        self.stop(process)


if __name__ == "__main__":
    resident.main()
