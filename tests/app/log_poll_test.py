#!/usr/bin/env python3
"""Readers that poll at the very instant of commits, for some seconds (log_poll_minute_test.py: for a minute)."""

import log_poll
from log_poll import LogPoll  # noqa: F401, the tests

if __name__ == "__main__":
    log_poll.main()
