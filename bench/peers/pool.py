#!/usr/bin/env python3
"""Ten threads of urllib."""

import concurrent.futures

import peer

JOBS = 10


def get_all(urls):
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return list(pool.map(peer.get, urls))


if __name__ == "__main__":
    peer.measure(get_all)
