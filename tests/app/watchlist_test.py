#!/usr/bin/env python3
"""Watch lists as files: picked up, kept apart from each other's damage, uploaded, and their watches gone with them."""

import json
import os
import pathlib
import threading

import web

QUICK = '[watchlists]\nsweep = "2s"\nhold = "3s"\n'


class Lists(web.Case):
    """`self.lists` is the folder; mock() starts a tracker whose bugs lists may name."""

    def setUp(self):
        super().setUp()
        self.lists = self.database.parent / "watchlists"
        self.config.write_text(QUICK)

    def mock(self, *trackers):
        return super().mock(*(trackers or ("name=zilla,kind=bugzilla,bugs=300",)))

    def url(self, mock, bug, tracker="zilla"):
        return f"{mock.urls[tracker]}/show_bug.cgi?id={bug}"

    def put(self, name, content):
        """Puts a file by an atomic rename."""
        self.lists.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, (str, bytes)) else json.dumps(content, indent=1)
        fresh = self.lists / f".{name}.new"
        fresh.write_bytes(text if isinstance(text, bytes) else text.encode())
        fresh.rename(self.lists / name)

    def entries(self, mock, bugs, **more):
        return [{"url": self.url(mock, bug), **more} for bug in bugs]

    def list_of(self, name):
        return {one["name"]: one for one in self.lines("watchlist", "list")}.get(name)

    def wait_for_list(self, name, **wanted):
        def is_so():
            one = self.list_of(name) if self.database.exists() else None
            return one and all(one[key] == value for key, value in wanted.items()) and one
        return self.wait_for(is_so, f"{name} to be {wanted}, not {self.list_of(name)}")

    def sources(self):
        """The sources of each watched bug, by its number at the tracker."""
        out = {}
        for watch in self.all("watches", limit=500):
            out.setdefault(watch["bug"]["remote_id"], set()).add(watch["source"])
        return out


class Pickup(Lists):
    def test_a_list_lives_as_its_file_does(self):
        mock = self.mock()
        self.serve_web()
        self.put("curl.json", {"label": "curl", "owner": "anna", "watches": [
            {"url": self.url(mock, 1), "relation": "related", "note": "ours"}, {"url": self.url(mock, 2)}]})
        self.wait_for_list("curl", state="good", watched=2)
        watches = {w["bug"]["remote_id"]: w for w in self.all("watches")}
        self.assertEqual(
            [(w["label"], w["owner"], w["source"], w["relation"], w["note"]) for _, w in sorted(watches.items())],
            [("curl", "anna", "list:curl", "related", "ours"), ("curl", "anna", "list:curl", "same", None)])
        self.wait_for(lambda: self.checked() == 2, "the checks")

        # Edited in place, by a program that writes slowly.
        with (self.lists / "curl.json").open("w") as file:
            file.write(json.dumps(self.entries(mock, [2, 3], label="curl"))[:40])
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            file.write(json.dumps(self.entries(mock, [2, 3], label="curl")))
        self.wait_for(lambda: set(self.sources()) == {"2", "3"}, "the other bug")

        # What is no list leaves the last good one as it is.
        self.put("curl.json", '[{"url": \n  }]')
        bad = self.wait_for_list("curl", state="bad")
        self.assertEqual((bad["line"], bad["watched"]), (2, 2))
        self.assertEqual(set(self.sources()), {"2", "3"})
        self.assertIn("curl.json:2:", self.run_program("status").stdout)
        self.assertEqual(self.status()[1]["watchlists"]["bad"], 1)
        self.put("curl.json", self.entries(mock, [2, 3], label="curl"))
        self.wait_for_list("curl", state="good")

        # Gone, and nobody watches its bugs.
        (self.lists / "curl.json").unlink()
        self.wait_for(lambda: not self.list_of("curl"), "the list to be gone")
        self.assertEqual(self.sources(), {})
        self.wait_for(lambda: self.live("bugs") == 0, "the engine to let go of the bugs")

    def test_a_watch_lives_while_any_source_names_it(self):
        mock = self.mock()
        self.put("a.txt", f"{self.url(mock, 1)} curl\n{self.url(mock, 2)} curl\n")
        self.put("b.toml", f'label = "curl"\n[[watch]]\nurl = "{self.url(mock, 1)}"\n')
        self.serve_web()
        self.wait_for_list("a", watched=2)
        self.wait_for_list("b", watched=1)
        self.run_program("add", "--label", "curl", self.url(mock, 2))
        self.assertEqual(self.sources(), {"1": {"list:a", "list:b"}, "2": {"list:a", "typed"}})
        (self.lists / "a.txt").unlink()
        self.wait_for(lambda: self.sources() == {"1": {"list:b"}, "2": {"typed"}}, "what others name to stay")
        self.wait_for(lambda: self.checked() == 2, "both to be checked on")

    def test_an_entry_by_tracker_and_number_waits_for_its_tracker(self):
        mock = self.mock()
        self.put("a.json", [{"tracker": "the-zilla", "bug": "7"}, *self.entries(mock, [8])])
        self.serve_web()
        waits = self.wait_for_list("a", watched=1, waiting=1)
        self.assertEqual(waits["state"], "good")
        (entry,) = self.lines("watchlist", "show", "a", "--troubled")
        self.assertIn("the-zilla", entry["reason"])
        (tracker,) = self.lines("tracker", "list")
        self.put("a.json", [{"tracker": tracker["name"], "bug": 7}, *self.entries(mock, [8])])
        self.wait_for_list("a", watched=2, waiting=0)

    def test_what_happens_in_the_folder_is_told(self):
        mock = self.mock()
        self.config.write_text('[watchlists]\nsweep = "1h"\n')
        self.put("a.txt", self.url(mock, 1))
        self.serve_web()
        self.wait_for_list("a", watched=1)
        self.put("b.txt", self.url(mock, 2))
        self.wait_for_list("b", watched=1)
        (self.lists / "a.txt").unlink()
        self.wait_for(lambda: not self.list_of("a"), "the list to be gone")

    def test_frozen_and_off_are_kept_and_not_applied(self):
        mock = self.mock()
        self.config.write_text(QUICK + 'off = ["c"]\n')
        self.serve_web()
        self.put("a.json", {"frozen": True, "watches": self.entries(mock, [1])})
        self.put("b.json", {"enabled": False, "watches": self.entries(mock, [2])})
        self.put("c.json", self.entries(mock, [3]))
        self.put("d.json", self.entries(mock, [4]))
        self.wait_for_list("a", state="frozen")
        self.wait_for_list("b", state="off")
        self.wait_for_list("c", state="off")
        self.wait_for_list("d", state="good", watched=1)
        self.assertEqual(set(self.sources()), {"4"})
        self.put("d.json", {"enabled": False, "watches": self.entries(mock, [4])})
        self.wait_for_list("d", state="off")
        self.assertEqual(self.sources(), {})
        self.put("a.json", {"watches": self.entries(mock, [1])})
        self.wait_for_list("a", state="good", watched=1)

    def test_what_takes_many_away_is_held_for_a_while(self):
        mock = self.mock()
        self.config.write_text('[watchlists]\nsweep = "2s"\nhold = "10m"\n')
        self.put("a.json", self.entries(mock, range(1, 31)))
        self.serve_web()
        self.wait_for_list("a", watched=30)
        self.put("a.json", self.entries(mock, [1, 40]))
        held = self.wait_for_list("a", watched=2)
        self.assertIn("takes away 29 of its 30 watches", held["trouble"])
        self.assertEqual(len(self.sources()), 31)
        short = self.folder / "short.json"
        short.write_text(json.dumps(self.entries(mock, [1, 40])))
        done = self.run_program("watchlist", "put", "a", short, "--force")
        self.assertIn("2 watched", done.stdout)
        self.assertEqual(set(self.sources()), {"1", "40"})


class Upload(Lists):
    def test_over_the_api(self):
        mock = self.mock()
        self.serve_web()
        token = self.token("ci")
        body = self.entries(mock, [1, 2], label="curl") + [{"urrl": "x"}]
        self.assertEqual(self.ask("/api/v1/watchlists/ci", method="PUT", body=body).status, 401)
        answer = self.ask("/api/v1/watchlists/ci", method="PUT", body=body, token=token)
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual((answer.json["state"], answer.json["bad"]), ("good", 1))
        self.assertIn((1, "bad"), [(fault["line"], fault["state"]) for fault in answer.json["faults"]])
        self.wait_for_list("ci", watched=2, bad=1)
        broken = self.ask("/api/v1/watchlists/ci", method="PUT", body={"x": 1}, token=token)
        self.assertEqual(broken.status, 422, broken.text)
        self.assertEqual((broken.json["broken"]["line"], broken.json["broken"]["column"]), (1, 7))
        self.assertEqual(set(self.sources()), {"1", "2"})
        lines = self.ask("/api/v1/watchlists/other?format=lines", method="PUT", body=None, token=token,
                         headers={"Content-Length": "0"})
        self.assertEqual(lines.status, 200, lines.text)
        self.assertEqual(sorted(one["name"] for one in self.all("watchlists")), ["ci", "other"])
        self.assertEqual(self.get("watchlists/ci", troubled=1)["items"][0]["reason"][:16], "unknown key \"urr")
        for name in ("..", "a%2Fb", ".x", "x.json"):
            refused = self.ask(f"/api/v1/watchlists/{name}", method="PUT", body=[], token=token)
            self.assertIn(refused.status, (400, 404), name)
        self.assertEqual(self.ask("/api/v1/watchlists/ci", method="DELETE", token=token).status, 200)
        self.assertEqual(self.sources(), {})
        self.assertFalse((self.lists / "ci.json").exists())
        self.assertEqual(self.ask("/api/v1/watchlists/ci", method="DELETE", token=token).status, 404)
        acts = [(c["field"], c["old"], c["new"], c["actor"]) for c in self.lines("changes") if c["field"] == "watchlist"]
        self.assertEqual(acts[-1], ("watchlist", "ci", None, "token ci"))

    def test_by_command_with_and_without_an_instance(self):
        mock = self.mock()
        source = self.folder / "mine.toml"
        source.write_text(f'[[watch]]\nurl = "{self.url(mock, 1)}"\n\n[[watch]]\nlabel = "x"\n')
        done = self.run_program("watchlist", "put", "mine", source, expect=1)
        self.assertIn("mine.toml:4:1: it names no bug", done.stdout)
        self.assertEqual((self.list_of("mine")["waiting"], self.list_of("mine")["bad"]), (1, 1))
        # The next check asks the tracker what it is, and looks.
        self.run_program("check")
        self.assertEqual(self.list_of("mine")["watched"], 1)
        self.assertEqual(self.checked(), 1)
        self.serve_web()
        done = self.run_program("watchlist", "put", "mine", "-", stdin=f"{self.url(mock, 2)} curl\n")
        self.assertIn("1 watched", done.stdout)
        self.assertEqual([path.name for path in self.lists.glob("mine*")], ["mine.txt"])
        source.write_text("[[watch]\n")
        done = self.run_program("watchlist", "put", "mine", source, expect=1)
        self.assertRegex(done.stdout, r"mine\.toml:1:\d+: ")
        self.assertEqual(set(self.sources()), {"2"})
        self.run_program("watchlist", "put", "../mine", source, expect=2)
        acts = [c for c in self.lines("changes") if c["field"] == "watchlist"]
        self.assertEqual([(act["new"], act["actor"].split()[:2]) for act in acts], [("mine", ["local", "user"])] * 2)


class Damage(Lists):
    """A folder of 2,000 lists with every kind of damage: the good ones are all in, the bad ones are all named."""

    GOOD, BROKEN, SHAPE, BYTES = 1500, 200, 150, 150

    def command(self, *arguments):
        # Without what lets root read any file.
        drop = "-dac_override,-dac_read_search"
        prefix = ["setpriv", "--bounding-set", drop, "--inh-caps", drop] if os.geteuid() == 0 else []
        return prefix + super().command(*arguments)

    def fill(self, mock):
        """The names of the bad lists, each with a part of what is to be said of it."""
        self.lists.mkdir(parents=True)
        bad = {}
        for n in range(self.GOOD):
            urls = [self.url(mock, n % 300 + 1), self.url(mock, (n * 7) % 300 + 1)]
            if n % 3 == 0:
                self.put(f"good-{n}.json", [{"url": url, "label": f"p{n}-{i}"} for i, url in enumerate(urls)])
            elif n % 3 == 1:
                self.put(f"good-{n}.toml", "".join(
                    f'[[watch]]\nurl = "{url}"\nlabel = "p{n}-{i}"\n' for i, url in enumerate(urls)))
            else:
                self.put(f"good-{n}.txt", "".join(f"{url} p{n}-{i}\n" for i, url in enumerate(urls)))
        whole = json.dumps(self.entries(mock, range(1, 40)), indent=1)
        for n in range(self.BROKEN):
            self.put(f"broken-{n}.json", whole[:20 + n * 9])
            bad[f"broken-{n}"] = "no JSON"
        shapes = ("7", '"x"', "{}", '{"watches": {}}', '{"urls": []}', "null", '{"frozen": "yes", "watches": []}')
        for n in range(self.SHAPE):
            self.put(f"shape-{n}.json", shapes[n % len(shapes)])
            bad[f"shape-{n}"] = ""
        for n in range(self.BYTES):
            ending = ("json", "toml", "txt")[n % 3]
            self.put(f"bytes-{n}.{ending}", b"# a line\n  \xff\xfe " + bytes([0x80 + n % 0x40]))
            bad[f"bytes-{n}"] = "UTF-8"
        with (self.lists / "huge.json").open("wb") as file:
            file.truncate(1 << 30)
        (self.lists / "circle-1.json").symlink_to("circle-2.json")
        (self.lists / "circle-2.json").symlink_to("circle-1.json")
        (self.lists / "nowhere.txt").symlink_to("/nonexistent/list")
        (self.lists / "database.txt").symlink_to(self.database)
        os.mkfifo(self.lists / "pipe.json")
        self.put("closed.json", "[]")
        (self.lists / "closed.json").chmod(0)
        self.put("good-1.txt", "")  # a second one of that name
        self.put("two words.txt", "")
        (self.lists / "folder.json").mkdir()
        for name in (".hidden.json", "good-1.json~", "good-1.json.bak", "#good-1.json#"):
            (self.lists / name).write_text("[")
        bad.update({
            "huge": "8 MiB", "circle-1": "circle", "circle-2": "circle", "nowhere": "nowhere", "pipe": "pipe",
            "closed": "Permission denied", "database": "a file of the database", "%good-1.txt": "already",
            "%two%20words.txt": "letters"})
        return bad

    def test_each_on_its_own(self):
        mock = self.mock()
        self.run_program("add", self.url(mock, 300))
        bad = self.fill(mock)
        stop = threading.Event()
        flickering = threading.Thread(target=self.flicker, args=(stop,))
        flickering.start()
        try:
            self.serve_web()
            def is_read():
                lists = self.status()[1]["watchlists"]
                return lists["watched"] == 2 * self.GOOD and lists["bad"] >= len(bad)
            self.wait_for(is_read, "all lists to be read")
        finally:
            stop.set()
            flickering.join()
        def listed():
            all = {one["name"]: one for one in self.lines("watchlist", "list")}
            return not any(name.startswith("flicker") for name in all) and all
        lists = self.wait_for(listed, "what vanished to be gone")
        self.assertEqual({name for name, one in lists.items() if one["state"] == "bad"}, set(bad))
        for name, words in bad.items():
            with self.subTest(list=name):
                self.assertIn(words, lists[name]["trouble"])
                if name.startswith(("broken", "shape", "bytes")):
                    self.assertGreater(lists[name]["column"], 0)
        good = [one for one in lists.values() if one["state"] == "good"]
        self.assertEqual((len(good), {one["watched"] for one in good}), (self.GOOD, {2}))
        self.assertEqual(self.status()[1]["watchlists"]["bad"], len(bad))

        done = self.run_program("watchlist", "check", self.lists, expect=1)
        named = {line.partition(":")[0].rpartition("/")[2] for line in done.stdout.splitlines()}
        self.assertLessEqual({pathlib.Path(one["path"]).name for one in lists.values() if one["state"] == "bad"}, named)
        self.assertFalse(any(name.startswith("good") and name != "good-1.txt" for name in named))

        page = self.ask("/lists").text
        self.assertIn(f"{len(bad)} of {len(lists):,} watch lists", page)
        self.assertIn("watchlists/broken-0.json:", page)

    def flicker(self, stop):
        """Lists that come and go while they are read."""
        while not stop.is_set():
            for n in range(20):
                (self.lists / f"flicker-{n}.txt").write_text("# nothing\n" * 1000)
            for n in range(20):
                (self.lists / f"flicker-{n}.txt").unlink()


if __name__ == "__main__":
    web.resident.main()
