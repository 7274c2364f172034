#!/bin/sh
# Runs every fuzz target of a build: its seeds first, then SECONDS of search. What it grows and finds stays in the
# build folder. Exits 1 if there was a finding, and names the input that shows it.
#
#   tests/fuzz/run.sh SECONDS BUILD_DIR [NAME]...
set -u

if [ $# -lt 2 ]; then
    echo "usage: $0 SECONDS BUILD_DIR [NAME]..." >&2
    exit 2
fi
seconds=$1
build=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
programs=$build/tests/fuzz

if [ $# -eq 0 ]; then
    for program in "$programs"/fuzz_*; do
        [ -x "$program" ] && [ -f "$program" ] && set -- "$@" "${program##*/fuzz_}"
    done
fi
if [ $# -eq 0 ]; then
    echo "no fuzz targets in $programs: build the preset asan first" >&2
    exit 2
fi

failed=0
for name in "$@"; do
    grown=$programs/grown/$name
    found=$programs/found/$name
    log=$programs/$name.log
    seeds=$here/corpus/$name
    mkdir -p "$grown" "$found"
    common="-timeout=10 -rss_limit_mb=2048 -max_len=4096 -artifact_prefix=$found/"
    # shellcheck disable=SC2086
    if ! "$programs/fuzz_$name" $common -runs=0 "$seeds" >"$log" 2>&1 ||
        ! "$programs/fuzz_$name" $common -max_total_time="$seconds" -print_final_stats=1 "$grown" "$seeds" >>"$log" 2>&1; then
        failed=1
        echo "$name: FOUND, see $log"
        sed -n 's/.*Test unit written to /  reproduce: '"$(printf '%s' "$programs/fuzz_$name" | sed 's/[\/&]/\\&/g')"' /p' "$log"
    else
        echo "$name: $(sed -n 's/^stat::number_of_executed_units: */clean after /p' "$log") inputs"
    fi
done
exit $failed
