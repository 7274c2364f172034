#!/usr/bin/env bash
# The demo: mock trackers on loopback, a watch list, one pass, the bugs move on, a second pass, what changed.
set -euo pipefail
programs=$1

folder=$(mktemp -d)
checkwatches=("$programs/checkwatches" --db "$folder/watch.db")
mkfifo "$folder/stdin"
"$programs/checkwatches-mock" --control --stop-with-stdin --for 120 --seed 7 \
    --tracker kind=bugzilla,name=kde,flavour=kde,bugs=40,latency=80 \
    --tracker kind=bugzilla,name=old-bugzilla,flavour=3.4,bugs=40,latency=150 \
    --tracker kind=trac,name=trac,bugs=40,latency=60 \
    --tracker kind=launchpad,name=launchpad,bugs=40,latency=120 \
    <"$folder/stdin" >"$folder/mock" &
mock=$!
exec 9>"$folder/stdin" # the mock ends when this end of the pipe does
trap 'exec 9>&-; wait "$mock" || true; rm -rf "$folder"' EXIT
until grep -q '"ready"' "$folder/mock"; do kill -0 "$mock"; sleep 0.02; done

# The address that the mock printed for a tracker (or, as second argument, another of its fields).
said() { sed -n "s/.*\"name\":\"$1\".*\"${2:-url}\":\"\([^\"]*\)\".*/\1/p" "$folder/mock" | sed 's,/$,,'; }

# POST to the mock's control port, without needing a client program.
control() {
    local address
    address=$(sed -n 's/.*"control":"http:\/\/\([^"\/]*\).*/\1/p' "$folder/mock")
    exec 3<>"/dev/tcp/${address%:*}/${address#*:}"
    printf 'POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$1" "$address" >&3
    cat <&3 >/dev/null
    exec 3>&-
}

step() { printf '\n$ %s\n' "$*"; }

# On loopback every tracker's address is 127.0.0.1: names tell them apart, and Launchpad's API has an address of its own.
for kind_and_name in bugzilla:kde bugzilla:old-bugzilla trac:trac launchpad:launchpad; do
    name=${kind_and_name#*:}
    api=$(said "$name" api)
    "${checkwatches[@]}" tracker add --kind "${kind_and_name%%:*}" --url "$(said "$name")" --name "$name" \
        ${api:+--api "$api"} >/dev/null
done
{
    for bug in 1 2 3 13 20; do echo "$(said kde)/show_bug.cgi?id=$bug plasma-workspace"; done
    for bug in 7 8 9999; do echo "$(said old-bugzilla)/show_bug.cgi?id=$bug libfoo"; done
    for bug in 5 7 13; do echo "$(said trac)/ticket/$bug python-foo"; done
    for bug in 1 2 13; do echo "$(said launchpad)/bugs/$bug apport"; done
} >"$folder/watch-list"

step checkwatches add - '< watch-list'
"${checkwatches[@]}" add - <"$folder/watch-list"

step checkwatches check
"${checkwatches[@]}" check 2>&1 || true

step checkwatches show
"${checkwatches[@]}" show

for name in kde old-bugzilla trac launchpad; do control "/step?tracker=$name&count=30"; done
last=$("${checkwatches[@]}" changes --json | tail -n 1 | sed 's/^{"id":\([0-9]*\).*/\1/')

step 'checkwatches check --force    # the bugs have moved on'
"${checkwatches[@]}" check --force 2>/dev/null || true

step "checkwatches changes --after $last"
"${checkwatches[@]}" changes --after "$last"
