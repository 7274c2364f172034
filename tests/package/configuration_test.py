"""The example configuration: the real program takes it as it is and with everything in it turned on, and it and its
manual page have exactly the keys that the program knows."""

import os
import pathlib
import re
import shutil
import tempfile
import tomllib
import unittest

import spoken
from manual_test import sections

USERS_OWN = {"map", "scan.short"} # tables whose keys are the user's own

EXAMPLE = (spoken.FILES / "config.toml").read_text()


class Configuration(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="checkwatches-config-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.key = self.folder / "key"
        self.key.write_text("a secret that is long enough to sign with\n")
        self.key.chmod(0o600)
        turned_on = re.sub(r"^#(?=\S)", "", EXAMPLE, flags=re.M)
        turned_on = re.sub(r'^((?:old_|password_)?variable) = .*$', r'\1 = "LONG_SECRET"', turned_on, flags=re.M)
        self.turned_on = re.sub(r'^((?:old_|password_)?file) = .*$', rf'\1 = "{self.key}"', turned_on, flags=re.M)

    def load(self, text):
        """What the program says of a configuration; nothing where it takes it."""
        file = self.folder / "config.toml"
        file.write_text(text)
        done = spoken.run("--db", self.folder / "none.db", "--config", file, "tracker", "list",
                          env={**os.environ, "LONG_SECRET": "a secret that is long enough to sign with"})
        if done.returncode == 2:
            return done.stderr
        self.assertIn("there is no database", done.stderr) # so far it comes only after the configuration is read
        return ""

    def known(self, header, needed=""):
        """The keys that the program knows in a section."""
        said = self.load(f"{header}\n{needed}\nno_such_key = 1\n")
        return set(re.search(r'unknown key "no_such_key".*; expected one of ([\w, ]+)', said).group(1).split(", "))

    def test_it_is_taken(self):
        self.assertEqual(self.load(EXAMPLE), "")
        # Mail leaves by one way only.
        before, mail, behind = self.turned_on.partition("[mail]")
        section, blank, rest = behind.partition("\n\n")
        section = re.sub(r"^(smtp|tls|user|file|variable|folder) = .*$", "", section, flags=re.M)
        self.assertEqual(self.load(before + mail + section + blank + rest), "")

    def test_it_sets_nothing(self):
        self.assertEqual([table for table in tomllib.loads(EXAMPLE).values() if table], [])

    def test_every_key(self):
        example = tomllib.loads(self.turned_on)
        tables = {name: set().union(*value) if isinstance(value, list) else set(value) for name, value in example.items()
                  if not isinstance(value, str) and name not in USERS_OWN}
        self.assertEqual(set(example), self.known(""))
        manual = {title: set(re.findall(r"^\.It Va (\w+)", body, re.M))
                  for (_, title), body in sections("checkwatches.toml.5").items()
                  if title and title.strip("[]") not in USERS_OWN}
        self.assertEqual({title.strip("[]") for title in manual}, set(tables))
        for title, documented in manual.items():
            needed = 'origin = "https://a.example.org"\n' if title.startswith("[[") else ""
            if title == "[[webhook]]":
                needed = 'name = "a"\nurl = "https://a.example.org/"\n'
            if title in ("[[credential]]", "[[webhook]]"):
                needed += f'file = "{self.key}"\n'
            if title == "[[amqp]]":
                needed = f'name = "a"\nurl = "amqp://a.example.org"\npassword_file = "{self.key}"\n'
            if title == "[[messages_file]]":
                needed = 'name = "a"\nfolder = "/nonexistent"\n'
            if title == "[[gerrit]]":
                needed = 'name = "a"\nurl = "https://a.example.org"\nbugs = "https://b.example.org/{id}"\n'
            if title == "[[digest]]":
                needed = 'name = "d"\nto = ["a@example.org"]\n'
            if title == "[mail]":
                needed = 'from = "a@example.org"\nsendmail = ["/bin/true"]\n'
            with self.subTest(title):
                known = self.known(title, needed)
                if title == "[[digest]]":
                    known -= {"rate", "from", "acts"} # which every other sink has; it says that it has none
                self.assertEqual(tables[title.strip("[]")], known, "the example and the program differ")
                self.assertEqual(documented, known, "the manual page and the program differ")

    def test_the_manual_has_the_same_defaults(self):
        documented = {}
        for (_, title), body in sections("checkwatches.toml.5").items():
            for key, value in re.findall(r"^\.It Va (\w+) No \((.*)\)$", body, re.M):
                documented[(title.strip("[]"), key)] = tomllib.loads("a = " + value.replace("\\&", ""))["a"]
        example = {(section, key): value for section, keys in tomllib.loads(self.turned_on).items()
                   if isinstance(keys, dict) and section not in (*USERS_OWN, "mail") for key, value in keys.items()}
        self.assertEqual({key: value for key, value in documented.items() if key in example},
                         {key: value for key, value in example.items() if key in documented})
        # Not these: what the example says there is an example.
        self.assertEqual({key for key in example if key not in documented}, {("serve", "heartbeat"), ("offline", "canary"), ("kinds", "folder"),
                          ("scan", "short"), ("watchlists", "folder")})


if __name__ == "__main__":
    unittest.main()
