#!/usr/bin/env python3
"""A bug that moved is watched where it went, once that place has answered for it; until then nothing is given up."""

import http.server
import threading

import end_to_end
import resident


class Redirects(http.server.BaseHTTPRequestHandler):
    """The old house of a tracker: everything is somewhere else for good."""

    def do_GET(self):
        self.send_response(301)
        self.send_header("Location", self.server.to(self.path))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Moves(resident.Case):
    def watched(self):
        """The labels of each bug that somebody watches, by its address."""
        return {bug["url"]: bug["labels"] for bug in self.lines("show") if bug["labels"]}

    def test_an_issue_that_went_to_another_project(self):
        base = self.mock("kind=github,name=it,bugs=10,moved=3").urls["it"]
        old, new = f"{base}/acme/widget/issues/3", f"{base}/acme/elsewhere/issues/1003" # as the mock numbers it there
        self.add([old, f"{base}/acme/widget/issues/4"], "--label", "gedit")
        self.run_program("check", expect=1)
        self.assertEqual({bug["url"]: bug["outcome"] for bug in self.lines("show")}[old], "moved")
        self.assertEqual(self.watched()[old], ["gedit"], "the new place has not answered yet")
        self.assertIn(new, self.watched())

        self.run_program("check")
        watched = self.watched()
        self.assertNotIn(old, watched)
        self.assertEqual(watched[new], ["gedit"])
        (moved,) = (change for change in self.lines("changes") if change["field"] == "moved_to")
        self.assertEqual((moved["url"], moved["new"]), (old, new))
        (shown,) = self.lines("show", old)
        self.assertIsNone(shown["next_check"])
        self.assertIn(new, shown["why"])
        self.run_program("check", "--force")  # the old one is not asked for any more

        # Whoever comes with the old address watches the new one.
        self.add([old], "--label", "pluma")
        self.assertEqual(self.watched()[new], ["gedit", "pluma"])

    def redirecting(self, to):
        """The address of a server that sends everybody elsewhere."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirects)
        server.to = to
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def test_a_tracker_that_moved_is_followed(self):
        new = self.mock("kind=trac,name=it,bugs=10").urls["it"]
        old = self.redirecting(lambda path: new + path)
        self.add([f"{old}/ticket/3"], "--kind", "trac", "--no-probe")
        self.run_program("check")
        self.run_program("check", "--force")
        (tracker,) = self.lines("tracker", "list")
        self.assertEqual((tracker["url"].rstrip("/"), tracker["state"]), (new, "ok"))
        (bug,) = self.lines("show")
        self.assertEqual((bug["url"], bug["labels"]), (f"{new}/ticket/3", []))
        self.assertIn(bug["outcome"], ("seen", "unmodified"))
        self.assertIn("already watched", self.add([f"{old}/ticket/3"], "--kind", "trac", "--no-probe").stdout)

    def test_a_login_page_is_no_move(self):
        old = self.redirecting(lambda path: "/login")
        self.add([f"{old}/ticket/3"], "--kind", "trac", "--no-probe")
        self.run_program("check", expect=1)
        (tracker,) = self.lines("tracker", "list")
        self.assertEqual(tracker["url"].rstrip("/"), old)
        self.assertNotEqual(tracker["state"], "moved")

    def test_a_key_that_changed_under_the_resident(self):
        base = self.mock("kind=jira,name=it,bugs=10").urls["it"]
        self.serve()
        self.add([f"{base}/browse/OLD-3"], "--label", "gedit")
        self.wait_for(lambda: self.watched() == {f"{base}/browse/MOCK-3": ["gedit"]}, "the watch to follow")


if __name__ == "__main__":
    end_to_end.main()
