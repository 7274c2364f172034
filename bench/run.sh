#!/usr/bin/env bash
# The benchmarks against mock trackers on loopback. Each prints a table of medians and ratios taken in this one run.
set -euo pipefail
cd "$(dirname "$0")"
programs=$(cd .. && cd "$1" && pwd)

export CHECKWATCHES=$programs/checkwatches CHECKWATCHES_MOCK=$programs/checkwatches-mock
export CHECKWATCHES_FLOOR=$programs/checkwatches-floor PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH=../tests/app
failed=0
python3 sweep.py || failed=1
python3 visitors.py || failed=1
python3 neighbours.py || failed=1
python3 scan.py || failed=1
"$programs/checkwatches-staleness" || failed=1
"$programs/checkwatches-million" || failed=1
exit $failed
