"""Pictures of what was measured, drawn by gnuplot from the JSON files. Nothing is measured here, and a scenario that was not is
not drawn, nor what was measured small and once. Rows are dictionaries; the first column names them."""

import dataclasses
import json
import math
import pathlib
import shutil
import subprocess

WIDTH, ROW, CURVES = 800, 25, 420  # pixels: of all, a bar's height, the height of curves
HEAD, FOOT = 74, 62
ROOM = 1.35  # for the figure behind the longest bar
LONGEST, LONGEST_NAME = 125, 45  # characters of a caption, of a row's name
# Readable on white and on black.
INK, OTHERS, FLOOR = "#7d8590", "#9198a1", "#b58900"
COLOURS = ["#2f81f7", "#d9822b", "#2da44e", "#a371f7", "#cf4f7b", "#8c8c3a", "#2aa6a6", "#b07a5a"]
OURS = COLOURS[0]
SIGNS = {OURS: ("checkwatches", "ours"), FLOOR: ("floor", "bare", "wrk", "theory", "limit", "informed", "clairvoyant")}


@dataclasses.dataclass
class Bars:
    """A bar for each row of the first table that has all of the columns; more columns stand side by side. A column is named by
    how its name begins."""
    title: str  # it says what is good
    columns: dict  # {beginning of the name: what the picture calls it}


@dataclasses.dataclass
class Curves:
    """A point for each row, and a curve for the rows of one name, of the tables that have both columns."""
    title: str
    along: str
    up: str
    is_joined: bool = True  # False: points with their names


PICTURES = {
    "breadth": Bars("One pass over many trackers: less is better", {"wall ms": "time, ms", "cpu us": "processor time a bug, µs"}),
    "singly": Bars("Bugs asked one by one: less is better", {"wall ms": "time, ms", "cpu us": "processor time a request, µs"}),
    "throughput": Bars("Processor time without latency: less is better", {"us a request": "a request, µs"}),
    "end_to_end": Curves("Processor time of a pass as the bugs grow: less is better", "bugs", "cpu s"),
    "politeness": Curves("Age of what is found against requests: less of both is better", "requests", "open mean", is_joined=False),
    "feed": Bars("A change told: less is better", {"cpu us": "processor time a change, µs"}),
    "names": Bars("Names looked up: less is better", {"× one": "time, × one look-up", "cpu": "processor time a name, µs"}),
    "memory": Bars("Memory of idle connections: less is better", {"KB each": "KB each"}),
    "neighbours": Bars("The last healthy tracker is done: less is better", {"ratio": "time, × that without the others"}),
    "store": Bars("Reports settled: less is better", {"cpu us": "processor time a bug, µs"}),
}


def draw(folder):
    """Draws NAME.svg beside each NAME.json of the folder, and returns their paths."""
    scripts = {}
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        saved = json.loads(path.read_text())
        if not saved.get("quick") and (script := script_of(saved)):
            scripts[path.with_suffix(".svg")] = script
    if scripts and not shutil.which("gnuplot"):
        raise SystemExit("bench: gnuplot is not here (package gnuplot-nox)")
    for picture, script in scripts.items():
        subprocess.run(["gnuplot"], input=f"set output {quoted(picture)}\n{script}", text=True, check=True, timeout=60)
    return list(scripts)


def script_of(saved):
    """What gnuplot is to do; None where there is nothing to draw."""
    how = PICTURES.get(saved["scenario"])
    if isinstance(how, Curves) and (rows := rows_of_curves(saved, how)):
        return curves(saved, how, rows)
    if isinstance(how, Bars):
        for table in saved["tables"]:
            if table["rows"] and (columns := [named(table["rows"], name) for name in how.columns]) and all(columns):
                return bars(saved, how.title, table, dict(zip(columns, how.columns.values())))
    return any_bars(saved)


def any_bars(saved):
    """Of a scenario of which nothing is known: the first column of measured numbers; whole ones often are only counts."""
    for wanted in (float, int):
        for table in saved["tables"]:
            rows = table["rows"]
            for column in list(rows[0])[1:] if rows else []:
                if all(is_number(row[column]) and isinstance(row[column], wanted) for row in rows):
                    return bars(saved, saved["title"], table, {column: column})
    return None


def named(rows, beginning):
    """The column whose name begins so and that has a number."""
    for column in rows[0]:
        if column.startswith(beginning) and any(is_number(row.get(column)) for row in rows):
            return column
    return None


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def quoted(text):
    """As gnuplot reads a string without any meaning in it."""
    return "'" + " ".join(str(text).split()).replace("'", "''") + "'"


def cut(text, longest):
    return text if len(text) <= longest else text[:longest - 1] + "…"


def short(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def colours_of(names):
    """Ourselves, the floors, and the others. Where nothing is ours by name, all but the floors is."""
    found = [next((colour for colour, words in SIGNS.items() if any(word in name.lower() for word in words)), OTHERS)
             for name in names]
    return found if OURS in found else [OURS if colour == OTHERS else colour for colour in found]


def names_of(rows):
    """The first column, and the next where that does not tell them apart."""
    columns = list(rows[0])
    for count in range(1, len(columns)):
        names = [", ".join(f"{row[column]}" for column in columns[:count]) for row in rows]
        if len(set(names)) == len(names):
            return names
    return [f"{row[columns[0]]}" for row in rows]


def frame(saved, title, caption, height):
    machine = saved["machine"]
    made = f"./dev bench {saved['scenario']} --plots    {saved['at'][:10]}, {machine['processors']} processors"
    return [f"set terminal svg noenhanced size {WIDTH},{height} dynamic font 'sans-serif,13'",
            f"set label 1 {quoted(title)} at screen 0.02, screen {1 - 22 / height} tc rgb '{INK}' font 'sans-serif,16'",
            f"set label 2 {quoted(caption)} at screen 0.02, screen {1 - 43 / height} tc rgb '{INK}' font 'sans-serif,11'",
            f"set label 3 {quoted(made)} at screen 0.02, screen {12 / height} tc rgb '{INK}' font 'monospace,11'",
            f"set border 0 lc rgb '{INK}'", f"set tics textcolor rgb '{INK}' scale 0", "unset key"]


def bars(saved, title, table, columns):
    names = [cut(name, LONGEST_NAME) for name in names_of(table["rows"])]
    height = HEAD + FOOT + ROW * len(names)
    out = [*frame(saved, title, cut(table["caption"], LONGEST), height), "set multiplot",
           f"set yrange [{len(names) - 0.5}:-0.5]", "unset xtics",
           f"set tmargin at screen {1 - HEAD / height}", f"set bmargin at screen {FOOT / height}"]
    left, gap = 0.02 + 0.0095 * max(map(len, names)), 0.02
    span = (0.98 - left - gap * (len(columns) - 1)) / len(columns)
    for number, (column, said) in enumerate(columns.items()):
        begin = left + number * (span + gap)
        tics = ", ".join(f"{quoted(name.replace('%', '%%'))} {i}" for i, name in enumerate(names))  # as formats
        out += [f"set lmargin at screen {begin}", f"set rmargin at screen {begin + span}",
                "unset ytics" if number else f"set ytics ({tics})",
                *bars_of(names, [row.get(column) for row in table["rows"]], said)]
        out += [f"unset label {i}" for i in (1, 2, 3)]
    return "\n".join([*out, "unset multiplot", ""])


def bars_of(names, values, said):
    """Their lengths are in proportion, or, where that would hide most of them, by their logarithms; then it says so."""
    seen = [value for value in values if is_number(value) and value > 0]
    is_log = bool(seen) and max(seen) > 50 * min(seen)
    low = 10 ** math.floor(math.log10(min(seen)) - 0.3) if is_log else 0
    most = max(seen, default=1)
    end = low * (most / low) ** ROOM if is_log else most * ROOM
    out = ["unset object", *(f"unset label {10 + i}" for i in range(len(names))), "unset logscale x", f"set xrange [{low}:{end}]",
           f"set xlabel {quoted(said + ' (logarithmic)' * is_log)} tc rgb '{INK}' offset 0,0.5"]
    if is_log:
        out += ["set logscale x"]
    for i, (value, colour) in enumerate(zip(values, colours_of(names))):
        at = max(value, low) if is_number(value) else low
        if at > low:
            out += [f"set object {i + 1} rectangle from {low},{i - 0.32} to {at},{i + 0.32} fc rgb '{colour}' fs solid noborder"]
        figure = short(value) if is_number(value) else "-"
        out += [f"set label {10 + i} {quoted(figure)} at {at},{i} offset 0.7,0 tc rgb '{INK}'"]
    return [*out, "plot NaN notitle"]


def rows_of_curves(saved, how):
    """(curve, along, up, the column's name) of tables whose first columns mean the same. Where a later one has names of an
    earlier, it is of another case: its curves say which, its points are left to the table."""
    found, known, meaning = [], set(), None
    for table in saved["tables"]:
        rows = table["rows"]
        column = named(rows, how.up) if rows and how.along in rows[0] else None
        if column is None or next(iter(rows[0])) != (meaning or next(iter(rows[0]))):
            continue
        meaning = next(iter(rows[0]))
        names = {f"{row[meaning]}" for row in rows}
        is_again = not names.isdisjoint(known)
        known |= names
        if is_again and not how.is_joined:
            continue
        case = ", " + table["caption"].split(",")[0] if is_again else ""
        found += [(f"{row[meaning]}{case}", row[how.along], row[column], column) for row in rows
                  if all(is_number(value) and value > 0 for value in (row[how.along], row[column]))]
    return found


def curves(saved, how, rows):
    height = HEAD + FOOT + CURVES
    column = rows[0][3]
    out = [*frame(saved, how.title, "both axes are logarithmic", height), "set border 3", "set logscale xy",
           "set format x '%.0s%c'", "set format y '%g'",
           "set tics scale 0.5 nomirror", f"set grid lc rgb '{INK}' lw 0.3", f"set xlabel {quoted(how.along)} tc rgb '{INK}'",
           f"set ylabel {quoted(column)} tc rgb '{INK}'", f"set key outside right top reverse Left samplen 1.5 textcolor rgb '{INK}'",
           f"set tmargin at screen {1 - HEAD / height}", f"set bmargin at screen {(FOOT + 22) / height}",
           *(f"set {axis}range [{min(values) / 1.5}:{max(values) * 1.5}]" for axis, values in zip("xy", list(zip(*rows))[1:3]))]
    names = list(dict.fromkeys(name for name, *_ in rows))
    plots = []
    for i, name in enumerate(names):
        points = sorted((x, y) for of, x, y, _ in rows if of == name)
        out += [f"$d{i} << END", *(f"{x} {y}" for x, y in points), "END"]
        style = "linespoints" if how.is_joined or len(points) > 2 else "points"
        plots.append(f"$d{i} with {style} lc rgb '{COLOURS[i % len(COLOURS)]}' lw 2 pt 7 ps {0.6 if len(points) > 1 else 1.1} title {quoted(name)}")
    return "\n".join([*out, "plot " + ", ".join(plots), ""])
