# SPDX-License-Identifier: LGPL-2.1-only
#
# A pair of network namespaces: one asks, the kernel of the other answers.

need_root
client_program arping arping

prove_filter arping ptrace arping -z -c 1 -i lo 127.0.0.1
# shellcheck disable=SC2016
runs arping unshare -n bash -ec '
    unshare -n sleep 10 & other=$!
    for _ in $(seq 50); do
        [ "$(readlink /proc/self/ns/net)" = "$(readlink /proc/$other/ns/net)" ] || break
        sleep 0.05
    done
    ip link add here type veth peer name there netns $other
    nsenter -t $other -n ip address add 10.9.8.2/24 dev there
    nsenter -t $other -n ip link set there up
    ip address add 10.9.8.1/24 dev here
    ip link set here up
    arping -z -c 2 -w 3 -i here 10.9.8.2
    kill $other'
grep -q '10.9.8.2' "$work/log" && grep -q ' 0% unanswered' "$work/log" || fail "no reply: $(tail -n 1 "$work/log")"
echo "ok: a reply under the filter"
