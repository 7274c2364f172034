"""The manual pages know what the program knows, and nothing else."""

import re
import shutil
import subprocess
import unittest

import spoken


def sections(page):
    """The text of each .Ss section by its title."""
    text = (spoken.FILES / page).read_text()
    parts = re.split(r"^\.S([hs]) (.*)$", text, flags=re.M)
    found, below = {}, ""
    for level, title, body in zip(parts[1::3], parts[2::3], parts[3::3]):
        below = title if level == "h" else below
        found[(below, title.removesuffix("\\&") if level == "s" else "")] = body
    return found


class Manual(unittest.TestCase):
    def test_every_command_and_option(self):
        documented = {}
        pages = sections("checkwatches.1")
        for (above, title), body in pages.items():
            if above == "COMMANDS" and title:
                listed = set(re.findall(r"^\.It Fl -([a-z-]+)", body, re.M))
                in_synopsis = set(re.findall(r"Fl -([a-z-]+)", re.search(r"^\.D1 (.*)$", body, re.M).group(1)))
                self.assertEqual(listed, in_synopsis, f"{title}: the synopsis and the list of options differ")
                documented[title] = {"--" + option for option in listed}
        everywhere = {"--" + name for name in re.findall(r"^\.It (?:Fl h , )?Fl -([a-z-]+)", pages["DESCRIPTION", ""], re.M)}
        self.assertEqual(everywhere, spoken.EVERYWHERE | {"--version"})

        built = spoken.commands()
        groups = {command for command in built if any(other.startswith(command + " ") for other in built)}
        documented |= {group: set() for group in groups}
        documented[""] = {"--version"}
        self.assertEqual(spoken.differences(documented, built), [])

    def test_every_outcome(self):
        body = sections("checkwatches.1")["OUTCOMES", ""]
        words = re.findall(r"\w+", " ".join(re.findall(r"^\.It Cm (.*)$", body, re.M)))
        self.assertEqual(sorted(words), sorted(spoken.outcomes()))

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_lint(self):
        pages = [spoken.FILES / page for page in ("checkwatches.1", "checkwatches.toml.5")]
        done = subprocess.run(["mandoc", "-Tlint", "-Wwarning", *pages], capture_output=True, text=True)
        self.assertEqual(done.stdout + done.stderr.replace("mandoc: outdated mandoc.db", ""), "")


if __name__ == "__main__":
    unittest.main()
