#!/usr/bin/env python3
"""The lists of other programs: taken over entry by entry, and nothing of them lost silently."""

import datetime
import json
import socket
import sqlite3

import end_to_end
import launchpad_api


class Import(end_to_end.Case):
    def write(self, name, text):
        file = self.folder / name
        file.write_text(text)
        return file

    def imported(self, *arguments, expect=0):
        """The entries by what names them there, and the counts of each state that is not 0."""
        *entries, last = self.lines("import", *arguments, expect=expect)
        counts = {state: number for state, number in last["import"].items() if number}
        self.assertEqual(sum(counts.values()), len(entries))
        return entries, counts

    def closed_port(self):
        """An address where nothing listens, for as long as the test lasts."""
        taken = socket.socket()
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"

    def watches(self):
        """What is watched: remote id, label, source, owner, relation, note."""
        with sqlite3.connect(self.database) as database:
            return set(database.execute(
                "SELECT remote_id, label, source, owner, relation, note FROM watches JOIN bugs ON bugs.id = bug_id"))


class Csv(Import):
    def test_every_row_ends_as_something(self):
        mock = self.mock("kind=bugzilla,name=moz,bugs=20")
        base = mock.urls["moz"]
        down = self.closed_port()
        table = self.write("list.csv", "\r\n".join([
            "label,URL,Owner,relation,note,colour",
            f'nano,{base}/show_bug.cgi?id=3,anna,related,"a ""note"", with a comma",red',
            f",{base}/show_bug.cgi?id=4,,,,",
            f"nano,{base}/show_bug.cgi?id=3,,,,",
            f"vim,{down}/show_bug.cgi?id=7,,,,",
            "vim,https://example.org/,,,,",
            f"vim,{base}/show_bug.cgi?id=5,,cousin,,",
            "vim,,,,,",
            f"vim,{base}/show_bug.cgi?id=6,,,,,,too,many",
        ]) + "\r\n")
        planned, counts = self.imported("csv", table, "--label", "misc", "--dry-run", expect=1)
        self.assertEqual(counts, {"planned": 4, "bad": 4, "left_out": 1})
        self.assertFalse(self.database.exists())

        entries, counts = self.imported("csv", table, "--label", "misc", "--owner", "team", expect=1)
        self.assertEqual(counts, {"added": 2, "there": 1, "waiting": 1, "bad": 4, "left_out": 1})
        places = {(entry["line"], entry["column"]): entry for entry in entries}
        self.assertIn("cousin", places[(7, len(f"vim,{base}/show_bug.cgi?id=5,,") + 1)]["reason"])
        self.assertIn("colour", places[(1, None)]["name"])
        self.assertEqual(places[(5, 1)]["state"], "waiting")
        self.assertEqual(self.watches(), {
            ("3", "nano", "import:csv", "anna", "related", 'a "note", with a comma'),
            ("4", "misc", "import:csv", "team", "same", "")})

        entries, counts = self.imported("csv", table, "--label", "misc", expect=1)
        self.assertEqual(counts, {"there": 3, "waiting": 1, "bad": 4, "left_out": 1})
        said = self.run_program("import", "csv", table, expect=1)
        self.assertIn(f"{table}:6:1: https://example.org/ has the shape", said.stderr)
        self.assertEqual(said.stdout.splitlines()[-1], "1 added, 2 there already, 1 waiting, 4 bad, 1 left out")

        by_name = self.write("ids.csv", "tracker,bug\nMOZ,8\nmoz,#9\nmoz,alias\n".replace("MOZ", "nobody"))
        name = self.lines("tracker", "list")[0]["name"]
        by_name.write_text(by_name.read_text().replace("moz", name))
        _, counts = self.imported("csv", by_name, expect=1)
        self.assertEqual(counts, {"added": 2, "bad": 1})

    def test_a_file_that_is_no_list_is_refused_as_a_whole(self):
        for text, complaint in [
                ("", "header"), ("a,b\n1,2\n", '"url"'), ("url,url\n", "twice"),
                ('url\n"https://bugs.example.org/show_bug.cgi?id=1\n', "line 2, column 1")]:
            table = self.write("bad.csv", text)
            said = self.run_program("import", "csv", table, expect=2)
            self.assertIn(complaint, said.stderr)
        self.assertIn("cannot be read", self.run_program("import", "csv", self.folder / "none.csv", expect=2).stderr)
        self.assertIn("64 MiB", self.run_program("import", "csv", "/dev/zero", expect=2).stderr)
        self.assertFalse(self.database.exists())


class WithLaunchpad(Import):
    def setUp(self):
        super().setUp()
        self.api = launchpad_api.LaunchpadApi()
        self.addCleanup(self.api.stop)


class Launchpad(WithLaunchpad):
    def test_the_watches_of_a_project_are_read_page_by_page(self):
        mock = self.mock("kind=bugzilla,name=moz,bugs=20", "kind=trac,name=trac,bugs=20")
        moz = lambda n: f"{mock.urls['moz']}/show_bug.cgi?id={n}"
        watch = self.api.watch
        self.api.bugs["gadget"] = {
            1: [watch(1, moz(n), n) for n in range(1, 6)],
            2: [],
            3: [watch(3, f"{mock.urls['trac']}/ticket/7"), watch(3, "mailto:upstream@example.org", 2)],
            4: [watch(4, launchpad_api.REDACTED, remote_bug=launchpad_api.REDACTED)],
            5: [],
            6: [watch(6, "https://example.org/nothing")],
            7: [watch(7, moz(1))]}
        self.api.failing = {5: 404}
        entries, counts = self.imported("launchpad", "gadget", "--api", self.api.root, expect=1)
        self.assertEqual(counts, {"added": 8, "bad": 3})
        self.assertEqual({(bug, label) for bug, label, *_ in self.watches()}, {
            *((str(n), "lp:1") for n in range(1, 6)), ("7", "lp:3"), ("upstream@example.org", "lp:3"), ("1", "lp:7")})
        self.assertEqual({source for _, _, source, *_ in self.watches()}, {"import:launchpad:gadget"})
        bad = {entry["name"]: entry["reason"] for entry in entries if entry["state"] == "bad"}
        self.assertEqual(set(bad), {"lp:4", "lp:5", "lp:6"})
        self.assertNotIn("tag:launchpad", json.dumps(entries))
        self.assertEqual(len([path for path in self.api.asked if path.startswith("/devel/bugs/1/bug_watches")]), 3)
        self.assertEqual(len([path for path in self.api.asked if "searchTasks" in path]), 4)
        self.assertTrue(all("Fix+Released" in path or "Fix%20Released" in path for path in self.api.asked if "searchTasks" in path))

        _, counts = self.imported("launchpad", "gadget", "--api", self.api.root, expect=1)
        self.assertEqual(counts, {"there": 8, "bad": 3})

    def test_packages_can_be_the_labels(self):
        mock = self.mock("kind=bugzilla,name=moz,bugs=20")
        url = f"{mock.urls['moz']}/show_bug.cgi?id=3"
        self.api.bugs["ubuntu/+source/avahi"] = {1: [self.api.watch(1, url)]}
        self.imported("launchpad", "ubuntu/+source/avahi", "--api", self.api.root, "--by-package")
        self.assertEqual(self.watches(), {("3", "avahi", "import:launchpad:ubuntu/+source/avahi", "", "same", "")})

    def test_a_launchpad_that_fails(self):
        url = self.closed_port() + "/devel"
        self.assertIn("connect_failed", self.run_program("import", "launchpad", "gadget", "--api", url, expect=3).stderr)
        self.assertIn('"nobody"', self.run_program(
            "import", "launchpad", "nobody", "--api", self.api.root, expect=2).stderr)
        for name in ("", "/", "a//b", "../a", "two words", "Ä"):
            self.assertIn("no project", self.run_program(
                "import", "launchpad", name, "--api", self.api.root, expect=2).stderr)
        # It stops to answer in the middle: the rest waits, by name, and is not asked for one by one.
        self.api.bugs["gadget"] = {n: [] for n in range(1, 10)}
        self.api.failing = {n: 410 for n in range(1, 10)} | {n: 429 for n in range(3, 10)}
        entries, counts = self.imported("launchpad", "gadget", "--api", self.api.root, expect=1)
        self.assertEqual(counts, {"bad": 2, "waiting": 7})
        self.assertEqual([entry["name"] for entry in entries], [f"lp:{n}" for n in range(1, 10)])
        self.assertFalse([path for path in self.api.asked if path.startswith("/devel/bugs/6/")])
        self.assertFalse(self.database.exists())


class BtsLink(Import):
    def test_trackers_and_forwarded_bugs(self):
        mock = self.mock("kind=bugzilla,name=moz,bugs=20", "kind=trac,name=trac,bugs=20")
        moz, trac, down = mock.urls["moz"], mock.urls["trac"], self.closed_port()
        settings = self.write("btslink.yaml", f"""
general:
  user: bts-link-upstream@example.org
remotes:
  mozilla: {{type: bugzilla, uri: {moz}/}}
  twice:
    type: issuezilla
    uris:
      - {moz}
  trac-of-ours: {{type: trac, url: "{trac}"}}
  wrong: {{type: trac, url: "{moz}"}}
  gone: {{type: mantis, url: "{down}"}}
  flies: {{type: flyspray, url: "https://fly.example.org"}}
  hub: {{type: github, uri: "https://github.com"}}
  untyped: {{uri: "https://bugs.example.org"}}
""")
        forwarded = "\n".join([
            "# what maintainers wrote", f"700001 {moz}/show_bug.cgi?id=3", f"#700002 see also <{trac}/ticket/7>, thanks",
            f"700003\t{moz}/show_bug.cgi?id=4, merged-upstream: {trac}/ticket/8", "700004 upstream@example.org",
            "not a number", "700005 nowhere"])
        entries, counts = self.imported("bts-link", settings, "--forwarded", self.write("forwarded", forwarded), expect=1)
        states = {(entry["name"], entry["state"]) for entry in entries if entry["what"] != "watch"}
        self.assertEqual(states, {
            ("mozilla", "added"), ("twice", "there"), ("trac-of-ours", "added"), ("wrong", "bad"), ("gone", "waiting"),
            ("flies", "left_out"), ("hub", "left_out"), ("untyped", "bad"), ("debian:700004", "left_out"),
            (None, "bad"), ("debian:700005", "bad")})
        self.assertEqual({(bug, label, relation) for bug, label, _, _, relation, _ in self.watches()}, {
            ("3", "debian:700001", "same"), ("7", "debian:700002", "related"), ("4", "debian:700003", "same"),
            ("8", "debian:700003", "related")})
        self.assertEqual({line["kind"] for line in self.lines("tracker", "list")}, {"bugzilla", "trac"})
        self.assertIn("flyspray", next(entry["reason"] for entry in entries if entry["name"] == "flies"))
        place = next(entry for entry in entries if entry["name"] == "debian:700005")
        self.assertEqual((place["file"].rsplit("/", 1)[-1], place["line"]), ("forwarded", 7))

        again = self.run_program("import", "bts-link", "--forwarded", "-", stdin=forwarded, expect=1)
        self.assertEqual(again.stdout.splitlines()[-1], "0 added, 4 there already, 0 waiting, 2 bad, 1 left out")
        self.run_program("import", "bts-link", expect=2)
        self.run_program("import", "bts-link", "-", "--forwarded", "-", stdin="", expect=2)

    def test_its_user_tags_are_compared(self):
        mock = self.mock("kind=bugzilla,name=moz,bugs=20")
        moz = mock.urls["moz"]
        for bug, status, resolution in ((1, "RESOLVED", "FIXED"), (2, "NEW", ""), (3, "NEW", "")):
            mock.post("/change", tracker="moz", id=bug, status=status, resolution=resolution)
        forwarded = self.write("forwarded", "".join(f"70000{n} {moz}/show_bug.cgi?id={n}\n" for n in (1, 2, 3)))
        self.run_program("import", "bts-link", "--forwarded", forwarded)
        self.run_program("check")
        tags = self.write("tags", "\n".join([
            "Tag: status-RESOLVED", "Bugs: 700001, 700002,", " 700099", "", "Tag: resolution-FIXED", "Bugs: 700001", "",
            "Tag: resolution-WONTFIX", "Bugs: 700002", "", "Tag: confirmed-by-me", "Bugs: 700003"]))
        arguments = ("import", "bts-link", "--forwarded", forwarded, "--usertags", tags, "--shadow")
        *entries, last = self.lines(*arguments, expect=1)
        self.assertEqual({entry["name"]: entry["comparison"] for entry in entries}, {
            "debian:700001": "agree", "debian:700002": "differ", "debian:700003": "not_comparable"})
        self.assertEqual(last["shadow"]["unreadable"], 0)


class Bugwarrior(Import):
    SECRETS = ("hunter2", "s3cr3t-token", "open-sesame")

    def check(self, name, text, where):
        settings = self.write(name, text)
        dry = self.lines("import", "bugwarrior", settings, "--dry-run", expect=1)
        entries, _ = self.imported("bugwarrior", settings, expect=1)
        self.assertEqual(len(dry) - 1, len(entries))
        said = self.run_program("import", "bugwarrior", settings, expect=1)
        stored = "\n".join(sqlite3.connect(self.database).iterdump())
        for secret in self.SECRETS:
            for text in (json.dumps(dry), json.dumps(entries), said.stdout, said.stderr, stored):
                self.assertNotIn(secret, text)
        states = {}
        for entry in entries:
            states.setdefault(entry["name"], set()).add((entry["what"], entry["state"]))
        self.assertEqual(states, {
            "zilla": {("tracker", "added")}, "tracker-of-old": {("tracker", "added")},
            "hub": {("watch", "added")}, "gadgets": {("tracker", "added")},
            "everything": {(None, "left_out")}, "mail": {(None, "left_out")}, "board": {(None, "left_out")},
            "ring": {(None, "bad")}, "leaky": {(None, "bad")}, "unused": {(None, "left_out")},
            '"missing"': {(None, "bad")}, **where})
        self.assertEqual({(line["kind"], line["url"]) for line in self.lines("tracker", "list")}, {
            ("bugzilla", f"{self.moz}/"), ("trac", f"{self.trac}/"), ("gitlab", f"{self.lab}/gadgets/frob"),
            ("github", f"{self.hub}/acme/widget")})
        self.assertEqual({(bug, label) for bug, label, *_ in self.watches()}, {("3", "hub")})

    def trackers(self):
        mock = self.mock(
            "kind=bugzilla,name=moz,bugs=20", "kind=trac,name=trac,bugs=20", "kind=gitlab,name=lab,bugs=20",
            "kind=github,name=hub,bugs=20")
        self.moz, self.trac, self.lab, self.hub = (mock.urls[name] for name in ("moz", "trac", "lab", "hub"))

    def test_a_file_of_sections(self):
        self.trackers()
        self.check("bugwarriorrc", f"""[general]
targets = zilla, tracker-of-old, hub, gadgets,
    everything, mail, board, ring, leaky, missing

[zilla]
service = bugzilla
bugzilla.base_uri = {self.moz}
bugzilla.username = anna
bugzilla.password = hunter2
bugzilla.api_key = s3cr3t-token

[tracker-of-old]
service = trac
trac.base_uri = {self.trac.removeprefix("http://")}
trac.scheme = http
trac.password: hunter2

[hub]
service = github
github.token = s3cr3t-token
github.issue_urls = {self.hub}/acme/widget/issues/3

[gadgets]
service = gitlab
host = {self.lab.removeprefix("http://")}
use_https = False
include_repos = gadgets/frob
token = @oracle:eval:echo hunter2

[everything]
service = github
username = anna
[mail]
service = gmail
query = open-sesame
[board]
service = kanboard
url = https://board.example.org
[ring]
service = jira
jira.base_uri = @oracle:use_keyring
[leaky]
service = redmine
url = https://anna:hunter2@redmine.example.org/
[unused]
service = trello
hunter2 without a key
""", {None: {(None, "bad")}})

    def test_a_file_of_tables(self):
        self.trackers()
        self.check("bugwarrior.toml", f"""
[general]
targets = ["zilla", "tracker-of-old", "hub", "gadgets", "everything"]
[flavor.other]
targets = ["mail", "board", "ring", "leaky", "missing"]
[zilla]
service = "bugzilla"
base_uri = "{self.moz}"
password = "hunter2"
api_key = "s3cr3t-token"
[tracker-of-old]
service = "trac"
base_uri = "{self.trac.removeprefix("http://")}"
scheme = "http"
[hub]
service = "github"
token = "s3cr3t-token"
issue_urls = ["{self.hub}/acme/widget/issues/3"]
[gadgets]
service = "gitlab"
host = "{self.lab.removeprefix("http://")}"
use_https = false
include_repos = ["gadgets/frob"]
[everything]
service = "github"
username = "anna"
[mail]
service = "gmail"
query = "open-sesame"
[board]
service = "kanboard"
[ring]
service = "jira"
base_uri = "@oracle:use_keyring"
[leaky]
service = "redmine"
url = "https://anna:hunter2@redmine.example.org/"
[unused]
service = "trello"
""", {})
        # What it pulled can be given as a table, and is compared.
        bugs = self.write("bugs.csv", f"url,label,status\n{self.moz}/show_bug.cgi?id=3,zilla,Fix Released\n")
        settings = self.write("small.toml", f'[zilla]\nservice = "bugzilla"\nbase_uri = "{self.moz}"\n')
        *entries, _ = self.lines("import", "bugwarrior", settings, "--bugs", bugs, "--shadow", expect=1)
        self.assertEqual([(entry["comparison"], entry["label"]) for entry in entries], [("only_they", "zilla"), ("only_we", "hub")])
        broken = self.write("broken.toml", '[zilla]\npassword = "hunter2\n')
        said = self.run_program("import", "bugwarrior", broken, expect=2)
        self.assertIn("line 2", said.stderr)
        self.assertNotIn("hunter2", said.stderr)


class Shadow(WithLaunchpad):
    def shadow(self, *arguments, expect=1):
        *entries, last = self.lines("import", *arguments, "--shadow", expect=expect)
        counts = {how: number for how, number in last["shadow"].items() if number}
        self.assertEqual(sum(counts.values()), len(entries))
        return {entry["url"].rsplit("=", 1)[-1]: entry for entry in entries if "url" in entry}, counts

    def test_every_kind_of_difference(self):
        mock = self.mock("kind=bugzilla,name=moz,bugs=40")
        moz = lambda n: f"{mock.urls['moz']}/show_bug.cgi?id={n}"
        for bug, status, resolution in ((1, "NEW", ""), (2, "NEW", ""), (3, "NEW", ""), (6, "RESOLVED", "FIXED"), (7, "NEW", "")):
            mock.post("/change", tracker="moz", id=bug, status=status, resolution=resolution)
        self.add([f"{moz(n)} lp:{n}" for n in (1, 2, 3, 4, 6, 7, 8, 9, 13, 31)])
        self.add([f"{moz(32)} lp:1"])
        self.run_program("check", expect=1)  # 13 is private
        now = datetime.datetime.now(datetime.timezone.utc)
        ago = lambda **span: (now - datetime.timedelta(**span)).isoformat()
        mock.post("/change", tracker="moz", id=3, status="RESOLVED", resolution="FIXED")
        just_before = datetime.datetime.now(datetime.timezone.utc).isoformat()
        self.run_program("check", "--force", expect=1)
        later = datetime.datetime.now(datetime.timezone.utc).isoformat()

        def watch(bug, **fields):
            return self.api.watch(bug, moz(bug), **{"date_last_checked": later, **fields})

        self.api.bugs["gadget"] = {
            1: [watch(1, remote_status="NEW")],
            2: [watch(2, remote_status="RESOLVED WONTFIX", date_last_changed=ago(days=3))],
            3: [watch(3, remote_status="NEW", date_last_checked=just_before)],
            4: [watch(4, remote_status="NEW", last_error_type="Timeout")],
            6: [watch(6, remote_status="VERIFIED FIXED")],
            7: [watch(7, remote_status="NEW", date_last_checked=ago(days=30))],
            8: [watch(8, remote_status="FROBNICATED")],
            9: [watch(9, remote_status=launchpad_api.REDACTED)],
            13: [watch(13, remote_status="NEW")],
            31: [watch(31)],
            40: [watch(40, remote_status="NEW")]}
        before = self.database.read_bytes()
        entries, counts = self.shadow("launchpad", "gadget", "--api", self.api.root)
        self.assertEqual(counts, {
            "agree": 2, "differ": 1, "stale_there": 2, "they_fail": 1, "we_fail": 1, "not_comparable": 3,
            "only_they": 1, "only_we": 1})
        expected = {
            "1": "agree", "2": "differ", "3": "stale_there", "4": "they_fail", "6": "agree", "7": "stale_there",
            "8": "not_comparable", "9": "not_comparable", "13": "we_fail", "31": "not_comparable", "32": "only_we", "40": "only_they"}
        self.assertEqual({bug: entry["comparison"] for bug, entry in entries.items()}, expected)
        differ = entries["2"]
        self.assertEqual((differ["differs"], differ["theirs"]["remote_status"], differ["theirs"]["status"], differ["ours"]["remote_status"]),
                         ("status", "RESOLVED WONTFIX", "Won't Fix", "NEW"))
        self.assertEqual(differ["theirs"]["changed_at"][:10], ago(days=3)[:10])
        self.assertEqual(self.database.read_bytes(), before)

        said = self.run_program("import", "launchpad", "gadget", "--api", self.api.root, "--shadow", expect=1)
        self.assertRegex(said.stdout, r"differ +\S+id=2 +lp:2 +Won't Fix \(RESOLVED WONTFIX\) since \S+ +\S+ \(NEW\)")
        self.assertIn("Timeout", said.stdout)
        self.assertNotIn("id=1 ", said.stdout)
        self.assertEqual(said.stdout.splitlines()[-1], (
            "2 agree, 1 differ, 2 stale there, 1 fail only there, 1 fail only here, 0 known to neither, "
            "3 not comparable, 1 watched only there, 1 only here"))

        # Their failure and ours: nobody knows. And where all agree the exit code says so.
        self.api.bugs["gadget"] = {13: [watch(13, last_error_type="Private Remote Bug")], 6: [watch(6, remote_status="VERIFIED FIXED")]}
        _, counts = self.shadow("launchpad", "gadget", "--api", self.api.root, expect=0)
        self.assertEqual(counts, {"agree": 1, "neither": 1})

        # A bug of theirs that cannot be read is none that only we watch.
        self.api.bugs["gadget"] = {2: [watch(2)], 8: [watch(8)]}
        self.imported("launchpad", "gadget", "--api", self.api.root)
        self.api.failing, self.api.bugs["gadget"][8] = {2: 404}, []
        entries, counts = self.shadow("launchpad", "gadget", "--api", self.api.root)
        self.assertEqual(counts, {"unreadable": 1, "only_we": 1})
        self.assertEqual(list(entries), ["8"])

    def test_a_table_says_normal_words_too(self):
        mock = self.mock("kind=bugzilla,name=moz,bugs=20")
        moz = lambda n: f"{mock.urls['moz']}/show_bug.cgi?id={n}"
        for bug in (1, 2, 3):
            mock.post("/change", tracker="moz", id=bug, status="RESOLVED", resolution="FIXED", severity="blocker")
        self.add([f"{moz(n)} x" for n in (1, 2, 3)])
        self.run_program("check")
        table = self.write("old.csv", "\n".join([
            "url,label,status,importance,error,checked_at",
            f"{moz(1)},x,Fix Released,Critical,,",
            f"{moz(2)},x,Fix Released,Wishlist,,",
            f"{moz(3)},x,,,it timed out,2026-01-01T00:00:00Z",
            "nonsense,x,,,,"]))
        entries, counts = self.shadow("csv", table)
        self.assertEqual(counts, {"agree": 1, "differ": 1, "they_fail": 1, "unreadable": 1})
        self.assertEqual(entries["2"]["differs"], "importance")
        self.database = self.folder / "none.db"
        self.assertIn("none.db", self.run_program("import", "csv", table, "--shadow", expect=3).stderr)


if __name__ == "__main__":
    end_to_end.main()
