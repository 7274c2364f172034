"""Where the programs are, and how large a scenario is to be."""

import dataclasses
import pathlib
import shutil
import importlib.util

BENCH = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass
class Setting:
    programs: pathlib.Path  # the folder of what was built
    rounds: int = 5
    quick: bool = False  # small and once, to see that it works: its figures mean nothing

    def program(self, name):
        return self.programs / name

    def size(self, full, quick):
        return quick if self.quick else full


def peer(name):
    """The path of a peer of ours (bench/peers)."""
    return BENCH / "peers" / name


def missing_peer(report, name, package, program=None, module=None):
    """True, and a note in the report, where a peer is not installed."""
    if (program is None or shutil.which(program)) and (module is None or importlib.util.find_spec(module)):
        return False
    report.note(f"{name} is not here (package {package})")
    return True
