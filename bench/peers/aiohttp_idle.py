#!/usr/bin/env python3
"""aiohttp's idle connections, as bench/native/connections.cpp: a GET to each URL of the standard input, 64 at a time, and what
was resident after the first and after all."""

import asyncio
import json
import os
import sys

import aiohttp

AT_ONCE = 64


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")


async def measure(urls):
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=600)
    async with aiohttp.ClientSession(connector=connector) as session:
        async def get(url):
            async with session.get(url) as answer:
                answer.raise_for_status()
                await answer.read()

        await get(urls[0])
        first = resident()
        for begin in range(1, len(urls), AT_ONCE):
            await asyncio.gather(*map(get, urls[begin:begin + AT_ONCE]))
        kept = len(os.listdir("/proc/self/fd"))
        if kept < len(urls):
            raise RuntimeError(f"{kept} descriptors for {len(urls)} URLs")
        print(json.dumps({"connections": len(urls), "first": first, "all": resident()}))


asyncio.run(measure(sys.stdin.read().split()))
