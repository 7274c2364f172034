"""Whether the change log is a true story of each bug, by the mocks' ledgers of what they were and what they served."""


class Story:
    """For a test case: checks over its database."""

    def last_change(self):
        log = self.lines("changes", "--limit", 1_000_000)
        self.assertEqual([change["id"] for change in log], list(range(1, len(log) + 1)))
        return len(log)

    def check_the_log(self, mock, trackers, bugs):
        """`trackers`: kinds by name, each with the bugs 1 to `bugs`; bug 13 is hidden from us."""
        names = {tracker["url"].rstrip("/"): tracker["name"] for tracker in self.lines("tracker", "list")}
        stories = {}
        for change in self.lines("changes"):
            if change["field"] in ("status", "remote_status"):
                stories.setdefault((change["tracker"], change["remote_id"]), []).append(change)
        shown = self.bugs()
        self.assertEqual(len(shown), len(trackers) * (bugs - 1))
        for name in trackers:
            tracker = names[mock.urls[name]]
            for bug in mock.ask("/ledger", tracker=name)["bugs"]:
                if bug["id"] == 13:
                    continue
                with self.subTest(tracker=name, bug=bug["id"]):
                    story = stories[(tracker, str(bug["id"]))]
                    self.check_story(story, bug, shown[(tracker, str(bug["id"]))])

    def check_story(self, story, bug, row):
        def words(version):
            state = bug["states"][version - 1]
            return " ".join(filter(None, (state["status"], state["resolution"]))) or None

        told = [change["remote_new"] for change in story]
        self.assertIsNone(story[0]["remote_old"])
        for before, after in zip(story, story[1:]):
            self.assertEqual(after["remote_old"], before["remote_new"], "an entry is missing")
            self.assertNotEqual(after["remote_new"], before["remote_new"], "an entry is repeated")
        # Only what was served, in the order in which it was.
        served = iter([words(version) for version, _ in bug["served"]])
        for state in told:
            self.assertTrue(any(state == s for s in served), f"{state} was not served then: {told}")
        # The row, the end of the log and the last answer agree.
        self.assertEqual(told[-1], words(bug["served"][-1][0]))
        self.assertEqual(row["remote_status"], told[-1])
        self.assertEqual(row["status"], [c["new"] for c in story if c["field"] == "status"][-1])
