#!/usr/bin/env python3
"""Captures of a real tracker's shapes are served, and read right: the bugs alone and together, and what is not there is named.

CHECKWATCHES names the program."""

import os
import pathlib
import tempfile
import unittest
import urllib.error
import urllib.request

from replay import Replay, read_capture
from report import report

CAPTURES = pathlib.Path(__file__).resolve().parent / "captures"


class Replayed(unittest.TestCase):
    def test_trac(self):
        alone, together, unanswered, unused = report(os.environ["CHECKWATCHES"], "trac", CAPTURES / "trac", ["4", "5", "6", "7"])
        for read in (alone, together):
            self.assertEqual((read["4"]["outcome"], read["4"]["remote_status"], read["4"]["status"]),
                             ("seen", "closed fixed", "Fix Released"))
            self.assertEqual(read["4"]["title"], 'Plums, "ripe" & red')
            self.assertEqual((read["5"]["status"], read["5"]["title"]), ("New", "Pears – ünripe"))
            self.assertEqual((read["6"]["outcome"], read["6"]["status"]), ("not_found", None))
            self.assertEqual((read["7"]["outcome"], read["7"]["status"]), ("forbidden", None))
        self.assertTrue(any("id=4-7" in request for request in unanswered), unanswered)
        self.assertEqual(unused, [])

    def test_what_is_not_captured_is_said(self):
        server = Replay(CAPTURES / "trac")
        self.addCleanup(server.end)
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(server.base + "/wiki/Start", timeout=30)
        caught.exception.close()
        self.assertEqual(caught.exception.code, 501)
        self.assertEqual(server.unanswered, ["GET /wiki/Start"])

    def test_a_file_that_is_no_capture_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            torn = pathlib.Path(folder) / "01-torn.http"
            torn.write_text("> GET / HTTP/1.1\n>\n\nno answer\n")
            with self.assertRaisesRegex(ValueError, "01-torn.http: it needs a request .* and an answer"):
                read_capture(torn)


if __name__ == "__main__":
    unittest.main()
