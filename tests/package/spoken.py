"""What the real program says of itself: its commands with their options, its outcomes, its configuration's keys.

CHECKWATCHES names the program. A command is its words ("tracker add"); the program itself is "".
"""

import os
import pathlib
import re
import subprocess

PROGRAM = os.environ["CHECKWATCHES"]
FILES = pathlib.Path(__file__).resolve().parents[2] / "engine" / "app" / "package"
EVERYWHERE = {"--db", "--config", "--verbose", "--help"}

# In the manual and the completions, and not in the program yet. What the program has learnt by now is reported, so that
# it is taken off this list; anything else that only one side knows is an error.
PLANNED_COMMANDS = {
    "tracker show", "tracker probe", "tracker login", "tracker pause", "tracker resume", "tracker reset", "tracker set",
    "errors", "db", "db check", "db backup", "db compact",
}
PLANNED_OPTIONS = {("show", "--why")}
PLANNED_OUTCOMES = {"shrunk"}


def run(*arguments, **more):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=60, **more)


def commands():
    """The options of each command by `--help`, without those that are taken everywhere."""
    found = {}

    def visit(words):
        text = run(*words, "--help").stdout
        options, _, below = text.partition("\nSubcommands:")
        found[" ".join(words)] = set(re.findall(r"^ +(?:-\w,)?(--[a-z][a-z-]*)", options, re.M)) - EVERYWHERE
        for name in re.findall(r"^  (\w[\w-]*)", below, re.M):
            visit((*words, name))

    visit(())
    return found


def outcomes():
    """All that the program knows, and the planned."""
    said = run("show", "--outcome", "?").stderr
    return set(re.search(r"known are ([\w ]+)", said).group(1).split()) | PLANNED_OUTCOMES


def kinds(folder):
    """Those of the kinds in our source that the program knows, and whether it knows the given one."""
    sources = (pathlib.Path(__file__).resolve().parents[2] / "adapters" / "registry.cpp").read_text()
    made = set(re.findall(r"make_(\w+)\(\)", sources))
    return {kind for kind in made if is_kind(kind, folder)}


def is_kind(kind, folder):
    done = run("--db", folder / "kinds.db", "tracker", "add", "--no-probe", "--kind", kind, "--url",
               f"https://{kind}.example.org", "--name", kind)
    return done.returncode == 0


def differences(documented, built=None):
    """What only one of the two knows: lines to print, empty where they agree. Both are options by command."""
    built = commands() if built is None else built
    wrong = []
    for command in sorted(documented.keys() | built.keys()):
        here, there = documented.get(command), built.get(command)
        if here is None:
            wrong.append(f'"{command}" is in --help only')
        elif there is None and command not in PLANNED_COMMANDS:
            wrong.append(f'"{command}" is not in --help')
        elif there is not None:
            wrong += [f'"{command} {option}" is in --help only' for option in sorted(there - here)]
            wrong += [
                f'"{command} {option}" is not in --help'
                for option in sorted(here - there)
                if (command, option) not in PLANNED_OPTIONS
            ]
    return wrong


def report_planned():
    built = commands()
    for command in sorted(PLANNED_COMMANDS):
        print(f"planned: {command}: {'built now: take it off PLANNED_COMMANDS' if command in built else 'not built yet'}")
    for command, option in sorted(PLANNED_OPTIONS):
        is_built = option in built.get(command, ())
        print(f"planned: {command} {option}: {'built now: take it off PLANNED_OPTIONS' if is_built else 'not built yet'}")
