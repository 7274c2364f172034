"""A server that answers from memory, over TCP and TLS: for clients that are measured alone."""

import json

from harness import measure as m


class Responder:
    """checkwatches-responder; ends with the block."""

    def __init__(self, how, ports):
        self.program = m.started([how.program("checkwatches-responder"), "--ports", ports])

    def __enter__(self):
        _, line = self.program.__enter__()
        self.says = json.loads(line)
        return self

    def __exit__(self, *why):
        return self.program.__exit__(*why)

    def url(self, path, sort="plain", number=0):
        scheme = "http" if sort == "plain" else "https"
        return f"{scheme}://127.0.0.1:{self.says[sort][number]}/{path}"

    def urls(self, path, sort, count):
        return [self.url(path, sort, number) for number in range(count)]
