"""Runs the real program against the real mock trackers, as a person or a cron job would.

The programs are named by the environment: CHECKWATCHES and CHECKWATCHES_MOCK. Every test gets a folder of its own and an
environment without the caller's configuration and proxies; everything that a test starts ends with it.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request

PROGRAM = os.environ["CHECKWATCHES"]
MOCK = os.environ["CHECKWATCHES_MOCK"]


class Mock:
    """A mock program with its trackers; `urls` and `apis` by tracker name."""

    def __init__(self, *trackers, arguments=()):
        command = [MOCK, "--control", "--stop-with-stdin", *arguments]
        for tracker in trackers:
            command += ["--tracker", tracker]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.urls, self.apis, self.kinds = {}, {}, {}
        for line in self.process.stdout:
            said = json.loads(line)
            if said.get("ready"):
                break
            if "control" in said:
                self.control_url = said["control"]
            else:
                self.urls[said["name"]] = said["url"].rstrip("/")
                self.apis[said["name"]] = said.get("api")
                self.kinds[said["name"]] = said["kind"]
        else:
            raise RuntimeError("the mock did not come up")

    def ask(self, path, post=False, **fields):
        """The control port's answer, as JSON."""
        url = self.control_url.rstrip("/") + path
        if fields:
            url += "?" + urllib.parse.urlencode(fields)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        request = urllib.request.Request(url, method="POST" if post else "GET")
        with opener.open(request, timeout=60) as answer:
            text = answer.read().decode()
        return json.loads(text) if text.strip() else None

    def post(self, path, **fields):
        return self.ask(path, post=True, **fields)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


class Case(unittest.TestCase):
    """One test with its own folder, database and environment."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="checkwatches-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.database = self.folder / "state" / "watch.db"
        self.environment = {
            key: value
            for key, value in os.environ.items()
            if not key.lower().endswith("_proxy") and not key.startswith("XDG_")
        }
        self.environment["HOME"] = str(self.folder)

    def mock(self, *trackers, arguments=()):
        mock = Mock(*trackers, arguments=arguments)
        self.addCleanup(mock.stop)
        return mock

    def command(self, *arguments):
        return [PROGRAM, "--db", str(self.database), *map(str, arguments)]

    def run_program(self, *arguments, expect=0, stdin=None):
        """Runs a command to its end and returns its output; fails unless it exits with `expect`."""
        done = subprocess.run(
            self.command(*arguments), input=stdin, capture_output=True, text=True, env=self.environment, timeout=600
        )
        self.assertEqual(done.returncode, expect, f"{arguments}\nstdout: {done.stdout}\nstderr: {done.stderr}")
        return done

    def lines(self, *arguments, expect=0):
        """The JSON objects that a command prints."""
        return [json.loads(line) for line in self.run_program(*arguments, "--json", expect=expect).stdout.splitlines()]

    def bugs(self, *arguments):
        """What `show` says, by (tracker, remote id)."""
        return {(bug["tracker"], bug["remote_id"]): bug for bug in self.lines("show", *arguments)}

    def add(self, urls, *arguments, expect=0):
        return self.run_program("add", "-", *arguments, stdin="\n".join(urls) + "\n", expect=expect)

    def register_launchpad(self, mock, name, *arguments):
        self.run_program(
            "tracker", "add", "--kind", "launchpad", "--url", mock.urls[name], "--api", mock.apis[name], "--name", name,
            *arguments)


# Behind the address of a mock.
ADDRESSES = {
    "allura": "/p/plum/bugs/{}/",
    "bugzilla": "/show_bug.cgi?id={}",
    "debbugs": "/cgi-bin/bugreport.cgi?bug={}",
    "gitea": "/plum/orchard/issues/{}",
    "github": "/acme/widget/issues/{}",
    "gitlab": "/gadgets/frob/-/issues/{}",
    "jira": "/browse/MOCK-{}",
    "launchpad": "/bugs/{}",
    "mantis": "/view.php?id={}",
    "pagure": "/plum/orchard/issue/{}",
    "phorge": "/T{}",
    "redmine": "/issues/{}",
    "roundup": "/issue{}",
    "rt": "/Ticket/Display.html?id={}",
    "savannah": "/bugs/?{}",
    "trac": "/ticket/{}",
}
GOOD_KEY = "Mq7Jx2Rt9WbVn4KsLp6Yd3HgFc8ZaE5uTiOoXr1B"  # what every mock takes as a token


def bug_url(kind, base, remote_id):
    """The address of a bug as a person would paste it."""
    if "/" in str(remote_id):
        return f"{base}/{remote_id}"
    return base + ADDRESSES[kind].format(remote_id)


main = unittest.main
