#!/usr/bin/env python3
"""Serves a folder of raw captures as a mock tracker (README.md): replay.py FOLDER [--port N]"""

import argparse
import dataclasses
import http.server
import pathlib
import re
import threading
import urllib.parse

PAGING = {"limit", "offset", "page", "page_size", "per_page", "max", "order", "sort", "updated_on", "last_change_time"}
BEFORE, BEHIND = r"(?<![\w.:-])", r"(?![\w.:-])"  # of a number that is no part of a time, a version or a name
METHOD = r"<methodName>([^<]*)</methodName>"
LOGIN_HEADERS = {"authorization", "cookie", "x-bugzilla-api-key", "x-redmine-api-key", "private-token"}
LOGIN_PARAMETERS = {"api_key", "bugzilla_api_key", "key", "token", "user", "pass"}
CONDITIONS = {"if-none-match", "if-modified-since"}
FRAMING = {"transfer-encoding", "content-length", "connection", "keep-alive"}


@dataclasses.dataclass
class Capture:
    """One exchange: what was asked, and the raw answer."""

    name: str
    method: str
    target: str
    marks: tuple  # what sets it apart from others that ask for the same: marks_of()
    body: str
    status: int
    headers: list
    answer: bytes

    def path(self):
        return self.target.partition("?")[0]


def bugs_of(target, body):
    """The bugs that a request names in its address and its body, as far as numbers tell."""
    path, _, query = target.partition("?")
    named = [value for key, value in urllib.parse.parse_qsl(query) if key.lower() not in PAGING]
    text = "\n".join([path, *named, re.sub(r"<\?xml[^>]*>", "", urllib.parse.unquote_plus(body))])
    text = text.replace("REST/1.0", "").replace("REST/2.0", "")
    out = set(re.findall(rf"{BEFORE}\d{{1,9}}{BEHIND}", text))
    for first, last in re.findall(rf"{BEFORE}(\d{{1,9}})-(\d{{1,9}}){BEHIND}", text):
        out |= {str(bug) for bug in range(int(first), min(int(last), int(first) + 1000) + 1)}
    return frozenset(out)


def words_of(target, body):
    """The parameters of a request and the method that it calls."""
    fields = urllib.parse.parse_qsl(target.partition("?")[2], keep_blank_values=True)
    return frozenset((key, part) for key, value in fields for part in value.split(",")) | frozenset(
        re.findall(METHOD, body))


def marks_of(target, headers):
    """Whether a request carries a credential, and whether it is conditional. `headers`: names in lower case."""
    parameters = {key.lower() for key, _ in urllib.parse.parse_qsl(target.partition("?")[2])}
    return bool(headers & LOGIN_HEADERS or parameters & LOGIN_PARAMETERS), bool(headers & CONDITIONS)


def read_capture(file):
    lines = file.read_bytes().split(b"\n")
    asked, at = [], 0
    for at, line in enumerate(lines):
        if line.startswith(b">"):
            asked.append(line[1:].removeprefix(b" ").rstrip(b"\r").decode("utf-8", "replace"))
        elif not line.startswith(b"#") and asked:
            break
    while at < len(lines) and not lines[at].startswith(b"HTTP/"):
        at += 1
    if not asked or at == len(lines):
        raise ValueError(f"{file}: it needs a request (lines that begin with >) and an answer (HTTP/…)")
    method, target, *_ = asked[0].split(" ")
    head = asked.index("") if "" in asked else len(asked)
    answer = b"\n".join(lines[at:])
    status_line, _, rest = answer.partition(b"\n")
    headers = []
    while rest:
        line, _, rest = rest.partition(b"\n")
        if not line.strip():
            break
        name, _, value = line.decode("latin-1").partition(":")
        if name.strip().lower() not in FRAMING:
            headers.append((name.strip(), value.strip()))
    named = {line.partition(":")[0].strip().lower() for line in asked[1:head]}
    return Capture(file.name, method, target, marks_of(target, named), "\n".join(asked[head + 1:]), int(status_line.split()[1]), headers, rest)


def read_folder(folder):
    return [read_capture(file) for file in sorted(pathlib.Path(folder).glob("*.http"))]


class Replay(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.captures = read_folder(folder)
        self.unanswered = []
        self.used = set()
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def handle_error(self, request, client_address):
        pass  # a client that went away

    def nearest(self, method, target, headers, body):
        """The capture for a request, and whether it speaks of all bugs that were asked for; nothing where none fits."""
        called = re.findall(METHOD, body)
        fitting = [one for one in self.captures
                   if (one.method, one.path()) == (method, target.partition("?")[0])
                   and re.findall(METHOD, one.body) == called]
        if not fitting:
            return None, False
        marks = marks_of(target, headers)
        fitting = [one for one in fitting if one.marks[1] == marks[1]] or fitting
        bugs, words = bugs_of(target, body), words_of(target, body)
        covers = lambda one: bugs <= bugs_of(one.target, one.body)
        best = max(fitting, key=lambda one: (
            covers(one), one.marks[0] == marks[0], one.status < 500, len(words_of(one.target, one.body) & words),
            -len(bugs_of(one.target, one.body) - bugs), one.name))
        return best, covers(best)

    def end(self):
        self.shutdown()
        self.server_close()
        self.thread.join()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        names = {name.lower() for name in self.headers}
        found, covers = self.server.nearest(self.command, self.path, names, body)
        if not covers:
            self.server.unanswered.append(f"{self.command} {self.path}" + (f" {body}" if body else ""))
        if found is not None:
            self.server.used.add(found.name)
        else:
            found = Capture("", self.command, self.path, (), "", 501, [("Content-Type", "text/plain")], b"no capture fits")
        self.send_response_only(found.status)
        for name, value in found.headers:
            self.send_header(name, value)
        if found.status != 304:
            self.send_header("Content-Length", str(len(found.answer)))
        self.end_headers()
        if self.command != "HEAD" and found.status != 304:
            self.wfile.write(found.answer)

    do_GET = do_POST = do_HEAD = answer

    def log_message(self, *_):
        pass


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder")
    options.add_argument("--port", type=int, default=0)
    chosen = options.parse_args()
    server = Replay(chosen.folder, chosen.port)
    print(server.base, flush=True)
    try:
        server.thread.join()
    except KeyboardInterrupt:
        server.end()
    for request in server.unanswered:
        print(f"no capture fits: {request}")


if __name__ == "__main__":
    main()
