"""A Launchpad that answers the two questions of an import, in the shape that its API has (lazr.restful):
searchTasks on a target, and a bug's collection of bug watches, both in pages."""

import http.server
import json
import threading
import urllib.parse

REDACTED = "tag:launchpad.net:2008:redacted"


class LaunchpadApi:
    """`bugs`: for each target, the watches of each of its bugs by number. `failing`: the status that a bug's watches
    are answered with in their place. `asked`: the paths of all requests."""

    page = 2  # rows of a page, whatever is asked for

    def __init__(self):
        self.bugs, self.failing, self.asked = {}, {}, []
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                api.asked.append(self.path)
                status, kind, body = api.answer(urllib.parse.urlsplit(self.path))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self.server.server_port}/devel"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def watch(self, bug, url, number=1, **fields):
        """A bug watch as the API has it, with what is given in place of what is usual."""
        entry = {
            "self_link": f"{self.root}/bugs/{bug}/+watch/{number}", "web_link": f"https://bugs.launchpad.net/bugs/{bug}/+watch/{number}",
            "resource_type_link": f"{self.root}/#bug_watch", "bug_link": f"{self.root}/bugs/{bug}",
            "bug_tracker_link": f"{self.root}/bugs/bugtrackers/upstream", "bug_tasks_collection_link": f"{self.root}/bugs/{bug}/+watch/{number}/bug_tasks",
            "owner_link": f"{self.root}/~al", "title": "upstream #1", "url": url, "remote_bug": "1", "remote_status": "",
            "remote_importance": "", "last_error_type": None, "date_created": "2020-01-02T03:04:05.678901+00:00",
            "date_last_changed": None, "date_last_checked": None, "date_next_checked": None, "http_etag": '"a-b"'}
        entry.update(fields)
        return entry

    def answer(self, url):
        query = dict(urllib.parse.parse_qsl(url.query))
        path = url.path.removeprefix("/devel/")
        if query.get("ws.op") == "searchTasks" and path in self.bugs:
            tasks = [self.task(path, bug) for bug in sorted(self.bugs[path])]
            return self.collection(url, query, tasks, "bug_task")
        if path.startswith("bugs/") and path.endswith("/bug_watches"):
            number = int(path.split("/")[1])
            if number in self.failing:
                return self.failing[number], "text/plain", b"no"
            for bugs in self.bugs.values():
                if number in bugs:
                    return self.collection(url, query, bugs[number], "bug_watch")
        return 404, "text/plain;charset=utf-8", f"Object: <lp.systemhomes.WebServiceApplication object>, name: {path!r}".encode()

    def task(self, target, bug):
        return {
            "self_link": f"{self.root}/{target}/+bug/{bug}", "web_link": f"https://bugs.launchpad.net/{target}/+bug/{bug}",
            "resource_type_link": f"{self.root}/#bug_task", "bug_link": f"{self.root}/bugs/{bug}", "status": "New",
            "importance": "Undecided", "title": f'Bug #{bug} in {target}: "a title"', "bug_watch_link": None}

    def collection(self, url, query, rows, kind):
        start = int(query.get("ws.start", 0))
        body = {"start": start, "total_size": len(rows), "resource_type_link": f"{self.root}/#{kind}-page-resource",
                "entries": rows[start:start + self.page]}
        if start + self.page < len(rows):
            kept = [(key, value) for key, value in urllib.parse.parse_qsl(url.query) if key not in ("ws.start", "memo")]
            more = urllib.parse.urlencode([*kept, ("memo", start + self.page), ("ws.start", start + self.page)])
            body["next_collection_link"] = f"{self.root.removesuffix('/devel')}{url.path}?{more}"
        return 200, "application/json", json.dumps(body).encode()
