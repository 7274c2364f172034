#!/usr/bin/env python3
"""One request after another: what Launchpad's checkwatches does for each tracker."""

import peer

if __name__ == "__main__":
    peer.measure(lambda urls: map(peer.get, urls))
