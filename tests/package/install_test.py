"""`cmake --install` without a package: everything below the prefix, and what is installed finds itself there.

CHECKWATCHES_BUILD names the build tree.
"""

import gzip
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = os.environ["CHECKWATCHES_BUILD"]
EXPECTED = {
    "bin/checkwatches",
    "lib/systemd/system/checkwatches-check.service",
    "lib/systemd/system/checkwatches-check.timer",
    "lib/systemd/system/checkwatches.service",
    "share/bash-completion/completions/checkwatches",
    "share/checkwatches/schemas/change.v1.json",
    "share/checkwatches/schemas/check.v1.json",
    "share/doc/checkwatches/examples/checkwatches.cron",
    "share/doc/checkwatches/examples/config.toml",
    "share/doc/checkwatches/examples/grafana/checkwatches.json",
    "share/doc/checkwatches/examples/kinds/fossil.toml",
    "share/doc/checkwatches/examples/kinds/openproject.toml",
    "share/doc/checkwatches/examples/prometheus/checkwatches.rules.yml",
    "share/man/man1/checkwatches.1.gz",
    "share/man/man5/checkwatches.toml.5.gz",
    "share/zsh/site-functions/_checkwatches",
}


class Install(unittest.TestCase):
    def test_usr_local(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="checkwatches-install-"))
        self.addCleanup(shutil.rmtree, folder)
        subprocess.run(["cmake", "--install", BUILD, "--prefix", "/usr/local"], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "DESTDIR": str(folder)}, timeout=120)
        installed = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        self.assertEqual(installed, {f"usr/local/{name}" for name in EXPECTED})

        prefix = folder / "usr" / "local"
        said = subprocess.run([prefix / "bin" / "checkwatches", "--version"], capture_output=True, text=True, timeout=60)
        self.assertRegex(said.stdout, r"^checkwatches \d")
        for name in ("checkwatches.service", "checkwatches-check.service"):
            unit = (prefix / "lib" / "systemd" / "system" / name).read_text()
            self.assertRegex(unit, r"(?m)^ExecStart=/usr/local/bin/checkwatches ")
            self.assertRegex(unit, r"(?m)^ProtectSystem=strict$")
            self.assertEqual(re.findall(r"@\w+@", unit), [])
        cron = (prefix / "share" / "doc" / "checkwatches" / "examples" / "checkwatches.cron").read_text()
        self.assertIn(" /usr/local/bin/checkwatches ", cron)
        page = gzip.decompress((prefix / "share" / "man" / "man1" / "checkwatches.1.gz").read_bytes()).decode()
        self.assertTrue(page.startswith(".Dd "))


if __name__ == "__main__":
    unittest.main()
