#!/usr/bin/env python3
"""The pages in a real browser, over the real program and mock trackers: what operators do there, what others cannot, how it
looks, and whether everybody can use it."""

import time
import urllib.parse

import browser
from end_to_end import bug_url

WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")


class Pages(browser.Case):
    def setUp(self):
        super().setUp()
        self.mocks = self.mock("kind=bugzilla,name=kde,bugs=60", "kind=trac,name=trac,bugs=30")
        self.urls = [bug_url("bugzilla", self.mocks.urls["kde"], i) for i in range(1, 41)]
        self.urls += [bug_url("trac", self.mocks.urls["trac"], i) for i in range(1, 11)]
        self.add(self.urls, "--label", "plasma-workspace")
        self.mocks.post("/change", tracker="kde", id=1, status="FROBNICATED", resolution="")
        self.mocks.post("/change", tracker="kde", id=2, status="RESOLVED", resolution="FIXED")
        self.process = self.serve_web()
        self.wait_for(lambda: self.get("status").get("counts", {}).get("never_checked") == 0, "the first checks")
        self.names = {t["kind"]: t["name"] for t in self.get("trackers")["items"]}
        self.tracker = "/trackers/" + urllib.parse.quote(self.names["bugzilla"], safe="")

    def bug(self, number):
        """The page of a bug of the first tracker."""
        return "/bugs/" + str(next(
            b["id"] for b in self.get("bugs", tracker=self.names["bugzilla"], limit=500)["items"] if b["remote_id"] == str(number)))

    def checks(self):
        """When each bug of the first tracker was checked."""
        return [b["checked_at"] for b in self.get("bugs", tracker=self.names["bugzilla"], limit=500)["items"]]

    def test_who_signs_in_may_act_and_who_signs_out_may_not(self):
        self.go(self.tracker)
        self.assertEqual(self.count("form[method=post]"), 0)
        self.sign_in("cw_nonsense")
        self.await_text("This token is not known")
        self.sign_in(self.token("eyes", "read"))
        self.await_text("token eyes")
        self.go(self.tracker)
        self.assertEqual(self.count("main form[method=post]"), 0)

        self.browser.delete_all_cookies()
        self.go(self.tracker)
        self.press("Sign in")
        self.type("token", self.token("ops"))
        self.press("Sign in")
        self.await_text("token ops")
        self.assertEqual(self.path(), self.tracker)
        self.assertGreaterEqual(self.count("main form[method=post]"), 4)
        self.press("Sign out")
        self.await_text("Sign in")
        self.go(self.tracker)
        self.assertEqual(self.count("form[method=post]"), 0)

    def test_a_form_without_rights_or_from_elsewhere_is_refused(self):
        before = self.lines("changes")[-1]["id"]
        form = {"url": bug_url("bugzilla", self.mocks.urls["kde"], 50), "label": "x"}
        self.assertEqual(self.ask("/watches", method="POST", form=form).status, 403)
        self.sign_in(self.token("ops"))
        self.await_text("token ops")
        cookies = "; ".join(f"{c['name']}={c['value']}" for c in self.browser.get_cookies())
        self.assertEqual(self.ask("/watches", method="POST", form=form, headers={"Cookie": cookies}).status, 403)
        self.assertEqual([c["field"] for c in self.lines("changes", "--after", before)], ["token"])

    def test_a_watch_is_added_and_seen_to_be_checked_without_a_reload(self):
        self.sign_in(self.token("ops"))
        url = bug_url("bugzilla", self.mocks.urls["kde"], 55)
        self.find("#q").send_keys(url + "\n")
        self.await_text("This bug is not watched.")
        self.type("label", "kde-session")
        self.press("Watch it")
        self.await_text("kde-session")
        self.mark()
        self.await_text("✓ fine")
        self.assertTrue(self.path().startswith("/bugs/"))

        # What the tracker says next is seen live, too.
        bug = self.path().removeprefix("/bugs/")
        checked = self.get("bugs/" + bug)["checked_at"]
        time.sleep(1.1)
        self.press("Check now")
        self.wait_for(lambda: self.get("bugs/" + bug)["checked_at"] != checked, "the check")
        self.mark()
        self.mocks.post("/change", tracker="kde", id=55, status="RESOLVED", resolution="FIXED")
        self.run_program("check", "--url", url, "--force")
        self.await_text("Fix Released")
        self.assertTrue(self.is_marked())

        self.press("Stop watching")
        self.await_text("Nobody watches it any more")

    def test_a_tracker_is_forced_after_its_cost_is_said(self):
        self.sign_in(self.token("ops"))
        self.go(self.tracker)
        self.press("Check now…")
        self.await_text("Check all 40 bugs of")
        self.press("Cancel")
        self.assertEqual(self.path(), self.tracker)
        newest = max(self.checks())
        time.sleep(1.1)  # times are told in whole seconds
        self.press("Check now…")
        self.await_text("request")
        self.press("Check now")
        self.wait_for(lambda: min(self.checks()) > newest, "a check of each")

        self.type("note", "they asked us to")
        self.press("Pause")
        self.await_text("is paused: they asked us to")
        self.press("Resume")
        self.await_text("answers.")
        self.press("Settings")
        self.type("batch", "7")
        self.press("Save")
        self.go(self.tracker + "/settings")
        self.assertEqual(self.find("#batch").get_attribute("value"), "7")

    def test_a_word_is_settled_after_its_meaning_was_tried(self):
        self.sign_in(self.token("ops"))
        self.go("/queue")
        self.await_text("FROBNICATED")
        self.find("main td a[href^='/queue'][href*='word=FROBNICATED']").click()
        self.choose("means", "Won't Fix")
        self.press("Show what it would change")
        self.await_text("1 of ")
        self.press("It means Won't Fix")
        self.await_text("Every word of every bug has a meaning.")
        self.go(self.bug(1))
        self.await_text("Won't Fix")
        self.go("/queue")
        self.press("Take back")
        self.await_text("Queue")

    def test_what_is_fixed_upstream_is_put_away_and_taken_back(self):
        self.sign_in(self.token("ops"))
        self.go("/fixed")
        before = self.count("main tbody tr")
        self.assertGreater(before, 0)
        self.press("Seen")
        self.await_text("Put away until it changes.")
        self.assertEqual(self.count("main tbody tr"), before - 1)
        self.press("Undo")
        self.wait_for(lambda: self.count("main tbody tr") == before, "what was put away")

    def pages(self):
        of = urllib.parse.urlencode({"tracker": self.names["bugzilla"], "field": "status", "word": "FROBNICATED"})
        return {
            "overview": "/", "trackers": "/trackers", "tracker": self.tracker, "settings": self.tracker + "/settings",
            "bugs": "/bugs", "bug": self.bug(2), "watches": "/watches", "watch_list": "/watches?label=plasma-workspace",
            "changes": "/changes", "lists": "/lists", "sinks": "/sinks", "rechecks": "/rechecks", "errors": "/errors",
            "queue": "/queue", "settle": f"/queue?{of}&means=Confirmed",
            "fixed": "/fixed", "search": "/search?q=" + urllib.parse.quote(bug_url("trac", self.mocks.urls["trac"], 29)),
            "about": "/about", "login": "/login", "trouble": "/nothing"}

    def test_everybody_can_use_every_page(self):
        self.sign_in(self.token("ops"))
        self.await_text("token ops")
        for name, path in self.pages().items():
            for scheme in SCHEMES:
                for width in WIDTHS:
                    with self.subTest(page=name, scheme=scheme, width=width):
                        self.look(width, scheme)
                        self.go(path)
                        self.photograph(name, width, scheme)
                        self.assertEqual(self.troubles(), [])
                        self.look(width, scheme)
                        self.assertLessEqual(self.width(), width, "wider than the screen")
        complaints = [line["message"] for line in self.browser.get_log("browser")
                      if line["level"] in ("WARNING", "SEVERE") and "/nothing" not in line["message"]]
        self.assertEqual(complaints, [])

    def test_every_page_works_without_javascript(self):
        self.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        self.sign_in(self.token("ops"))
        self.go(self.tracker)
        self.press("Check now…")
        self.press("Check now")
        self.wait_for(lambda: self.tracker + "?started=" in self.browser.current_url, "the tracker's page")


if __name__ == "__main__":
    browser.main()
