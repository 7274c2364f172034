#compdef checkwatches
# Completion of checkwatches(1) for zsh.

# The names of the trackers in the database that the command line speaks of; none where it cannot be read.
_checkwatches_trackers() {
    local -a where names
    local i
    for ((i = 2; i < $#checkwatches_line; i++)); do
        [[ $checkwatches_line[i] == --(db|config) ]] && where+=(${(Q)checkwatches_line[i,i+1]})
    done
    names=(${(f)"$(${(Q)checkwatches_line[1]} $where tracker list --json 2>/dev/null |
        sed -n 's/^{"name":"\([^"]*\)".*/\1/p')"})
    compadd -a names
}

# The names of the sinks, in the same way.
_checkwatches_sinks() {
    local -a where names
    local i
    for ((i = 2; i < $#checkwatches_line; i++)); do
        [[ $checkwatches_line[i] == --(db|config) ]] && where+=(${(Q)checkwatches_line[i,i+1]})
    done
    names=(${(f)"$(${(Q)checkwatches_line[1]} $where sink list --json 2>/dev/null |
        sed -n 's/^{"name":"\([^"]*\)".*/\1/p')"})
    compadd -a names
}

# The kinds of trackers that the program knows.
_checkwatches_kinds() {
    local -a kinds=(${(f)"$(${(Q)checkwatches_line[1]} tracker kinds --json 2>/dev/null |
        sed -n 's/^{"kind":"\([^"]*\)".*/\1/p')"})
    compadd -a kinds
}

# What every command takes.
_checkwatches_everywhere=(
    '--db[the database]:database:_files'
    '--config[configuration (TOML)]:configuration:_files'
    '--verbose[say more about what happens]'
    '(- *)--help[what can be done]'
)

_checkwatches_arguments() {
    _arguments -s $_checkwatches_everywhere "$@"
}

_checkwatches_command() {
    local kinds='_checkwatches_kinds'
    local outcomes='(seen unmodified not_found forbidden gone moved invalid_id not_answered unparsable connect_failed
        tls_failed timeout rate_limited auth_failed maintenance bot_wall protocol_error clock_skew too_large unsupported
        shrunk)'
    local json='--json[one JSON object a line]'
    local named=':tracker:_checkwatches_trackers'
    case $1 in
    add)
        _checkwatches_arguments '--label[what they are watched for]:text' "--kind[the trackers' kind]:kind:$kinds" \
            '--no-probe[register new trackers without asking them]' '*:address:_urls'
        ;;
    check)
        _checkwatches_arguments '*--tracker[only this tracker]:tracker:_checkwatches_trackers' \
            '*--url[only this bug]:address:_urls' '--force[also what is not due yet]' $json
        ;;
    show)
        _checkwatches_arguments '--label[only what is watched for this]:text' \
            '*--tracker[only this tracker]:tracker:_checkwatches_trackers' \
            "--outcome[only bugs whose last check ended so]:outcome:$outcomes" \
            '--why[why a bug is due when it is]' $json '*:address:_urls'
        ;;
    changes)
        _checkwatches_arguments '--after[only changes with a greater id]:id' '--limit[at most so many]:number' \
            '--follow[go on as changes come]' '--verify[prove that none was rewritten]' $json
        ;;
    comments) _checkwatches_arguments $json ':address:_urls' ;;
    'tracker add')
        _checkwatches_arguments "--kind[its kind]:kind:$kinds" '--url[its address]:address:_urls' \
            '--api[the address of its API]:address:_urls' '--name[what to call it]:name' '--no-probe[without asking it]'
        ;;
    'tracker list' | 'tracker kinds') _checkwatches_arguments $json ;;
    'tracker try')
        _checkwatches_arguments '--api[the address of the API]:address:_urls' $json ':description:_files' ':address:_urls'
        ;;
    'tracker show' | 'tracker probe' | 'tracker login') _checkwatches_arguments $json $named ;;
    'tracker resume' | 'tracker reset') _checkwatches_arguments $named ;;
    'tracker pause') _checkwatches_arguments '--note[why]:text' $named ;;
    'tracker set')
        _checkwatches_arguments $named '*:setting:compadd -S "" batch= lanes= connections= requests_per_second= changed_since= comments= comments_of='
        ;;
    serve) _checkwatches_arguments '*--listen[where pages and API are]:address and port' ;;
    status)
        _checkwatches_arguments '--json[one JSON object]' '--fail-behind[behind when overdue for longer]:span'
        ;;
    errors)
        _checkwatches_arguments '*--tracker[only this tracker]:tracker:_checkwatches_trackers' '--all[also what has ended]' $json
        ;;
    queue | 'map replay')
        _checkwatches_arguments '*--tracker[only this tracker]:tracker:_checkwatches_trackers' $json
        ;;
    rechecks)
        _checkwatches_arguments '--source[only this Gerrit]:name' '--queue[those without a signature]' \
            '--days[of the queue: as far back]:number' $json
        ;;
    'import '*)
        local -a import=('--label[what bugs are watched for, where the list does not say]:text'
            '--owner[whose they are]:text' '--dry-run[say what would be done]' '--shadow[compare, and add nothing]'
            '--fresh-for[an older check of theirs is stale]:span' $json)
        case $1 in
        *launchpad)
            _checkwatches_arguments $import "--api[the root of Launchpad's API]:address:_urls" \
                '--by-package[labels are source packages]' ':project'
            ;;
        *bts-link)
            _checkwatches_arguments $import '--forwarded[bugs and where they were forwarded to]:file:_files' \
                '--usertags[what it knows of them]:file:_files' ':configuration:_files'
            ;;
        *bugwarrior) _checkwatches_arguments $import '--bugs[its bugs as a table]:file:_files' ':configuration:_files' ;;
        *csv) _checkwatches_arguments $import ':table:_files' ;;
        esac
        ;;
    'map test')
        _checkwatches_arguments '--status[a status]:word' '--resolution[a resolution]:word' '--priority[a priority]:word' \
            '--severity[a severity]:word' '--type[a type]:word' '*--label[a label]:word' '--json[one JSON object]' $named
        ;;
    'token add')
        _checkwatches_arguments '--right[what it allows]:right:(read operate)' '--json[one JSON object]' ':name'
        ;;
    'token list') _checkwatches_arguments $json ;;
    'token revoke') _checkwatches_arguments ':name' ;;
    'digest list') _checkwatches_arguments $json ;;
    'digest preview') _checkwatches_arguments $json ':name' ;;
    'digest test' | 'digest unmute' | 'digest retry') _checkwatches_arguments ':name' ;;
    'digest mute') _checkwatches_arguments '--until[a time or a span]:time' ':name' ;;
    scan)
        _checkwatches_arguments '--label[what they are found for]:text' '--owner[whose they are]:name' \
            '--watch[watch them, and no longer what is gone]' '--format[how it is written]:format:(json lines)' \
            '--git[trailers of commits, too]' '--since[commits of that day or later]:day' '--jobs[files at a time]:number' \
            $json '*:path:_files'
        ;;
    'watchlist check') _checkwatches_arguments $json '*:path:_files' ;;
    'watchlist put')
        _checkwatches_arguments '--format[what it is written in]:format:(json toml lines)' \
            '--force[at once, however many watches it takes away]' '--json[one JSON object]' ':name' ':list:_files'
        ;;
    'watchlist list') _checkwatches_arguments $json ;;
    'watchlist show') _checkwatches_arguments '--troubled[only what waits or is bad]' $json ':name' ;;
    'sink list') _checkwatches_arguments $json ;;
    'sink test' | 'sink skip' | 'sink drop') _checkwatches_arguments ':sink:_checkwatches_sinks' ;;
    'sink retry') _checkwatches_arguments ':sink:_checkwatches_sinks' ':id' ;;
    'db check' | 'db compact') _checkwatches_arguments $json ;;
    'db backup') _checkwatches_arguments $json ':file:_files' ;;
    esac
}

# Completes the commands of one level, then hands over to the chosen one.
_checkwatches_level() {
    local before=$1
    shift
    local context state state_descr line
    typeset -A opt_args
    local -a commands=("$@") more
    [[ -z $before ]] && more=('(- *)--version[the version]')
    _arguments -C -s $_checkwatches_everywhere $more ':command:->command' '*::argument:->argument'
    case $state in
    command) _describe -t commands command commands ;;
    argument)
        case $before$line[1] in
        tracker)
            _checkwatches_level 'tracker ' 'add:register a tracker' 'list:the registered trackers' \
                'kinds:the kinds of trackers and what they can do' \
                'try:read one bug as a description of a kind says' \
                'show:all about one tracker' 'probe:ask what it is and can do' 'login:prove the credential' \
                'pause:do not ask it' 'resume:ask it again' 'reset:close its breaker, make its failed bugs due' \
                'set:its own settings'
            ;;
        import)
            _checkwatches_level 'import ' 'launchpad:the bug watches of a project' 'bts-link:its trackers and forwarded bugs' \
                'bugwarrior:the trackers and bugs that it is configured for' 'csv:a table of bugs'
            ;;
        map) _checkwatches_level 'map ' 'test:what these words mean' 'replay:what the configuration would change' ;;
        token) _checkwatches_level 'token ' 'add:make a token' 'list:the tokens there are' 'revoke:end one' ;;
        digest)
            _checkwatches_level 'digest ' 'list:the digests there are' 'preview:what would be sent now' \
                'test:send a test message' 'mute:be silent for a while' 'unmute:tell again' 'retry:send what was parked'
            ;;
        watchlist)
            _checkwatches_level 'watchlist ' 'check:what is wrong in lists' 'put:put a list into the folder' \
                'list:the lists there are' 'show:the entries of a list'
            ;;
        sink)
            _checkwatches_level 'sink ' 'list:how far each is' 'test:send a test' 'retry:tell again what was parked' \
                'skip:park what it does not take' 'drop:forget one that is not configured'
            ;;
        db) _checkwatches_level 'db ' 'check:look for damage' 'backup:write a copy' 'compact:give space back' ;;
        *) _checkwatches_command "$before$line[1]" ;;
        esac
        ;;
    esac
}

_checkwatches() {
    local -a checkwatches_line=($words) # as typed: the levels below see a part of it only
    _checkwatches_level '' 'add:watch bugs' 'check:one pass over what is due' 'show:what is known of the bugs' \
        'changes:what changed, in order' 'comments:what was written about a bug' 'tracker:the trackers' \
        'serve:stay resident' \
        'status:whether the engine lives and keeps up' 'errors:what goes wrong' \
        'queue:words that nobody knows the meaning of' 'rechecks:bugs that changes in Gerrit are tested again for' \
        'map:what words mean' 'token:who may do what over HTTP' 'digest:what people are told by mail' \
        'scan:find the bug links in packages and sources' 'watchlist:lists of bugs to watch, as files' \
        'sink:where changes go' 'import:take over the list of another program' 'db:care for the database'
}

_checkwatches "$@"
