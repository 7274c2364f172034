#!/usr/bin/env python3
"""Counts the instructions of the hot paths, which each bug goes through at each check, and compares them with
bench/budgets.toml. A path above its budget fails; one far below gives a hint."""

import argparse
import concurrent.futures
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What would make the counts depend on the processor is held to what each x86-64 of the last 15 years can do: the
# string functions of glibc, simdjson's kernel, OpenSSL's hashes. (Valgrind shows a processor of its own in place of
# the machine's, with AVX2 where the machine has it.)
SAME_EVERYWHERE = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX_Fast_Unaligned_Load,-BMI1,-BMI2,-ERMS,-LZCNT,-MOVBE,-RTM,-SSSE3",
    "SIMDJSON_FORCE_IMPLEMENTATION": "westmere",
    "OPENSSL_ia32cap": "~0x1000000000000000:~0x128",  # without AVX, AVX2, BMI1 and BMI2
    "LC_ALL": "C",
}


class Trouble(Exception):
    """The counts could not be had."""


def count(program, path, out):
    """Instructions for each bug."""
    file = out / f"{path}.callgrind"
    command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={file}", program, path]
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    ran = subprocess.run(command, capture_output=True, text=True, env=kept | SAME_EVERYWHERE, timeout=300)
    total = re.search(r"^totals: (\d+)$", file.read_text(), re.MULTILINE) if ran.returncode == 0 else None
    if not total:
        raise Trouble(f"{path}: {' '.join(map(str, command))} ended with {ran.returncode}: {ran.stderr.strip()}")
    done = json.loads(ran.stdout)
    return int(total[1]) / (done["calls"] * done["bugs"])


def count_all(programs):
    """The counts by path."""
    program = programs / "checkwatches-hot-paths"
    if not shutil.which("valgrind") or not program.exists():
        raise Trouble("valgrind is not installed, or was not when this was configured: `./dev setup` installs it, "
                      "`./dev build` builds what it counts")
    out = programs / "budgets"
    out.mkdir(exist_ok=True)
    paths = subprocess.run([program, "--list"], check=True, capture_output=True, text=True).stdout.split()
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(paths, pool.map(lambda path: count(program, path, out), paths)))


def complaints_about(budgets):
    """What the file of the budgets does not say."""
    for path, of in budgets.items():
        if set(of) != {"instructions", "raised", "because"}:
            yield f"{path}: a budget has instructions, raised and because, and nothing else"
        elif not isinstance(of["raised"], datetime.date) or not str(of["because"]).strip():
            yield f"{path}: it is not said when and why the budget was last raised"


def verdict(path, now, budget, margin):
    """(whether it is kept, what to say of it)."""
    part = now / budget - 1
    if part > margin:
        return False, (f"{path}: {now:,.0f} instructions a bug, {part:.1%} above the budget of {budget:,} "
                       f"({margin:.0%} are allowed). Where they go: callgrind_annotate build/release/budgets/{path}.callgrind. "
                       "Where they are worth it: raise the budget in bench/budgets.toml, with the date and the reason.")
    if part < -3 * margin:
        return True, f"{path}: {now:,.0f} instructions a bug, {-part:.1%} below the budget of {budget:,}: lower it"
    return True, ""


def compare(counts, given):
    """Prints what there is to say; whether all is kept."""
    budgets = given["paths"]
    wrong = [f"{path}: there is no budget for it" for path in counts if path not in budgets]
    wrong += [f"{path}: there is a budget, and no such path" for path in budgets if path not in counts]
    wrong += complaints_about(budgets)
    print(*wrong, sep="\n")
    if wrong:
        return False
    told = [verdict(path, now, budgets[path]["instructions"], given["margin"]) for path, now in counts.items()]
    print(*(said for _, said in told if said), sep="\n")
    return all(kept for kept, _ in told)


def line_of(path, now, before, margin):
    """A line for bench/budgets.toml. The reason for a higher budget is for its author to write: an empty one is refused."""
    kept = before is not None and now <= before["instructions"] * (1 + margin)
    if kept:
        budget, raised, because = min(now, before["instructions"]), before["raised"], before["because"]
    else:
        budget, raised, because = now, datetime.date.today(), ""
    was = f" # {before['instructions']:_} before, now {now:_}: {now / before['instructions']:.3f}" if before else ""
    return f"{path} = {{ instructions = {budget:_}, raised = {raised}, because = {json.dumps(because)} }}{was}"


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--programs", type=pathlib.Path, default=ROOT / "build" / "release", help="the folder of the build")
    options.add_argument("--budgets", type=pathlib.Path, default=ROOT / "bench" / "budgets.toml")
    options.add_argument("--show", action="store_true", help="prints the budgets' lines as they would be now")
    given = options.parse_args()
    budgets = tomllib.loads(given.budgets.read_text())
    try:
        counts = count_all(given.programs)
    except Trouble as why:
        print(f"budget_test: {why}")
        return 1
    if given.show:
        for path, now in counts.items():
            print(line_of(path, round(now), budgets["paths"].get(path), budgets["margin"]))
        return 0
    if platform.machine() != budgets["machine"]:
        print(f"The budgets are those of {budgets['machine']}; this is {platform.machine()}: nothing is compared.")
        return 0
    return 0 if compare(counts, budgets) else 1


if __name__ == "__main__":
    sys.exit(main())
