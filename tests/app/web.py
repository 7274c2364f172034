"""The resident program's pages and API for end-to-end tests."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request

import resident


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Case(resident.Case):
    """`self.site` is where the program serves once serve_web() was called."""

    listen = "127.0.0.1:0"

    def serve_web(self):
        places = lambda: re.findall(r'pages and API.*?at="?(http://[^\s"]+)', self.logged())
        before = len(places())  # of those that served here before
        process = self.serve()
        self.site = self.wait_for(lambda: places()[before:], "the pages")[0].rstrip("/")
        return process

    def token(self, name, right="operate"):
        """A new token."""
        return self.run_program("token", "add", name, "--right", right).stdout.split()[-1]

    def ask(self, path, method="GET", body=None, token=None, headers=None, form=None):
        """The answer, whatever its status; redirects are answers."""
        headers = dict(headers or {})
        data = None
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        if form is not None:
            data = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(self.site + path, data=data, method=method, headers=headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)
        try:
            with opener.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answer(refusal.code, refusal.headers, refusal.read())

    def get(self, path, **fields):
        """The JSON of the API below /api/v1."""
        query = "?" + urllib.parse.urlencode(fields) if fields else ""
        answer = self.ask(f"/api/v1/{path}{query}")
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json

    def all(self, path, **fields):
        """The items of all parts of a list."""
        part = self.get(path, **fields)
        items = part["items"]
        while part.get("next") is not None:
            part = self.get(path, **fields, after=part["next"])
            items += part["items"]
        return items


main = resident.main
