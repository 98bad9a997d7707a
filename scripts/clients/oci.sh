# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash disable=SC2154 # proof.sh and its client assign them
#
# For the checks of OCI runtimes: a bundle with nothing in it but the static
# program tests-c/clients/inside.c, run under three profiles. The runtime's
# inner process has an empty environment, so this wants the mount namespace.

source "$top/scripts/clients/inside.sh"
need_root
profile=/usr/share/containers/seccomp.json
[ -e $profile ] || skip "golang-github-containers-common is not installed"
mkdir -p "$work/bundle/rootfs/proc" "$work/bundle/rootfs/dev" "$work/state"
cp "$inside" "$work/bundle/rootfs/inside"

# A container that was ended from outside leaves its control groups.
trap 'rmdir /sys/fs/cgroup/*/check-$$-* 2> /dev/null || true; rm -rf "$work"' EXIT

# Runs a container and leaves what its calls answered in $work/log.
container() { # PROFILE CALL...
    /usr/bin/python3 "$top/tests/clients/python/bundle.py" "$work/bundle" "$1" "$work/listener" "${@:2}"
    fresh_report
    (cd "$work/bundle" && watched "${runtime[@]}" run "check-$$-${1##*/}") > "$work/log" 2>&1 < /dev/null ||
        fail "$client ended with $?: $(tail -n 1 "$work/log")"
    # runc init runs as a copy of itself, which has no path but / (1.1.5) or is in memory
    saw_library "$client|/|/memfd:runc_cloned:.*"
    saw_filter "$client|/|/memfd:runc_cloned:.*"
}
container_checks() {
    container $profile "${default_calls[@]}"
    answered "${default_answers[@]}"
    container "${every:-every-flagged}" getpid=39 getpgid=121:0 getsid=124:0 getpriority=140:0:0 setpriority=141:9:0:0 \
        personality=135:0xffffffff personality1=135:1 sysfs=139:99 getuid=102 getpgid32=32/132:0
    answered 'getpid ok' 'getpgid signal 31' 'getsid signal 31' 'getpriority signal 31' 'setpriority signal 31' \
        'personality ok' 'personality1 errno 33' 'sysfs errno 38' 'getuid ok' 'getpgid32 signal 31'
    /usr/bin/python3 "$top/tests/clients/python/agent.py" "$work/listener" > "$work/agent" 2>&1 &
    agent=$!
    trap 'kill $agent 2> /dev/null || true; rmdir /sys/fs/cgroup/*/check-$$-* 2> /dev/null || true; rm -rf "$work"' EXIT
    await 5 [ -S "$work/listener" ] || true
    limit=5 container notify getpid=39 getpgid=121:0
    answered 'getpid ok' 'getpgid errno 52'
    grep -q '^asked 121' "$work/agent" || fail "the agent was not asked: $(tail -n 1 "$work/agent")"
}
