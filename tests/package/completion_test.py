"""The completions of bash and zsh, run by the real shells, offer what the program knows, and nothing else."""

import os
import pathlib
import pty
import select
import shlex
import shutil
import subprocess
import tempfile
import time
import unittest

import spoken

TRACKER = "a-tracker"

# Runs the completion function on the words given and prints what it offers, one a line.
BASH = r"""
source "$COMPLETION"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
compopt() { :; }
_checkwatches
printf '%s\n' "${COMPREPLY[@]}"
"""

# Start-up file of an interactive zsh: compadd notes what it would offer, and control-X that all of it was noted.
ZSHRC = r"""
PS1= RPS1= PS2=
LISTMAX=1000
fpath=($ZDOTDIR $fpath)
autoload -Uz compinit && compinit -u -D
compadd() {
    local -a offered asked
    zparseopts -E -a asked O: A: D:
    (( $#asked )) || {
        builtin compadd -A offered "$@"
        (( $#offered )) && print -rl -- $offered >>$ZDOTDIR/offers
    }
    builtin compadd "$@"
}
noted() {
    print -r -- finished >>$ZDOTDIR/offers
    BUFFER=
}
zle -N noted
bindkey '^X' noted
print -r -- ready >>$ZDOTDIR/offers
"""


class Completion:
    """One shell's completion; `offers(words)` is what it offers for the last of the words."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="checkwatches-completion-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.database = self.folder / "one.db"
        spoken.run("--db", self.database, "tracker", "add", "--no-probe", "--kind", "trac", "--url",
                   "https://trac.example.org", "--name", TRACKER)

    def options(self, *words):
        return {word for word in self.offers(*words, "--") if word.startswith("--")}

    def names(self, *words):
        return self.offers("--db", str(self.database), *words, "")

    def test_every_command_and_option(self):
        offered = {}

        def visit(words):
            name = " ".join(words)
            offered[name] = self.options(*words) - spoken.EVERYWHERE
            below = {word for word in self.offers(*words, "") if not word.startswith("-")}
            for word in below if name in ("", "tracker", "map", "token", "digest", "db") else ():
                visit((*words, word))

        visit(())
        self.assertEqual(spoken.differences(offered), [])
        self.assertEqual(self.options("check") & spoken.EVERYWHERE, spoken.EVERYWHERE)

    def test_outcomes_and_kinds(self):
        self.assertEqual(self.offers("show", "--outcome", ""), spoken.outcomes())
        kinds = spoken.kinds()
        for words in (("add",), ("tracker", "add")):
            self.assertEqual(self.offers(*words, "--kind", ""), kinds)
        self.assertEqual(self.offers("show", "--outcome", "not_f"), {"not_found"})

    def test_trackers_of_the_database_that_is_meant(self):
        for words in (("check", "--tracker"), ("show", "--tracker"), ("tracker", "reset"), ("tracker", "set")):
            with self.subTest(words):
                self.assertIn(TRACKER, self.names(*words))
        self.assertEqual(self.offers("--db", str(self.folder / "none.db"), "check", "--tracker", ""), set())


class Bash(Completion, unittest.TestCase):
    def offers(self, *words):
        done = subprocess.run(["bash", "-c", BASH, "bash", spoken.PROGRAM, *words], capture_output=True, text=True,
                              env={**os.environ, "COMPLETION": str(spoken.FILES / "checkwatches.bash")}, timeout=60)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.split())

    def test_it_is_registered(self):
        file = spoken.FILES / "checkwatches.bash"
        done = subprocess.run(["bash", "-c", f"source {file}; complete -p checkwatches"], capture_output=True, text=True)
        self.assertEqual(done.stdout, "complete -F _checkwatches checkwatches\n")


@unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
class Zsh(Completion, unittest.TestCase):
    def setUp(self):
        super().setUp()
        # zsh finds a completion by the name of its file, and the program by the name of the command.
        shutil.copy(spoken.FILES / "checkwatches.zsh", self.folder / "_checkwatches")
        (self.folder / "checkwatches").symlink_to(spoken.PROGRAM)
        (self.folder / ".zshrc").write_text(ZSHRC)
        self.noted = self.folder / "offers"
        self.terminal, inner = pty.openpty()
        self.addCleanup(os.close, self.terminal)
        environment = {"ZDOTDIR": str(self.folder), "HOME": str(self.folder), "TERM": "vt100", "LC_ALL": "C.UTF-8",
                       "PATH": f"{self.folder}:{os.environ['PATH']}"}
        shell = subprocess.Popen(["zsh", "-d", "-i"], stdin=inner, stdout=inner, stderr=inner, env=environment,
                                 cwd=self.folder, start_new_session=True)
        os.close(inner)
        self.addCleanup(shell.wait)
        self.addCleanup(shell.kill)
        self.wait_for("ready")

    def wait_for(self, word):
        """What was noted until the word, which ends it."""
        screen, until = "", time.monotonic() + 60
        while time.monotonic() < until:
            if select.select([self.terminal], [], [], 0.02)[0]:
                screen += os.read(self.terminal, 65536).decode(errors="replace")
            noted = self.noted.read_text().splitlines() if self.noted.exists() else []
            if noted and noted[-1] == word:
                self.noted.unlink()
                return noted[:-1]
        self.fail(f"zsh does not answer; on its screen is {screen!r}")

    def offers(self, *words):
        line = " ".join(["checkwatches", *(shlex.quote(word) for word in words[:-1]), words[-1]])
        os.write(self.terminal, f"{line}\t\x18".encode())
        return set(self.wait_for("finished"))


if __name__ == "__main__":
    unittest.main()
