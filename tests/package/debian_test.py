"""The Debian package in a small Debian of its own: installed, upgraded, removed, purged, by the real dpkg.

    python3 debian_test.py PACKAGE.deb FOLDER

FOLDER keeps the tree with what the package depends on between runs; it comes from where this machine's apt gets its
packages. Needs root, for chroot. No systemd runs in the tree: the package has to do without.
"""

import hashlib
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import unittest

PACKAGE = pathlib.Path(sys.argv[1]).resolve()
FOLDER = pathlib.Path(sys.argv[2]).resolve()
DATABASE = "/var/lib/checkwatches/checkwatches.db"
CONFIGURATION = "/etc/checkwatches/config.toml"
UNITS = ["checkwatches.service", "checkwatches-check.service", "checkwatches-check.timer"]
# What dpkg, adduser and Debian's helpers leave behind by themselves.
LEFT_BY_OTHERS = re.compile(r"/etc/(\.pwd\.lock|(passwd|shadow|group|gshadow|subuid|subgid)-)|/(run|var/log)/.*"
                            r"|/var/lib/dpkg/.*|/var/lib/systemd/deb-systemd-helper-(enabled|masked)(/[^/]*\.wants)?")


def run(*command, expect=0, **more):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=600,
                          **more)
    if done.returncode != expect:
        raise AssertionError(f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def field(package, name):
    return run("dpkg-deb", "--field", package, name).strip()


def apt_sources():
    """The files that say where this machine gets this Debian's packages."""
    codename = re.search(r"^VERSION_CODENAME=(\w+)", pathlib.Path("/etc/os-release").read_text(), re.M).group(1)
    files = [pathlib.Path("/etc/apt/sources.list"), *sorted(pathlib.Path("/etc/apt/sources.list.d").glob("*"))]
    return codename, [file for file in files
                      if file.is_file() and re.search(rf"(?<![\w-]){codename}\b", file.read_text())]


def base_tree():
    """A Debian with what the package depends on; made once for each set of dependencies."""
    depends = sorted(re.sub(r" .*", "", name) for name in field(PACKAGE, "Depends").split(", "))
    tree = FOLDER / ("debian-" + hashlib.sha256(" ".join(depends).encode()).hexdigest()[:12])
    if not tree.exists():
        codename, sources = apt_sources()
        print(f"making {tree}", flush=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.glob("debian-*"): # for other dependencies, or not finished
            shutil.rmtree(old)
        unfinished = tree.with_suffix(".unfinished")
        run("mmdebstrap", "--mode=root", "--variant=essential", "--include=" + ",".join(depends), codename, unfinished,
            *sources)
        unfinished.rename(tree)
    return tree


def older(package, folder):
    """The package as an older version with another default configuration."""
    tree = folder / "older"
    run("dpkg-deb", "--raw-extract", package, tree)
    control = tree / "DEBIAN" / "control"
    control.write_text(re.sub(r"^Version: .*", "Version: 0.0.1-1", control.read_text(), flags=re.M))
    configuration = tree / CONFIGURATION.lstrip("/")
    configuration.write_text("# The defaults of an older version.\n")
    deb = folder / "older.deb"
    run("dpkg-deb", "--root-owner-group", "--build", tree, deb)
    return deb


class Story(unittest.TestCase):
    def setUp(self):
        self.tree = FOLDER / "scratch"
        shutil.rmtree(self.tree, ignore_errors=True)
        run("cp", "--archive", "--reflink=auto", BASE, self.tree)
        self.addCleanup(shutil.rmtree, self.tree, ignore_errors=True)

    def inside(self, *command, **more):
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        return run("chroot", self.tree, *command, env=environment, **more)

    def dpkg(self, *arguments):
        # The conffile question is answered as a careful operator would: what was changed here stays.
        return self.inside("dpkg", "--force-confdef", "--force-confold", *arguments)

    def install(self, package):
        shutil.copy(package, self.tree / "tmp" / "package.deb")
        said = self.dpkg("--install", "/tmp/package.deb")
        (self.tree / "tmp" / "package.deb").unlink()
        return said

    def as_user(self, *command, **more):
        return self.inside("setpriv", "--reuid=checkwatches", "--regid=checkwatches", "--clear-groups", "--no-new-privs",
                           *command, **more)

    def program(self, *arguments, **more):
        return self.as_user("/usr/bin/checkwatches", "--db", DATABASE, "--config", CONFIGURATION, *arguments, **more)

    def path(self, name):
        return self.tree / name.lstrip("/")

    def state(self):
        return self.inside("dpkg-query", "--show", "--showformat=${db:Status-Abbrev}${Version}", "checkwatches").strip()

    def is_enabled(self, unit="checkwatches.service", wanted_by="multi-user.target"):
        return self.path(f"/etc/systemd/system/{wanted_by}.wants/{unit}").is_symlink()

    def files(self):
        found = set()
        for folder, folders, names in os.walk(self.tree):
            found |= {"/" + str((pathlib.Path(folder) / name).relative_to(self.tree)) for name in folders + names}
        return {name for name in found if not LEFT_BY_OTHERS.fullmatch(name)}

    def watch_something(self):
        self.program("add", "--no-probe", "--label", "mine", "https://bugs.example.org/show_bug.cgi?id=7")

    def test_install(self):
        self.install(PACKAGE)
        self.assertEqual(self.state(), "ii " + field(PACKAGE, "Version"))
        self.assertIn(field(PACKAGE, "Version").partition("-")[0], self.inside("checkwatches", "--version"))
        for name, mode, owner in [
            ("/usr/bin/checkwatches", 0o755, "root:root"),
            ("/usr/lib/systemd/system/checkwatches.service", 0o644, "root:root"),
            ("/usr/lib/systemd/system/checkwatches-check.service", 0o644, "root:root"),
            ("/usr/lib/systemd/system/checkwatches-check.timer", 0o644, "root:root"),
            ("/usr/share/man/man1/checkwatches.1.gz", 0o644, "root:root"),
            ("/usr/share/man/man5/checkwatches.toml.5.gz", 0o644, "root:root"),
            ("/usr/share/bash-completion/completions/checkwatches", 0o644, "root:root"),
            ("/usr/share/zsh/vendor-completions/_checkwatches", 0o644, "root:root"),
            ("/usr/share/doc/checkwatches/copyright", 0o644, "root:root"),
            ("/usr/share/doc/checkwatches/changelog.Debian.gz", 0o644, "root:root"),
            ("/usr/share/checkwatches/schemas/change.v1.json", 0o644, "root:root"),
            ("/usr/share/checkwatches/schemas/check.v1.json", 0o644, "root:root"),
            ("/usr/share/doc/checkwatches/examples/config.toml", 0o644, "root:root"),
            ("/usr/share/doc/checkwatches/examples/checkwatches.cron", 0o644, "root:root"),
            ("/usr/share/doc/checkwatches/examples/grafana/checkwatches.json", 0o644, "root:root"),
            ("/usr/share/doc/checkwatches/examples/kinds/openproject.toml", 0o644, "root:root"),
            ("/usr/share/doc/checkwatches/examples/prometheus/checkwatches.rules.yml", 0o644, "root:root"),
            (CONFIGURATION, 0o644, "root:root"),
            ("/var/lib/checkwatches", 0o750, "checkwatches:checkwatches"),
        ]:
            with self.subTest(name):
                self.assertEqual(stat.S_IMODE(self.path(name).stat().st_mode), mode)
                self.assertEqual(self.inside("stat", "--format=%U:%G", name).strip(), owner)
        self.assertEqual(self.inside("dpkg", "--verify", "checkwatches"), "")
        self.assertIn(CONFIGURATION, self.inside("dpkg-query", "--show", "--showformat=${Conffiles}", "checkwatches"))
        user = self.inside("getent", "passwd", "checkwatches").strip().split(":")
        self.assertEqual(user[5:], ["/var/lib/checkwatches", "/usr/sbin/nologin"])
        self.assertTrue(self.is_enabled())
        self.assertFalse(self.is_enabled("checkwatches-check.timer", "timers.target"))

        self.program("tracker", "add", "--no-probe", "--kind", "trac", "--url", "https://trac.example.org")
        unit = self.path("/usr/lib/systemd/system/checkwatches-check.service").read_text()
        cron = self.path("/usr/share/doc/checkwatches/examples/checkwatches.cron").read_text()
        for command in (re.search("^ExecStart=(.*)$", unit, re.M), re.search(r"^\*/10 .* checkwatches (/.*) 2>&1", cron, re.M)):
            self.assertIn("0 bugs", self.as_user("sh", "-c", command.group(1)))

    def test_units(self):
        self.install(PACKAGE)
        # The units that ours refer to: the tree has no systemd.
        run("cp", "--recursive", "--no-clobber", "/lib/systemd/system/.", self.path("/usr/lib/systemd/system"))
        run("systemd-analyze", f"--root={self.tree}", "--man=no", "verify", *UNITS)
        for unit in ("checkwatches.service", "checkwatches-check.service"):
            run("systemd-analyze", f"--root={self.tree}", "--offline=true", "--threshold=13", "security", unit)

    def test_upgrade_keeps_what_was_changed(self):
        self.install(older(PACKAGE, self.tree / "tmp"))
        self.assertEqual(self.state(), "ii 0.0.1-1")
        self.watch_something()
        mine = 'contact = "me@example.org"\n'
        self.path(CONFIGURATION).write_text(mine)
        run("systemctl", f"--root={self.tree}", "disable", "checkwatches.service")
        owner = self.inside("id", "--user", "checkwatches")

        self.install(PACKAGE)
        self.assertEqual(self.state(), "ii " + field(PACKAGE, "Version"))
        self.assertEqual(self.path(CONFIGURATION).read_text(), mine)
        self.assertIn('"labels":["mine"]', self.program("show", "--json"))
        self.assertEqual(self.inside("id", "--user", "checkwatches"), owner)
        self.assertFalse(self.is_enabled(), "it was disabled and is enabled again")

    def test_upgrade_brings_new_defaults(self):
        self.install(older(PACKAGE, self.tree / "tmp"))
        self.install(PACKAGE)
        self.assertEqual(self.path(CONFIGURATION).read_bytes(),
                         self.path("/usr/share/doc/checkwatches/examples/config.toml").read_bytes())
        self.assertTrue(self.is_enabled())

    def test_remove_keeps_state_and_purge_leaves_nothing(self):
        before = self.files()
        self.install(PACKAGE)
        self.watch_something()
        self.dpkg("--remove", "checkwatches")
        self.assertEqual(self.state().partition(" ")[0], "rc")
        self.assertFalse(self.path("/usr/bin/checkwatches").exists())
        self.assertTrue(self.path(CONFIGURATION).exists())
        self.assertTrue(self.path(DATABASE).exists())

        self.install(PACKAGE)
        self.assertTrue(self.is_enabled())
        self.assertIn('"labels":["mine"]', self.program("show", "--json"))

        self.dpkg("--purge", "checkwatches")
        self.assertEqual(self.files() - before, set())
        self.assertEqual(before - self.files(), set())
        self.inside("getent", "passwd", "checkwatches")

    def test_what_the_operator_put_beside_the_configuration_stays(self):
        self.install(PACKAGE)
        self.path("/etc/checkwatches/bugzilla.key").write_text("secret\n")
        self.dpkg("--purge", "checkwatches")
        self.assertTrue(self.path("/etc/checkwatches/bugzilla.key").exists())
        self.assertFalse(self.path(CONFIGURATION).exists())


class Policy(unittest.TestCase):
    def test_lintian(self):
        lintian = ["lintian", "--allow-root", "--display-info"]
        run(*lintian, "--fail-on=error,warning", "--suppress-tags=initial-upload-closes-no-bugs", PACKAGE)
        hardening = ["no-pie", "no-relro", "no-bindnow", "no-fortify-functions"]
        run(*lintian, "--fail-on=info", "--tags=" + ",".join("hardening-" + tag for tag in hardening), PACKAGE)


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("THE DEBIAN PACKAGE IS NOT TESTED: that needs root, for chroot")
    BASE = base_tree()
    unittest.main(argv=sys.argv[:1], verbosity=2)
