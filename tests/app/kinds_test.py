#!/usr/bin/env python3
"""Every kind through the real commands against its mock: 200 bugs, among them a private, a missing, an invalid and a
duplicate one. The address alone says what it may be, the probe proves it, and each id gets one right outcome.

README's table of kinds is what the program says of them."""

import pathlib
import re

import end_to_end
from end_to_end import GOOD_KEY, bug_url

BUGS = 199
PRIVATE, DUPLICATE, MISSING = 13, 20, BUGS + 1


class Kind:
    """How a mock is made, and what becomes of the special bugs."""

    def __init__(self, *, options="", private="not_found", missing="not_found", invalid=None, original="10",
                 api=False, token=None):
        self.options, self.private, self.missing = options, private, missing
        self.invalid, self.original, self.api, self.token = invalid, original, api, token


KINDS = {
    "allura": Kind(private="forbidden", original=None),
    "bugzilla": Kind(private="forbidden", invalid="0x"),
    "debbugs": Kind(invalid="0"),
    "gitea": Kind(original=None),
    "github": Kind(original=None),
    "gitlab": Kind(),
    "jira": Kind(private="forbidden", original="MOCK-10"),
    "launchpad": Kind(api=True),
    "mantis": Kind(private="forbidden"),
    "pagure": Kind(private="forbidden", original=None),
    "phorge": Kind(private="forbidden", token=GOOD_KEY),
    "redmine": Kind(private="forbidden"),
    "roundup": Kind(private="forbidden"),
    "rt": Kind(private="forbidden"),
    "savannah": Kind(private="forbidden", original=None),
    "trac": Kind(private="forbidden", invalid="x", original=None),
}
README = pathlib.Path(__file__).resolve().parents[2] / "README.md"


class Kinds(end_to_end.Case):
    def configure(self, base, token):
        """From here on every command has the credential."""
        config = self.folder / ".config" / "checkwatches" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(f'[[credential]]\norigin = "{base}"\nvariable = "TOKEN"\n')
        self.environment["TOKEN"] = token

    def play(self, name):
        kind = KINDS[name]
        mock = self.mock(f"kind={name},name=it,bugs={BUGS}{kind.options}")
        base = mock.urls["it"]
        if kind.token:
            self.configure(base, kind.token)
        if kind.api:
            self.run_program("tracker", "add", "--kind", name, "--url", base, "--api", mock.apis["it"])
        bugs = [*range(1, BUGS + 2), *([kind.invalid] if kind.invalid else [])]
        self.add([bug_url(name, base, bug) for bug in bugs])
        (tracker,) = self.lines("tracker", "list")
        self.assertEqual((tracker["kind"], tracker["bugs"]), (name, len(bugs)))

        self.run_program("check", expect=1)
        shown = {bug["url"]: bug for bug in self.lines("show")}
        found = {bug: shown[bug_url(name, base, bug)] for bug in bugs}
        expected = {PRIVATE: kind.private, MISSING: kind.missing, kind.invalid: "invalid_id"}
        for bug in bugs:
            self.assertEqual(found[bug]["outcome"], expected.get(bug, "seen"), (bug, found[bug]))
        for bug in set(bugs) - set(expected):
            self.assertIsNotNone(found[bug]["status"], found[bug])
            self.assertIsNotNone(found[bug]["remote_status"], found[bug])
        self.assertEqual(found[DUPLICATE]["duplicate_of"], kind.original)
        self.assertEqual(self.lines("queue"), [], "a word of the mock is unknown")
        self.assertGreater(len({bug["status"] for bug in found.values()}), 2)

        # Again: what the tracker says of itself is the same, and so is what we know.
        last = self.lines("changes")[-1]["id"]
        self.run_program("check", "--force", expect=1)
        self.assertEqual(self.lines("changes", "--after", last), [])
        ids = [bug for bug in mock.post("/step", tracker="it", count=5)["changed"]]
        self.run_program("check", "--force", expect=1)
        changed = {line["url"] for line in self.lines("changes", "--after", last)}
        self.assertLessEqual(changed, {bug_url(name, base, bug) for bug in ids})
        self.assertNotEqual(changed, set())

    def test_a_bug_that_spoils_its_batch_is_found_and_the_others_go_on(self):
        mock = self.mock("kind=debbugs,name=it,bugs=20,poison=4")
        urls = {bug: bug_url("debbugs", mock.urls["it"], bug) for bug in range(1, 21) if bug != PRIVATE}
        self.add(urls.values())
        (line, _) = self.lines("check", expect=1)
        self.assertEqual((line["outcomes"]["seen"], sum(line["outcomes"].values())), (18, 19), line)
        self.assertLess(line["requests"], 20, "it was bisected, not asked one by one")
        found = {bug["url"]: bug for bug in self.lines("show")}
        self.assertEqual([url for url, bug in found.items() if bug["outcome"] != "seen"], [urls[4]])
        self.assertIsNone(found[urls[4]]["status"])

    def test_what_an_answer_said_of_itself_is_asked_with_the_next_time(self):
        mock = self.mock("kind=bugzilla,name=it,bugs=20")
        self.add([bug_url("bugzilla", mock.urls["it"], 1)])
        (tracker,) = self.lines("tracker", "list")
        self.run_program("tracker", "set", tracker["name"], "changed_since=false")
        (plan, *_) = self.lines("check", "--force", "--tracker", tracker["name"])
        self.assertEqual(plan["plan"]["free"], 0)
        self.assertEqual(mock.ask("/requests", tracker="it")["not_modified"], 0)
        (plan, line, _) = self.lines("check", "--force", "--tracker", tracker["name"])
        self.assertEqual((plan["plan"]["requests"], plan["plan"]["free"]), (1, 1))
        self.assertEqual(mock.ask("/requests", tracker="it")["not_modified"], 1)
        self.assertEqual(line["outcomes"], {"unmodified": 1})

    def test_links_are_shown_and_never_asked_for(self):
        links = ["mailto:dev@example.org", "https://bugs.php.net/bug.php?id=7",
                 "https://code.google.com/p/widget/issues/detail?id=8", "https://sourceforge.net/support/tracker.php?aid=9"]
        self.add(links, "--no-probe")  # nor is another kind that has such addresses
        self.add(["https://bugs.php.net/bug.php?id=007"])
        self.run_program("check", "--force")
        shown = {bug["url"]: bug for bug in self.lines("show")}
        self.assertEqual(set(shown), set(links))
        for bug in shown.values():
            self.assertEqual((bug["outcome"], bug["next_check"]), (None, None))
            self.assertIn("never asked", bug["why"])

    def test_the_table_of_the_readme(self):
        section = README.read_text().partition("\n## Trackers\n")[2].partition("\n## ")[0]
        rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in section.splitlines()
                if line.startswith("|")]
        flag = lambda yes: "yes" if yes else "-"
        said = [[f"`{kind['kind']}`", f"`{kind['addresses']}`", str(kind["batch"]) if kind["polled"] else "never asked",
                 flag(kind["changed_since"]), flag(kind["importance"]), flag(kind["comments"]), kind["login"] or "-"]
                for kind in self.lines("tracker", "kinds")]
        self.assertEqual(rows[2:], said)

    def test_every_kind_is_played(self):
        described = {"fossil", "openproject"}  # played by described_test.py
        polled = {kind["kind"] for kind in self.lines("tracker", "kinds") if kind["polled"]}
        self.assertEqual(polled - described, set(KINDS))


def case(name):
    return lambda self: self.play(name)


for name in KINDS:
    setattr(Kinds, f"test_{name}", case(name))

if __name__ == "__main__":
    end_to_end.main()
