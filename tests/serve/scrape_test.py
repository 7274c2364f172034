"""What /metrics says, read by the parser of Prometheus' own client for Python.

SCRAPE_SAMPLE names the program that prints it for tests/serve/meter_samples.hpp. Needs Debian's
python3-prometheus-client.
"""

import os
import subprocess
import unittest

from prometheus_client.openmetrics.parser import text_string_to_metric_families

NASTY = 'a "b" \\ c\nd, e="f"} 1 ü'
TRACKERS = {"bugs.example.org", "trac.example.org", NASTY}


class Scrape(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        text = subprocess.run([os.environ["SCRAPE_SAMPLE"]], check=True, capture_output=True, timeout=60).stdout
        cls.families = {one.name: one for one in text_string_to_metric_families(text.decode())}

    def values(self, family, sample, **labels):
        return [one.value for one in self.families[family].samples
                if one.name == sample and labels.items() <= one.labels.items()]

    def test_types_and_units(self):
        for name, kind, unit in (("checkwatches_checks", "counter", ""), ("checkwatches_response_bytes", "counter", "bytes"),
                                 ("checkwatches_request_seconds", "histogram", "seconds"),
                                 ("checkwatches_due_bugs", "gauge", ""), ("checkwatches_build", "info", ""),
                                 ("process_resident_memory_bytes", "gauge", "bytes")):
            self.assertEqual((self.families[name].type, self.families[name].unit), (kind, unit), name)
        for family in self.families.values():
            self.assertTrue(family.documentation.endswith("."), family.name)

    def test_counters(self):
        self.assertEqual(self.values("checkwatches_checks", "checkwatches_checks_total", tracker="bugs.example.org",
                                     outcome="seen"), [2])
        self.assertEqual(self.values("checkwatches_requests", "checkwatches_requests_total", **{"class": "failed"}), [1])
        self.assertEqual(sum(self.values("checkwatches_requests", "checkwatches_requests_total")), 5)

    def test_nasty_names_come_back_as_they_were(self):
        self.assertEqual({one.labels["tracker"] for one in self.families["checkwatches_tracker_bugs"].samples}, TRACKERS)
        self.assertEqual(self.values("checkwatches_checks", "checkwatches_checks_total", tracker=NASTY,
                                     outcome="not_found"), [1])

    def test_histograms(self):
        name = "checkwatches_request_seconds"
        self.assertEqual(self.values(name, name + "_bucket", kind="bugzilla", le="+Inf"), [3])
        self.assertEqual(self.values(name, name + "_count", kind="bugzilla"), [3])
        self.assertAlmostEqual(self.values(name, name + "_sum", kind="bugzilla")[0], 90.032)
        self.assertEqual(self.values("checkwatches_loop_lag_seconds", "checkwatches_loop_lag_seconds_count"), [2])

    def test_gauges(self):
        for name, value in (("checkwatches_oldest_overdue_seconds", 90), ("checkwatches_last_commit_age_seconds", 1.5),
                            ("checkwatches_writer_pending", 6), ("process_max_fds", 1024)):
            self.assertEqual(self.values(name, name), [value], name)


if __name__ == "__main__":
    unittest.main()
