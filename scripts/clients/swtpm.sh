# SPDX-License-Identifier: LGPL-2.1-only
#
# A filter of what is forbidden, among much that is allowed.

client_program swtpm swtpm libswtpm

mkdir "$work/state"
chmod 777 "$work/state"
command=("$program" socket --tpmstate "dir=$work/state" --tpm2 --seccomp action=kill
    --ctrl "type=unixio,path=$work/socket" --flags not-need-init)
limit=2 prove_filter swtpm ptrace "${command[@]}"

rm -f "$work/socket"
fresh_report
limit=10 watched "${command[@]}" > "$work/log" 2>&1 < /dev/null &
swtpm=$!
await 2 [ -S "$work/socket" ] || true
# CMD_GET_CAPABILITY, which is 1: a result, which is 0, and eight bytes of capabilities
answer=$(/usr/bin/python3 -c '
import socket, struct, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.send(struct.pack(">I", 1))
print(struct.unpack(">I", s.recv(12)[:4])[0])' "$work/socket" 2>&1 | tail -n 1) || true
kill $swtpm 2> /dev/null || true
wait $swtpm 2> /dev/null || true
[ "$answer" = 0 ] || fail "no answer: $answer $(tail -n 1 "$work/log")"
saw_library swtpm
saw_filter swtpm
echo "ok: capabilities told under the filter"
