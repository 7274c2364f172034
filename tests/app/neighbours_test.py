#!/usr/bin/env python3
"""One tracker that stalls for ever and one that sends garbage among fifty: the other 48 are done long before the bad ones
are given up, and each bad one has its own outcome."""

import end_to_end
from end_to_end import bug_url

TRACKERS = 50
BUGS = 20


class Neighbours(end_to_end.Case):
    def test_bad_neighbours(self):
        mock = self.mock(*(f"kind={'trac' if i % 2 else 'bugzilla'},name=t{i},bugs={BUGS},latency=20" for i in range(TRACKERS)))
        self.add(
            bug_url(mock.kinds[name], base, i) for name, base in mock.urls.items() for i in range(1, 11))
        names = {tracker["url"].rstrip("/"): tracker["name"] for tracker in self.lines("tracker", "list")}
        stalled, garbled = names[mock.urls["t7"]], names[mock.urls["t8"]]
        mock.post("/fault", tracker="t7", fault="stall")
        mock.post("/fault", tracker="t8", fault="garbage_body")

        config = self.folder / "c.toml"
        config.write_text('[network]\nidle_timeout = "3s"\n')
        *done, _ = self.lines("--config", config, "check", expect=1)
        order = [line["tracker"] for line in done]
        self.assertEqual(len(order), TRACKERS)
        self.assertEqual(order[-1], stalled, "somebody waited for the tracker that stalls")
        for line in done:
            with self.subTest(tracker=line["tracker"]):
                if line["tracker"] == stalled:
                    self.assertEqual(line["outcomes"], {"timeout": 10})
                elif line["tracker"] == garbled:
                    self.assertEqual(sum(line["outcomes"].values()), 10)
                    self.assertNotIn("seen", line["outcomes"])
                    self.assertNotIn("timeout", line["outcomes"])
                else:
                    self.assertEqual(line["outcomes"], {"seen": 10})
                    self.assertLess(line["elapsed_ms"], done[-1]["elapsed_ms"])


if __name__ == "__main__":
    end_to_end.main()
