# SPDX-License-Identifier: LGPL-2.1-only
#
# Comparisons of string addresses, tor's own way to allow opening certain files.

client_program tor tor

mkdir -m 700 "$work/data"
: > "$work/torrc"
port=$((20000 + $$ % 20000))
command=("$program" -f "$work/torrc" --defaults-torrc "$work/torrc" --DataDirectory "$work/data" --Sandbox 1
    --DisableNetwork 1 --SocksPort 0 --ControlPort "127.0.0.1:$port" --Log "notice file $work/notices")

ask() { # says whether tor answers
    local line
    exec 5<> "/dev/tcp/127.0.0.1/$port" || return 1
    printf 'AUTHENTICATE\r\nGETINFO version\r\nSIGNAL HALT\r\nQUIT\r\n' >&5
    while IFS= read -r -t 5 line <&5; do
        [[ $line != 250-version=* ]] || echo "${line%$'\r'}"
    done
    exec 5>&-
}
run() { # [-c NAME]: starts it, asks, and ends it
    watched "$@" "${command[@]}" > "$work/log" 2>&1 < /dev/null &
    local tor=$!
    answer=
    for _ in $(seq 50); do
        sleep 0.1
        answer=$(ask 2> /dev/null) && [ -n "$answer" ] && break
        kill -0 $tor 2> /dev/null || break
    done
    kill $tor 2> /dev/null || true
    wait $tor 2> /dev/null || true
}
fresh_report
run -c ptrace
saw_library tor
saw_filter tor
saw_stop tor
[[ $answer = 250-version=* ]] || fail "no answer: $(tail -n 1 "$work/log")"
echo "ok: ${answer#250-} under the filter"
