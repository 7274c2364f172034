#!/usr/bin/env python3
"""Shows that the walls of one room hold: what its include path lets in, and what not."""

import argparse
import pathlib
import re
import subprocess
import sys

# The arrows of the house: which rooms a room may include.
EVERYTHING = {"core", "storage", "adapters", "net", "remote", "check", "intake", "feed", "serve"}
ARROWS = {
    "core": set(),
    "storage": {"core"},
    "adapters": {"core"},
    "net": {"core"},
    "remote": {"core", "adapters", "net"},
    "check": {"core", "storage", "adapters", "net", "remote"},
    "intake": {"core", "storage", "adapters", "net", "remote"},
    "feed": {"core", "storage", "net"},
    "serve": {"core", "storage", "net"},
    "app": EVERYTHING,
}
HOUSE = ("engine", "adapters", "storage", "tests", "bench")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]*)"', re.MULTILINE)


class Walls:
    def __init__(self, options):
        self.house = pathlib.Path(options.house)
        self.options = options
        self.folders, self.uses = {}, {}
        for declared in options.rooms:
            name, folder, uses = declared.split("=")
            self.folders[name] = folder
            self.uses[name] = [u for u in uses.split(",") if u]

    def reached(self, name):
        """The rooms that a room sees: itself and what it uses, to the end."""
        seen = {name}
        for used in self.uses[name]:
            seen |= self.reached(used)
        return seen

    def headers(self, folder):
        return sorted(p.relative_to(self.house).as_posix() for p in (self.house / folder).rglob("*.hpp"))

    def compile(self, source):
        """Runs the compiler over a source with the room's include path: its exit code and what it says."""
        command = [self.options.compiler, "-std=c++20", "-fsyntax-only", "-x", "c++", "-"]
        command += [f"-I{folder}" for folder in self.options.includes if folder]
        done = subprocess.run(command, input=source, capture_output=True, text=True, cwd="/", check=False)
        return done.returncode, done.stderr

    def against_the_arrows(self, room):
        if room not in ARROWS:
            inside = self.folders[room].startswith(("engine", "adapters", "storage"))
            return [f"the room {room} is not in the table of arrows"] if inside else []
        return [f"{room} uses {other}" for other in sorted(self.reached(room) - {room} - ARROWS[room])]

    def shut_out(self, seen):
        """Along the arrows every header is found."""
        names = [h for other in sorted(seen) for h in self.headers(self.folders[other])]
        checks = [f'#if !__has_include("{n}")\n#error "{n} is not found"\n#endif' for n in names]
        code, said = self.compile("\n".join(checks) + "\n")
        return [said] if code else []

    def let_in(self, seen):
        """Against the arrows no header is found, and an include of one does not build."""
        own = tuple(self.folders[other] + "/" for other in seen)
        names = [h for folder in HOUSE for h in self.headers(folder) if not h.startswith(own)]
        checks = [f'#if __has_include("{n}")\n#error "{n} is found"\n#endif' for n in names]
        code, said = self.compile("\n".join(checks) + "\n")
        wrong = [said] if code else []
        one_of_each = {pathlib.PurePosixPath(n).parent: n for n in names}
        for name in one_of_each.values():
            code, said = self.compile(f'#include "{name}"\n')
            if code == 0 or name not in said:
                wrong.append(f'#include "{name}" builds, or fails for another reason:\n{said}')
        if not names:
            wrong.append("no header of another room was tried")
        return wrong

    def by_another_way(self, room):
        """Includes start at the top of the house: "../net/client.hpp" would go around the walls."""
        wrong = []
        for path in sorted((self.house / self.folders[room]).rglob("*.[hc]pp")):
            for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
                if ".." in name or not name.startswith(tuple(f + "/" for f in HOUSE)):
                    wrong.append(f'{path.relative_to(self.house)}: #include "{name}"')
        return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--house", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--room", required=True)
    parser.add_argument("--rooms", required=True, nargs="+")
    parser.add_argument("--includes", required=True, nargs="+")
    walls = Walls(parser.parse_args())
    room = walls.options.room
    seen = walls.reached(room)
    wrong = walls.against_the_arrows(room) + walls.shut_out(seen) + walls.let_in(seen) + walls.by_another_way(room)
    print("\n".join(wrong) or f"{room} sees {', '.join(sorted(seen))} and nothing else")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
