#!/usr/bin/env python3
"""Every fault that the mocks can play, at each way to ask them: the outcome says what happened, no status changes, the
neighbour is unharmed, and the next pass after the fault is as good as the first."""

import pathlib
import re

import end_to_end
from end_to_end import GOOD_KEY, bug_url
from ways import WAYS, credentials

BUGS = 12
EXPECTED = {
    "refuse": {"connect_failed"},
    "reset": {"connect_failed", "protocol_error"},
    "reset_mid_body": {"connect_failed", "protocol_error"},
    "stall": {"timeout"},
    "stall_mid_body": {"timeout"},
    "truncate": {"protocol_error"},
    "garbage": {"protocol_error"},
    "garbage_body": {"unparsable", "protocol_error"},
    "login_page": {"auth_failed"},
    "bot_page": {"bot_wall"},
    "maintenance_page": {"maintenance"},
    "huge_body": {"too_large"},
    "huge_length": {"too_large"},
    "huge_header": {"too_large"},
    "gzip_bomb": {"too_large"},
    "redirect_loop": {"protocol_error"},
    "redirect_away": {"connect_failed"},
    "401": {"auth_failed"},
    "403": {"forbidden", "auth_failed", "shrunk"},
    "404": {"not_found", "protocol_error", "unsupported", "shrunk"},
    "429": {"rate_limited"},
    "429_bare": {"rate_limited"},
    "500": {"protocol_error"},
    "502": {"protocol_error", "maintenance"},
    "503": {"maintenance"},
    "503_bare": {"maintenance"},
    "slow_drip": {"timeout"},
}
# What is otherwise at one way, and why.
ELSEWHERE = {
    # Its pages send who must log in to another page, so that redirects there are not followed but read.
    ("mantis-export", "redirect_away"): {"protocol_error"},
}


def expected(way, fault):
    return ELSEWHERE.get((way, fault), EXPECTED[fault])


CONFIG = """
[network]
idle_timeout = "2s"
total_timeout = "3s"
most_body = 4194304
most_decoded = 8388608
"""


class Faults(end_to_end.Case):
    def setUp(self):
        super().setUp()
        self.config = self.folder / "c.toml"
        self.config.write_text(CONFIG)
        self.environment["TOKEN"] = GOOD_KEY

    def watch(self, mock):
        """Five bugs of each tracker; the trackers' names by those of the mocks."""
        with self.config.open("a") as config:
            config.write(credentials(mock))
        urls = []
        for name, base in mock.urls.items():
            if mock.kinds[name] == "launchpad":
                self.register_launchpad(mock, name)
            urls += [bug_url(mock.kinds[name], base, i) for i in range(1, 6)]
        self.run_program("--config", self.config, "add", "-", stdin="\n".join(urls) + "\n")
        # On a forge a tracker is a project below the mock's address.
        names = {"/".join(tracker["url"].split("/")[:3]): tracker["name"] for tracker in self.lines("tracker", "list")}
        return {name: names[base] for name, base in mock.urls.items()}

    def check(self, expect):
        return {line["tracker"]: line for line in self.lines("--config", self.config, "check", "--force", expect=expect)
                if "tracker" in line}

    def known(self):
        fields = ("status", "importance", "remote_status", "remote_importance", "title", "duplicate_of", "changed_at")
        return {key: {field: bug[field] for field in fields} for key, bug in self.bugs().items()}

    def changes(self):
        """The log without what was done here by hand."""
        return [line for line in self.lines("changes") if not line.get("actor")]

    def check_again(self):
        """Checks those too that were left alone, because they asked for that."""
        for tracker in self.lines("tracker", "list"):
            self.run_program("tracker", "reset", tracker["name"])
        return self.check(expect=0)

    def assert_answered(self, line):
        """All bugs were answered for, whether they were read again or told to be as they were."""
        self.assertEqual(sum(line["outcomes"].values()), 5)
        self.assertLessEqual(set(line["outcomes"]), {"seen", "unmodified"})

    def play(self, fault):
        """All at once: each is the other's neighbour, and the slow faults cost their time only once."""
        trackers = [f"{way.options},name={name},bugs={BUGS},drip=50,retry_after=2" for name, way in WAYS.items()]
        mock = self.mock(*trackers, "kind=trac,name=good,bugs=12")
        names = self.watch(mock)
        self.check(expect=0)
        before, log = self.known(), self.changes()

        for name in WAYS:
            mock.post("/fault", tracker=name, fault=fault)
        lines = self.check(expect=0 if EXPECTED[fault] == {"rate_limited"} else 1)
        for name in WAYS:
            with self.subTest(fault=fault, tracker=name):
                outcomes = lines[names[name]]["outcomes"]
                self.assertEqual(sum(outcomes.values()), 5)
                self.assertLessEqual(set(outcomes), expected(name, fault))
        self.assert_answered(lines[names["good"]])
        self.assertEqual(self.known(), before, "a fault changed what was known")
        self.assertEqual(self.changes(), log)

        for name in WAYS:
            mock.post("/fault", tracker=name, fault="none")
        for name, line in self.check_again().items():
            with self.subTest(after=fault, tracker=name):
                self.assert_answered(line)
        self.assertEqual(self.changes(), log)

    def test_each_way_is_another(self):
        mock = self.mock(*[f"{way.options},name={name},bugs={BUGS}" for name, way in WAYS.items()])
        for name, tracker in self.watch(mock).items():
            (probed,) = self.lines("--config", self.config, "tracker", "probe", tracker)
            self.assertEqual(probed["protocol"].partition(":")[0], WAYS[name].protocol, name)

    def test_what_is_no_fault_to_us(self):
        """The connection is closed behind a good answer: the next request takes another."""
        mock = self.mock("kind=trac,name=t,bugs=12,fault=close_idle")
        self.add([bug_url("trac", mock.urls["t"], i) for i in range(1, 6)])
        for _ in range(2):
            for line in self.check(expect=0).values():
                self.assert_answered(line)

    def test_all_that_the_mock_can_play_is_played(self):
        source = pathlib.Path(__file__).resolve().parents[2] / "bench" / "mock" / "fault.hpp"
        body = source.read_text().partition("enum class fault {")[2].partition("};")[0]
        played = {name.removeprefix("status_") for name in re.findall(r"^    (\w+),", body, re.M)}
        self.assertEqual(played, {*EXPECTED, "none", "close_idle"})


def case(fault):
    return lambda self: self.play(fault)


for name in EXPECTED:
    setattr(Faults, f"test_{name}", case(name))

if __name__ == "__main__":
    end_to_end.main()
