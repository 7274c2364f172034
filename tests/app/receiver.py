#!/usr/bin/env python3
"""A receiver of webhooks: verifies signatures as a documented client would, by Python's hmac alone, and keeps what it took in a
file before it says so.

As a program: receiver.py PORT_FILE LOG_FILE SECRET takes everything that is signed, until it is killed. PORT_FILE holds the port:
the one that was used before, where it is there."""

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import sys
import threading
import time

TOLERANCE = 300  # seconds between its clock and ours, as the Standard Webhooks say
SECRET = "whsec_" + base64.b64encode(b"a key of 32 bytes for these tests").decode()


def verify(secret, headers, body):
    """Raises ValueError unless one of the signatures is by this secret."""
    identifier, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(timestamp)) > TOLERANCE:
        raise ValueError("the timestamp is too far away")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = hmac.new(key, f"{identifier}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    for one in headers["webhook-signature"].split(" "):
        version, _, signature = one.partition(",")
        if version == "v1" and hmac.compare_digest(base64.b64decode(signature), wanted):
            return
    raise ValueError("no signature is by this secret")


class Receiver:
    """Serves on a thread. `plan` gets the number of the request (from 1) and its event, and returns the status to answer, or a
    function of the handler that answers itself; what is answered 2xx is `taken`."""

    def __init__(self, secret, plan=lambda number, event: 204, port=0, log=None):
        self.secret, self.plan, self.log = secret, plan, log
        self.requests, self.taken, self.wrong = [], [], []
        self.lock = threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.take(self, body)

            def log_message(self, *_):
                pass

        http.server.ThreadingHTTPServer.daemon_threads = True
        http.server.ThreadingHTTPServer.request_queue_size = 64
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.handle_error = lambda *_: None  # clients that are killed
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def take(self, handler, body):
        with self.lock:
            try:
                verify(self.secret, handler.headers, body)
                event = json.loads(body)
                if event["id"] != handler.headers["webhook-id"]:
                    raise ValueError("the header has another id than the event")
                if not handler.headers["Content-Type"].startswith("application/cloudevents+json"):
                    raise ValueError("this is no event")
            except (ValueError, KeyError, TypeError) as why:
                self.wrong.append(str(why))
                return self.answer(handler, 401, str(why))
            self.requests.append((event, dict(handler.headers)))
            status = self.plan(len(self.requests), event)
            if callable(status):
                return status(handler)
            if 200 <= status < 300:
                self.taken.append(event)
                if self.log:
                    self.log(body)
        self.answer(handler, status)

    @staticmethod
    def answer(handler, status, text="", **headers):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), str(value))
        handler.send_header("Content-Length", str(len(text)))
        with contextlib.suppress(ConnectionError):  # the other side has gone
            handler.end_headers()
            handler.wfile.write(text.encode())

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def main(port_file, log_file, secret):
    port_file = pathlib.Path(port_file)
    log = os.open(log_file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    # A line that it was killed in the middle of was never confirmed.
    os.ftruncate(log, pathlib.Path(log_file).read_bytes().rfind(b"\n") + 1)

    def keep(body):
        os.write(log, body + b"\n")
        os.fsync(log)

    receiver = Receiver(secret, port=int(port_file.read_text()) if port_file.exists() else 0, log=keep)
    fresh = port_file.with_suffix(".new")
    fresh.write_text(str(receiver.port))
    fresh.rename(port_file)
    receiver.thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
