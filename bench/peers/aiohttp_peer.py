#!/usr/bin/env python3
"""aiohttp, all requests at once. Says also when each answer was there ("ends", in seconds; null: it failed)."""

import argparse
import asyncio
import time

import aiohttp
import peer


async def get_all(urls, per_host, timeout):
    began = time.monotonic()
    connector = aiohttp.TCPConnector(limit=0, limit_per_host=per_host)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=timeout)) as session:
        async def get(url):
            try:
                async with session.get(url) as answer:
                    return peer.bugs_of(await answer.read()), time.monotonic() - began
            except (aiohttp.ClientError, asyncio.TimeoutError):
                return [], None

        return await asyncio.gather(*map(get, urls))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--per-host", type=int, default=0, help="connections to one host; 0: as many as requests")
    options.add_argument("--timeout", type=float, default=peer.TIMEOUT, help="of one request, in seconds")
    given = options.parse_args()
    ends = []

    def all_bugs(urls):
        answers = asyncio.run(get_all(urls, given.per_host, given.timeout))
        ends.extend(end for _, end in answers)
        return [bugs for bugs, _ in answers]

    peer.measure(all_bugs, ends=ends)


if __name__ == "__main__":
    main()
