"""The dashboard and the alert rules that are shipped ask only for metrics that /metrics has.

SCRAPE_SAMPLE names the program that prints it for tests/serve/meter_samples.hpp. Whether the rules are ones for
Prometheus, its own promtool says in `./dev test --all`.
"""

import json
import os
import pathlib
import re
import subprocess
import unittest

FILES = pathlib.Path(__file__).resolve().parents[2] / "engine" / "app" / "package"
RULES = FILES / "prometheus" / "checkwatches.rules.yml"
DASHBOARD = FILES / "grafana" / "checkwatches.json"


def samples():
    """Names and labels: {"checkwatches_checks_total": {"tracker", "outcome"}}."""
    text = subprocess.run([os.environ["SCRAPE_SAMPLE"]], check=True, capture_output=True, text=True, timeout=60).stdout
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name = re.match(r"\w+", line).group()
            found.setdefault(name, set()).update(re.findall(r'[{,](\w+)="', line.replace('\\"', "")))
    return found


def names_in(expression):
    return set(re.findall(r"\b(?:checkwatches|process)_\w+", expression))


class MetricNames(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.samples = samples()

    def assert_known(self, expressions):
        for expression in expressions:
            self.assertTrue(names_in(expression), f"asks for nothing of ours: {expression}")
            self.assertEqual(names_in(expression) - set(self.samples), set(), expression)
            grouped = {word for group in re.findall(r"\bby \(([^)]*)\)", expression) for word in re.split(r",\s*", group)}
            # What Prometheus adds to each series, and what ours have.
            known = {"job", "instance"}.union(*(self.samples[name] for name in names_in(expression)))
            self.assertEqual(grouped - known, set(), expression)

    def test_rules(self):
        alerts = re.split(r"- alert: ", RULES.read_text())[1:]
        self.assertEqual([one.split()[0].removeprefix("Checkwatches") for one in alerts],
                         ["Behind", "NotCommitting", "TrackerFailing", "SinkFailing", "Offline", "LoopLag", "Absent"])
        expressions = [re.search(r"expr: (?:>-\n)?(.*?)\n +for:", one, re.S).group(1) for one in alerts]
        self.assert_known(expressions)

    def test_dashboard(self):
        board = json.loads(DASHBOARD.read_text())
        panels = board["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        taken = set()
        for panel in panels:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
            taken |= cells
            self.assertTrue(panel["targets"], panel["title"])
        targets = [target for panel in panels for target in panel["targets"]]
        self.assert_known([target["expr"] for target in targets])
        # It goes with any data source, and with several instances.
        variables = {variable["name"] for variable in board["templating"]["list"]}
        used = set(re.findall(r"\$\{?(?!__)(\w+)", json.dumps(panels)))
        self.assertEqual(used, variables)


if __name__ == "__main__":
    unittest.main()
