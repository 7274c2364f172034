"""A Gerrit for end-to-end tests: it answers /changes/?q=…&o=MESSAGES as Gerrit does, as well as what can go wrong."""

import base64
import datetime
import http.server
import json
import re
import threading
import time
import urllib.parse

GUARD = ")]}'\n"  # keeps browsers from running the JSON
LOGIN_PAGE = "<html><head><title>Sign In</title></head><body><form action=/login></form></body></html>"


def stamp(when):
    """Gerrit's own way to write a time: UTC, no zone, nanoseconds."""
    return when.strftime("%Y-%m-%d %H:%M:%S.%f") + "000"


def read_stamp(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.timezone.utc)


class Gerrit:
    """`fault` is what it does instead of answering: None, an HTTP status, "login", "cut" or "hang"."""

    def __init__(self, page=500, user=None):
        self.changes, self.asked = {}, []
        self.page, self.user, self.fault = page, user, None
        self.faults_left = None  # None: for good
        self.guard = threading.Lock()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def say(self, number, *texts, at=None, project="plum/orchard", branch="master", status="NEW", tag=None):
        """Comments on a change, which is made where there is none."""
        at = at or datetime.datetime.now(datetime.timezone.utc)
        with self.guard:
            change = self.changes.setdefault(number, {
                "id": f"{project}~{branch}~I{number:040x}", "project": project, "branch": branch, "subject": f"Change {number}",
                "_number": number, "updated": at, "messages": []})
            change["status"] = status
            change["updated"] = max(change["updated"], at)
            for text in texts:
                message = {
                    "id": f"{number}-{len(change['messages'])}", "author": {"_account_id": 7, "name": "Anna"}, "date": at,
                    "message": f"Patch Set 3:\n\n{text}", "_revision_number": 3}
                if tag:
                    message["tag"] = tag
                change["messages"].append(message)

    def fail(self, fault, times=None):
        with self.guard:
            self.fault, self.faults_left = fault, times

    def take_fault(self):
        with self.guard:
            if self.faults_left is None:
                return self.fault
            if self.faults_left == 0:
                return None
            self.faults_left -= 1
            return self.fault

    def found(self, query):
        """The changes of a query, newest first: age, project and after are understood."""
        now = datetime.datetime.now(datetime.timezone.utc)
        age = re.search(r"NOT age:(\d+)d", query)
        after = re.search(r'after:"([^"]+)"', query)
        projects = re.findall(r'project:"([^"]+)"', query)
        for change in sorted(self.changes.values(), key=lambda one: one["updated"], reverse=True):
            if age and change["updated"] < now - datetime.timedelta(days=int(age[1])):
                continue
            if after and change["updated"] < read_stamp(after[1]):
                continue
            if projects and not any(re.match(name, change["project"]) if name.startswith("^") else name == change["project"]
                                    for name in projects):
                continue
            yield change

    def answer(self, query):
        number = min(int(query.get("n", ["500"])[0]), self.page)
        start = int(query.get("S", ["0"])[0])
        with self.guard:
            all_found = list(self.found(query["q"][0]))
            part = json.loads(json.dumps(all_found[start:start + number], default=stamp))
        if "MESSAGES" not in query.get("o", []):
            for change in part:
                del change["messages"]
        if part and start + number < len(all_found):
            part[-1]["_more_changes"] = True
        return GUARD + json.dumps(part)

    def handler(self):
        gerrit = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                url = urllib.parse.urlsplit(self.path)
                query = urllib.parse.parse_qs(url.query)
                with gerrit.guard:
                    gerrit.asked.append((url.path, query, self.headers.get("Authorization")))
                fault = gerrit.take_fault()
                if fault == "hang":
                    time.sleep(60)
                elif fault == "login":
                    self.send(200, LOGIN_PAGE, "text/html; charset=utf-8")
                elif fault == "cut":
                    whole = gerrit.answer(query).encode()
                    self.send(200, whole[:len(whole) // 2], "application/json; charset=UTF-8")
                elif fault:
                    self.send(fault, "Proxy error", "text/plain")
                elif url.path.startswith("/a/") and not gerrit.is_known(self.headers.get("Authorization")):
                    self.send(401, "Unauthorized", "text/plain")
                elif url.path in ("/changes/", "/a/changes/"):
                    self.send(200, gerrit.answer(query), "application/json; charset=UTF-8")
                else:
                    self.send(404, "Not found", "text/plain")

            def send(self, status, body, kind):
                body = body if isinstance(body, bytes) else body.encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except ConnectionError:
                    pass  # the other side waits no longer

            def log_message(self, *_):
                pass

        return Handler

    def is_known(self, header):
        return header == "Basic " + base64.b64encode(self.user.encode()).decode() if self.user else False
