#!/usr/bin/env python3
"""The log as Atom: as RFC 4287 and 5005 have it, whatever the names and words in it."""

import collections
import urllib.parse
import xml.etree.ElementTree as xml

import following

ATOM = "{http://www.w3.org/2005/Atom}"


class Feed(following.Case):
    def test_feeds_are_as_rfc_4287_has_them(self):
        self.mocks.post("/step", tracker="kde", count=40)
        for _ in range(6):
            self.change_some(30)
        self.run_program("tracker", "pause", self.names["gitlab"], "--note", "no character: \ufffe & <b>")
        log = self.whole_log()
        everywhere = {}
        for query, fits in (("", lambda c: True), ("?tracker=" + urllib.parse.quote(self.names["gitlab"]), lambda c: c["tracker"] == self.names["gitlab"]),
                            ("?label=lab", lambda c: c["remote_id"] and c["tracker"] == self.names["gitlab"]),
                            ("?" + urllib.parse.urlencode({"label": "plasma <&\"'>"}), lambda c: c["remote_id"] and c["tracker"] == self.names["bugzilla"]),
                            ("?owner=nobody", lambda c: False), ("?kind=acts", lambda c: "actor" in c)):
            with self.subTest(query=query):
                path, entries, feeds = "changes.atom" + query, [], []
                while path:
                    answer = self.fetch(path)
                    self.assertEqual(answer.headers.get_content_type(), "application/atom+xml")
                    feed = xml.fromstring(answer.body)
                    self.check_feed(feed, path)
                    feeds.append(feed)
                    entries += feed.findall(ATOM + "entry")
                    path = self.link(feed, "next")
                    path = path and path.removeprefix(self.site + "/")
                self.assertEqual(len({feed.find(ATOM + "id").text for feed in feeds}), 1, "parts of a feed are one feed")
                self.assertEqual([e.find(ATOM + "id").text.rsplit("/")[-1] for e in entries],
                                 [c["hash"] for c in reversed(log) if fits(c)])
                for entry in entries:
                    name = entry.find(ATOM + "id").text
                    self.assertEqual(everywhere.setdefault(name, entry.find(ATOM + "title").text), entry.find(ATOM + "title").text)
        feed = xml.fromstring(self.fetch("changes.atom?kind=acts").body)
        self.assertIn("no character: \ufffd & <b>", feed.find(ATOM + "entry").find(ATOM + "title").text)
        for page, href in (("/watches?label=lab", "/changes.atom?label=lab"), ("/changes?owner=anna", "/changes.atom?owner=anna"),
                           ("/watches?owner=anna", "/changes.atom?owner=anna"),
                           (f"/trackers/{urllib.parse.quote(self.names['gitlab'], safe='')}", "/changes.atom?tracker=")):
            self.assertIn(f'<link rel="alternate" type="application/atom+xml" title="What changes here" href="{href}', self.ask(page).text)

    def link(self, node, relation):
        return next((link.get("href") for link in node.findall(ATOM + "link") if link.get("rel") == relation), None)

    def check_feed(self, feed, path):
        """The rules of RFC 4287, 4.1.1 and 4.1.2, that can be broken here."""
        self.assertEqual(feed.tag, ATOM + "feed")
        stamp = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
        for node in (feed, *feed.findall(ATOM + "entry")):
            count = collections.Counter(child.tag.removeprefix(ATOM) for child in node)
            for once in ("id", "title", "updated"):
                self.assertEqual(count[once], 1, once)
            self.assertGreaterEqual(count["author"], 1)
            self.assertTrue(node.find(f"{ATOM}author/{ATOM}name").text)
            self.assertRegex(node.find(ATOM + "updated").text, stamp)
            self.assertRegex(node.find(ATOM + "id").text, r"^tag:[^ ,]+,\d{4}:[^ ]+$")
            self.assertIsNotNone(self.link(node, "alternate"))
            links = [(l.get("rel"), l.get("type"), l.get("hreflang")) for l in node.findall(ATOM + "link") if l.get("rel") == "alternate"]
            self.assertEqual(len(links), len(set(links)))
            for link in node.findall(ATOM + "link"):
                self.assertTrue(urllib.parse.urlsplit(link.get("href")).scheme, link.get("href"))
        self.assertEqual(urllib.parse.unquote(self.link(feed, "self")), urllib.parse.unquote_plus(f"{self.site}/{path}"))
        entries = feed.findall(ATOM + "entry")
        ids = [entry.find(ATOM + "id").text for entry in entries]
        self.assertEqual(len(ids), len(set(ids)))
        if entries:
            self.assertEqual(feed.find(ATOM + "updated").text, entries[0].find(ATOM + "updated").text)
        for link in [l for e in entries for l in e.findall(ATOM + "link") if l.get("rel") == "alternate"][:3]:
            self.assertEqual(self.ask(link.get("href").removeprefix(self.site)).status, 200)


if __name__ == "__main__":
    following.main()
