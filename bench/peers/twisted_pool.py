#!/usr/bin/env python3
"""Ten threads of Twisted's pool, each with urllib: Launchpad's checkwatches with --jobs=10."""

import peer
from twisted.internet import defer, reactor, threads

JOBS = 10


def get_all(urls):
    ended = []

    def begin():
        all_of_them = defer.gatherResults([threads.deferToThread(peer.get, url) for url in urls], consumeErrors=True)
        all_of_them.addBoth(ended.append)
        all_of_them.addBoth(lambda _: reactor.stop())

    reactor.suggestThreadPoolSize(JOBS)
    reactor.callWhenRunning(begin)
    reactor.run()
    if not isinstance(ended[0], list):
        ended[0].raiseException()
    return ended[0]


if __name__ == "__main__":
    peer.measure(get_all)
