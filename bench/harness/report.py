"""What a scenario says: tables for people, one JSON object for programs, and whether its targets are kept."""

import dataclasses
import datetime
import json
import os
import pathlib
import platform


@dataclasses.dataclass
class Target:
    what: str
    value: float
    bound: float
    is_most: bool  # False: at least

    def kept(self):
        return self.value <= self.bound if self.is_most else self.value >= self.bound

    def line(self):
        sign = "at most" if self.is_most else "at least"
        return f"  {'kept  ' if self.kept() else 'MISSED'} {self.what}: {self.value:.3g} ({sign} {self.bound:g})"


class Report:
    def __init__(self, name, title, limit):
        """`limit`: what nothing can be better than, in words."""
        self.name, self.title, self.limit = name, title, limit
        self.tables, self.targets, self.notes = [], [], []
        self.rounds, self.is_quick = 1, False

    def measured(self, how):
        self.rounds, self.is_quick = how.rounds, how.quick

    def table(self, caption, rows):
        """`rows`: dictionaries with the same keys, which head the columns."""
        self.tables.append({"caption": caption, "rows": rows})

    def at_most(self, what, value, bound):
        self.targets.append(Target(what, value, bound, True))

    def at_least(self, what, value, bound):
        self.targets.append(Target(what, value, bound, False))

    def note(self, text):
        """A sentence that belongs to the figures: what is missing, what forbids a target."""
        self.notes.append(text)

    def kept(self):
        return all(target.kept() for target in self.targets)

    def text(self):
        out = [f"{self.name}: {self.title}", f"  limit: {self.limit}"]
        for table in self.tables:
            out += ["", f"  {table['caption']}", *_aligned(table["rows"])]
        out += ["", *(target.line() for target in self.targets), *(f"  note: {note}" for note in self.notes), ""]
        return "\n".join(out)

    def to_json(self):
        targets = [{"what": t.what, "value": t.value, "bound": t.bound, "kind": "at most" if t.is_most else "at least",
                    "kept": t.kept()} for t in self.targets]
        return {"scenario": self.name, "title": self.title, "limit": self.limit, "tables": self.tables, "targets": targets,
                "notes": self.notes, "rounds": self.rounds, "quick": self.is_quick, "machine": {"processors": os.cpu_count(), "kernel": platform.release()},
                "at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")}

    def save(self, folder):
        path = pathlib.Path(folder) / f"{self.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.to_json(), indent=1) + "\n")


def _aligned(rows):
    def cell(value):
        if value is None:
            return "-"
        return f"{value:.3g}" if isinstance(value, float) and abs(value) < 1000 else f"{value:.0f}" if isinstance(value, float) else str(value)

    if not rows:
        return []
    grid = [list(rows[0])] + [[cell(value) for value in row.values()] for row in rows]
    widths = [max(len(line[i]) for line in grid) for i in range(len(grid[0]))]
    return ["  " + "  ".join(text.ljust(width) if i == 0 else text.rjust(width) for i, (text, width) in enumerate(zip(line, widths)))
            for line in grid]
