#!/usr/bin/env python3
"""Kinds that are described in files: those that come with the program, against servers that speak as theirs do, and a
folder of one's own with good and bad descriptions. `tracker try` shows what a description makes of one bug."""

import http.server
import json
import threading
import urllib.parse

import end_to_end

BUGS = 199
PRIVATE, MISSING = 13, BUGS + 1
STATUSES = ["New", "Confirmed", "In progress", "Closed", "Rejected"]
PRIORITIES = ["Low", "Normal", "High", "Immediate"]

OWN = """
kind = "ledger"
addresses = ["{base}/entries/{id}"]

[probe]
url = "{base}/about.json"
form = "json"
is = [{ at = "/product", is = "Ledger" }]

[bug]
url = "{base}/entries/{id}.json"
form = "json"
missing = [{ http = 404, at = "/error", is = "no such entry" }]

[fields]
id = "/number"
status = "/state"

[words.status]
"open" = "New"
"""


class Server(http.server.ThreadingHTTPServer):
    """Answers with what `pages` makes of a path and a query: (status, media type, text)."""

    daemon_threads = True

    def __init__(self, pages):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages, self.asked = pages, 0
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def end(self):
        self.shutdown()
        self.server_close()
        self.thread.join()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path, _, query = self.path.partition("?")
        self.server.asked += 1
        status, media_type, text = self.server.pages(path, dict(urllib.parse.parse_qsl(query)))
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class OpenProject:
    """Work packages 1 to BUGS; one may not be seen. Their ids go round the words."""

    def __init__(self):
        self.steps = 0

    def package(self, number):
        return {
            "_type": "WorkPackage", "id": number, "subject": f"Package <{number}>", "updatedAt": "2026-11-20T10:00:00.000Z",
            "_links": {"status": {"href": "/api/v3/statuses/1", "title": STATUSES[(number + self.steps) % len(STATUSES)]},
                       "priority": {"href": "/api/v3/priorities/8", "title": PRIORITIES[number % len(PRIORITIES)]},
                       "type": {"title": "Bug"}, "project": {"title": "Plums"}}}

    def exists(self, number):
        return 0 < number <= BUGS and number != PRIVATE

    def __call__(self, path, _):
        hal = "application/hal+json; charset=utf-8"
        if path == "/op/api/v3":
            return 200, hal, json.dumps({"_type": "Root", "instanceName": "Plums", "coreVersion": "15.0.1"})
        number = path.removeprefix("/op/api/v3/work_packages/")
        if number.isdigit() and self.exists(int(number)):
            return 200, hal, json.dumps(self.package(int(number)))
        if path.startswith("/op/api/v3/"):
            return 404, hal, json.dumps({"_type": "Error", "errorIdentifier": "urn:openproject-org:api:v3:errors:NotFound",
                                         "message": "The requested resource could not be found."})
        return 404, "text/html", "<html><head><title>Not here</title></head></html>"


HASH = "f0e4c2f76c58916ec258f246851bea91d14d4247aa0d12ab34cd56ef78900000"


def fossil(path, _):
    page = "text/html; charset=utf-8"
    if path == "/timeline.rss":
        return 200, "text/xml", ('<?xml version="1.0"?>\n<rss version="2.0"><channel><title>Plums</title>'
                                 "<generator>Fossil version [49f68be83b] 2026-01-02 13:39:46</generator></channel></rss>")
    if path.startswith("/tktview/"):
        known = HASH.startswith(path.rpartition("/")[2])
        name = f"<span class='copy-button' id='copy-hash-tk'></span><span id='hash-tk'>{HASH}</span>" if known else "Deleted"
        rows = [("Title", "Leak &amp; crash"), ("Status", "Closed"), ("Severity", "Severe"), ("Priority", "High"),
                ("Resolution", "Fixed"), ("Last&nbsp;Modified", "2026-11-20 10:00:00 (2 days ago)")] if known else [
                    ("Title", ""), ("Status", ""), ("Severity", ""), ("Priority", ""), ("Resolution", "")]
        cells = "".join(f"<tr><td class='tktDspLabel'>{label}:</td><td class='tktDspValue'>\n{value}\n</td></tr>"
                        for label, value in rows)
        return 200, page, ("<!DOCTYPE html><html><head><title>Plums: View Ticket</title></head><body><table cellpadding='5'>"
                           f"<tr><td class='tktDspLabel'>Ticket&nbsp;Hash:</td><td class='tktDspValue'>{name}</td></tr>"
                           f"{cells}</table></body></html>")
    return 404, page, "<html><head><title>Page Not Found</title></head></html>"


class Described(end_to_end.Case):
    def server(self, pages):
        made = Server(pages)
        self.addCleanup(made.end)
        return made

    def kinds_folder(self):
        config = self.folder / ".config" / "checkwatches"
        (config / "kinds").mkdir(parents=True)
        (config / "config.toml").write_text("")
        return config / "kinds"

    def test_openproject(self):
        pages = OpenProject()
        at = self.server(pages)
        url = lambda number: f"{at.base}/op/work_packages/{number}"
        ids = [*range(1, BUGS + 2), 0]
        self.add([f"{at.base}/op/projects/plums/work_packages/7/activity", *map(url, ids)])
        (tracker,) = self.lines("tracker", "list")
        self.assertEqual((tracker["kind"], tracker["url"], tracker["bugs"]), ("openproject", f"{at.base}/op", len(ids)))
        while self.run_program("check", expect=1).stdout.find("left for later") != -1:
            pass  # a hundred at a time
        found = {bug["url"]: bug for bug in self.lines("show")}
        expected = {PRIVATE: "not_found", MISSING: "not_found", 0: "invalid_id"}
        for number in ids:
            self.assertEqual(found[url(number)]["outcome"], expected.get(number, "seen"), found[url(number)])
        self.assertEqual(found[url(8)]["status"], "Fix Released")
        self.assertEqual((found[url(8)]["importance"], found[url(8)]["title"]), ("Low", "Package <8>"))
        self.assertEqual(self.lines("queue"), [])
        pages.steps = 1
        last = self.lines("changes")[-1]["id"]
        self.run_program("check", "--force", expect=1)
        self.assertEqual(len({line["url"] for line in self.lines("changes", "--after", last)}), BUGS - 1)

    def test_fossil(self):
        at = self.server(fossil)
        good, gone = f"{at.base}/tktview/{HASH[:10].upper()}", f"{at.base}/tktview?name=0123456789abcdef"
        self.add([good, gone])
        self.run_program("check", expect=1)
        found = {bug["remote_id"]: bug for bug in self.lines("show")}
        seen = found[HASH[:10]]
        self.assertEqual((seen["status"], seen["remote_status"]), ("Fix Released", "Closed Fixed"))
        self.assertEqual((seen["importance"], seen["title"]), ("High", "Leak & crash"))
        self.assertEqual((found["0123456789abcdef"]["outcome"], found["0123456789abcdef"]["status"]), ("not_found", None))

    def test_a_bug_is_tried_and_nothing_is_stored(self):
        at = self.server(lambda path, _: {
            "/about.json": (200, "application/json", '{"product":"Ledger"}'),
            "/entries/7.json": (200, "application/json", '{"number":7,"state":"Open"}'),
            "/entries/8.json": (200, "application/json", '{"number":8,"state":"Odd"}'),
            "/entries/9.json": (200, "application/json", '{"number":7,"state":"Open"}'),
        }.get(path, (404, "application/json", '{"error":"no such entry"}')))
        file = self.folder / "ledger.toml"
        file.write_text(OWN)
        tried = lambda number, expect: self.lines("tracker", "try", file, f"{at.base}/entries/{number}", expect=expect)[0]
        good = tried(7, 0)
        self.assertEqual((good["outcome"], good["status"], good["remote_status"]), ("seen", "New", "Open"))
        self.assertEqual(tried(8, 1)["unmapped"], ["status: Odd"])
        self.assertIn("does not name the bug", tried(9, 1)["detail"])
        self.assertEqual(tried(10, 1)["outcome"], "not_found")
        self.assertIn("status             New",
                      self.run_program("tracker", "try", file, f"{at.base}/entries/7").stdout)
        self.assertIn("no address of a ledger bug",
                      self.run_program("tracker", "try", file, f"{at.base}/plums/7", expect=2).stderr)
        self.assertFalse(self.database.exists())
        other = self.server(fossil)
        refused = self.run_program("tracker", "try", file, f"{other.base}/entries/7", expect=1).stderr
        self.assertIn("this is no ledger", refused)

    def test_a_bad_description_is_left_out_and_the_others_work(self):
        folder = self.kinds_folder()
        (folder / "ledger.toml").write_text(OWN)
        (folder / "odd.toml").write_text(OWN.replace('"ledger"', '"odd"').replace('status = "/state"', 'status = "state"'))
        (folder / "torn.toml").write_text('kind = "torn\n')
        (folder / "trac.toml").write_text(OWN.replace('"ledger"', '"trac"'))
        (folder / "notes.txt").write_text("not a description")
        said = self.lines("tracker", "kinds", expect=1)
        bad = {line["file"].rpartition("/")[2]: line["error"] for line in said if "file" in line}
        self.assertEqual(set(bad), {"odd.toml", "torn.toml", "trac.toml"})
        self.assertRegex(bad["odd.toml"], r'odd\.toml:\d+:\d+: "state" must be a JSON pointer')
        self.assertRegex(bad["torn.toml"], r"torn\.toml:1:\d+: ")
        self.assertIn('the kind "trac" is built in', bad["trac.toml"])
        self.assertIn("ledger", [line.get("kind") for line in said])

        at = self.server(lambda path, _: {
            "/about.json": (200, "application/json", '{"product":"Ledger"}'),
            "/entries/7.json": (200, "application/json", '{"number":"7","state":"open"}'),
        }.get(path, (404, "application/json", '{"error":"no such entry"}')))
        self.add([f"{at.base}/entries/7"])
        checked = self.run_program("check")
        self.assertIn("odd.toml", checked.stderr)
        self.assertEqual(self.lines("show")[0]["status"], "New")

        # Without its description a kind is not asked, and what is known of its bugs stays.
        (folder / "ledger.toml").unlink()
        self.run_program("check", "--force", expect=1)
        self.assertEqual(self.lines("show")[0]["status"], "New")

    def test_one_of_ours_takes_the_place_of_one_that_comes_with_the_program(self):
        folder = self.kinds_folder()
        (folder / "fossil.toml").write_text(OWN.replace('"ledger"', '"fossil"'))
        (kind,) = [line for line in self.lines("tracker", "kinds") if line["kind"] == "fossil"]
        self.assertEqual(kind["addresses"], "https://HOST/entries/N")
        (folder / "fossil.toml").write_text("kind =")  # a slip must not bring the other words back
        self.assertNotIn("fossil", [line.get("kind") for line in self.lines("tracker", "kinds", expect=1)])
        (folder / "fossil.toml").rename(folder / "tickets.toml")
        (folder / "tickets.toml").write_text('kind = "fossil"\n')
        self.assertNotIn("fossil", [line.get("kind") for line in self.lines("tracker", "kinds", expect=1)])


if __name__ == "__main__":
    end_to_end.main()
