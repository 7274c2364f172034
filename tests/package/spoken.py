"""What the real program says of itself: its commands with their options, its outcomes, its configuration's keys.

CHECKWATCHES names the program. A command is its words ("tracker add"); the program itself is "".
"""

import json
import os
import pathlib
import re
import subprocess

PROGRAM = os.environ["CHECKWATCHES"]
FILES = pathlib.Path(__file__).resolve().parents[2] / "engine" / "app" / "package"
EVERYWHERE = {"--db", "--config", "--verbose", "--help"}

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
    said = run("show", "--outcome", "?").stderr
    return set(re.search(r"known are ([\w ]+)", said).group(1).split())


def kinds():
    """The kinds of trackers that the program knows."""
    return {json.loads(line)["kind"] for line in run("tracker", "kinds", "--json").stdout.splitlines()}


def differences(documented, built=None):
    """What only one of the two knows: lines to print, empty where they agree. Both are options by command."""
    built = commands() if built is None else built
    wrong = []
    for command in sorted(documented.keys() | built.keys()):
        here, there = documented.get(command), built.get(command)
        if here is None:
            wrong.append(f'"{command}" is in --help only')
        elif there is None:
            wrong.append(f'"{command}" is not in --help')
        else:
            wrong += [f'"{command} {option}" is in --help only' for option in sorted(there - here)]
            wrong += [f'"{command} {option}" is not in --help' for option in sorted(here - there)]
    return wrong
