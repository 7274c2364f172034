# Completion of checkwatches(1) for bash.

# The names of the trackers in the database that the command line speaks of; none where it cannot be read.
_checkwatches_trackers() {
    local -a where=()
    local i
    for ((i = 1; i + 1 < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --db | --config) where+=("${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]}") ;;
        esac
    done
    "${COMP_WORDS[0]}" "${where[@]}" tracker list --json 2>/dev/null | sed -n 's/^{"name":"\([^"]*\)".*/\1/p'
}

# The names of the sinks, in the same way.
_checkwatches_sinks() {
    local -a where=()
    local i
    for ((i = 1; i + 1 < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --db | --config) where+=("${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]}") ;;
        esac
    done
    "${COMP_WORDS[0]}" "${where[@]}" sink list --json 2>/dev/null | sed -n 's/^{"name":"\([^"]*\)".*/\1/p'
}

# The kinds of trackers that the program knows.
_checkwatches_kinds() {
    "${COMP_WORDS[0]}" tracker kinds --json 2>/dev/null | sed -n 's/^{"kind":"\([^"]*\)".*/\1/p'
}

# The command that the words before the cursor give, such as "tracker add"; nothing where there is none yet.
_checkwatches_command() {
    local command='' i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --db | --config) ((i++)) ;;
        -*) ;;
        tracker | db | map | token | digest | watchlist | sink | import)
            command=${COMP_WORDS[i]}
            ;;
        *)
            echo "${command:+$command }${COMP_WORDS[i]}"
            return
            ;;
        esac
    done
    echo "$command"
}

# Sets `words` to what may come next in the command so far.
_checkwatches_words() {
    local everywhere='--db --config --verbose --help'
    case $(_checkwatches_command) in
    '') words='add check show changes comments tracker serve status errors queue rechecks map token digest scan watchlist sink import db --version' ;;
    add) words='--label --kind --no-probe' ;;
    check) words='--tracker --url --force --json' ;;
    show) words='--label --tracker --outcome --why --json' ;;
    comments) words='--json' ;;
    changes) words='--after --limit --follow --verify --json' ;;
    tracker) words='add list kinds try show probe login pause resume reset set' ;;
    'tracker add') words='--kind --url --api --name --no-probe' ;;
    'tracker list' | 'tracker kinds') words='--json' ;;
    'tracker try')
        words='--api --json'
        compopt -o default
        ;;
    'tracker show' | 'tracker probe' | 'tracker login') words="--json $(_checkwatches_trackers)" ;;
    'tracker resume' | 'tracker reset') words=$(_checkwatches_trackers) ;;
    'tracker pause') words="--note $(_checkwatches_trackers)" ;;
    'tracker set')
        if [[ $previous == set ]]; then
            words=$(_checkwatches_trackers)
        else
            words='batch= lanes= connections= requests_per_second= changed_since= comments= comments_of='
            compopt -o nospace
        fi
        ;;
    serve) words='--listen' ;;
    status) words='--json --fail-behind' ;;
    errors) words='--tracker --all --json' ;;
    queue | 'map replay') words='--tracker --json' ;;
    rechecks) words='--source --queue --days --json' ;;
    import) words='launchpad bts-link bugwarrior csv' ;;
    'import launchpad') words='--api --by-package --label --owner --dry-run --shadow --fresh-for --json' ;;
    'import bts-link')
        words='--forwarded --usertags --label --owner --dry-run --shadow --fresh-for --json'
        compopt -o default
        ;;
    'import bugwarrior')
        words='--bugs --label --owner --dry-run --shadow --fresh-for --json'
        compopt -o default
        ;;
    'import csv')
        words='--label --owner --dry-run --shadow --fresh-for --json'
        compopt -o default
        ;;
    map) words='test replay' ;;
    'map test') words="--status --resolution --priority --severity --type --label --json $(_checkwatches_trackers)" ;;
    token) words='add list revoke' ;;
    watchlist) words='check put list show' ;;
    'watchlist check')
        words='--json'
        compopt -o default
        ;;
    'watchlist put')
        words='--format --force --json'
        compopt -o default
        ;;
    'watchlist list') words='--json' ;;
    'watchlist show') words='--troubled --json' ;;
    'token add') words='--right --json' ;;
    'token list' | 'sink list') words='--json' ;;
    digest) words='list preview test mute unmute retry' ;;
    'digest list' | 'digest preview') words='--json' ;;
    'digest mute') words='--until' ;;
    'digest test' | 'digest unmute' | 'digest retry') words='' ;;
    sink) words='list test retry skip drop' ;;
    'sink test' | 'sink retry' | 'sink skip' | 'sink drop') words=$(_checkwatches_sinks) ;;
    db) words='check backup compact' ;;
    'db check' | 'db compact') words='--json' ;;
    'db backup')
        words='--json'
        compopt -o default
        ;;
    'token revoke') words='' ;;
    scan)
        words='--label --owner --watch --format --git --since --jobs --json'
        compopt -o default
        ;;
    *)
        words=''
        return
        ;;
    esac
    words+=" $everywhere"
}

_checkwatches() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local outcomes='seen unmodified not_found forbidden gone moved invalid_id not_answered unparsable connect_failed
        tls_failed timeout rate_limited auth_failed maintenance bot_wall protocol_error clock_skew too_large unsupported
        shrunk'
    local words
    COMPREPLY=()

    case $previous in
    --db | --config | --forwarded | --usertags | --bugs)
        compopt -o default
        return
        ;;
    --label | --url | --api | --name | --note | --after | --limit | --fail-behind | --status | --resolution | --priority | \
        --severity | --type | --listen | --owner | --since | --jobs | --source | --days | --fresh-for) return ;;
    --tracker) words=$(_checkwatches_trackers) ;;
    --outcome) words=$outcomes ;;
    --kind) words=$(_checkwatches_kinds) ;;
    --right) words='read operate' ;;
    --format) words='json toml lines' ;;
    *) _checkwatches_words ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _checkwatches checkwatches
