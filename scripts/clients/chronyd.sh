# SPDX-License-Identifier: LGPL-2.1-only
#
# chronyd -F 1 (it does not touch the clock here) runs under a filter with
# argument comparisons for its sockets, and must answer chronyc.

client_program chronyd chrony
chronyc=''
find_program chronyc chronyc

mkdir -m 700 "$work/run"
cat > "$work/chrony.conf" <<EOF
port 0
cmdport 0
local stratum 9
pidfile $work/run/chronyd.pid
bindcmdaddress $work/run/chronyd.sock
EOF
command=("$program" -x -d -U -u "$(id -un)" -F 1 -f "$work/chrony.conf")

prove_filter "${command[@]}"
rm -f "$work"/run/*
on_library timeout 30 "${command[@]}" > "$work/chronyd.log" 2>&1 &
daemon=$!
answer=
for _ in $(seq 50); do
    sleep 0.1
    answer=$("$chronyc" -h "$work/run/chronyd.sock" tracking 2> /dev/null) && break
    kill -0 "$daemon" 2> /dev/null || break
done
[ ! -s "$work/run/chronyd.pid" ] || kill "$(cat "$work/run/chronyd.pid")" 2> /dev/null || true
code=0
wait "$daemon" 2> /dev/null || code=$?
grep -q 'Stratum *: 9' <<< "$answer" || fail "no answer: $(tail -n 1 "$work/chronyd.log") ($code)"
echo "ok: filtered chronyd answered chronyc; $way"
