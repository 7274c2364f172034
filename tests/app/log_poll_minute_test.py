#!/usr/bin/env python3
"""Readers that poll at the very instant of commits, for a minute."""

import log_poll


class Minute(log_poll.LogPoll):
    seconds = 60


if __name__ == "__main__":
    log_poll.main()
