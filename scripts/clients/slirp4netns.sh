# SPDX-License-Identifier: LGPL-2.1-only
#
# Network of a namespace in user space, for rootless containers.

need_root
[ -e /dev/net/tun ] || skip "no /dev/net/tun"
client_program slirp4netns slirp4netns

unshare -n sleep 60 &
namespace=$!
trap 'kill $namespace; rm -rf "$work"' EXIT
is_apart() { [ "$(readlink /proc/self/ns/net)" != "$(readlink /proc/$namespace/ns/net)" ]; }
await 3 is_apart || true
command=("$program" --enable-seccomp --configure "$namespace" tap0)
limit=3 prove_filter slirp4netns ptrace "${command[@]}"
fresh_report
limit=20 watched "${command[@]}" > "$work/log" 2>&1 < /dev/null &
slirp=$!
code=1
for _ in $(seq 8); do
    sleep 0.2
    nsenter -t $namespace -n arping -c 1 -w 1 -i tap0 10.0.2.2 > "$work/answer" 2>&1 && code=0 && break
    kill -0 $slirp 2> /dev/null || break
done
kill $slirp 2> /dev/null || true
wait $slirp 2> /dev/null || true
[ $code = 0 ] || fail "no answer: $(tail -n 1 "$work/answer") $(tail -n 1 "$work/log")"
saw_library slirp4netns
saw_filter slirp4netns
echo "ok: the gateway answered under the filter"
