#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# The filters that unmodified programs have: `scmp show` reads them from the processes, and
# crates/scmp-cli/tests/kernel.rs compares what it says with what the kernel does for 1,000
# calls under each.
#   scripts/check-processes.sh [PROGRAM...]        nspawn flatpak chromium tor sshd firejail
#
# Only root can run some of them and read the filters of all.
# shellcheck disable=SC2317 # the functions run_* are called by name
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
source scripts/clients/flatpak-app.sh
source scripts/report.sh
read -ra cargo <<< "${CARGO:-cargo}"
[ $# -gt 0 ] || set -- nspawn flatpak chromium tor sshd firejail
[ "$(id -u)" = 0 ] || { skips 'filters of running programs' 'needs root'; summary; exit; }

"${cargo[@]}" -q test -p scmp-cli --test kernel --no-run
work=$(mktemp -d)
chmod 755 "$work"
started=()
clean_up() {
    local process
    for process in "${started[@]}"; do
        end "$process"
    done
    rm -rf "$work"
}
trap clean_up EXIT

family() { # PROCESS: it and its descendants
    local child
    echo "$1"
    for child in $(pgrep -P "$1"); do
        family "$child"
    done
}
end() { # PROCESS: with its descendants
    local all
    mapfile -t all < <(family "$1")
    kill -KILL "${all[@]}" 2> /dev/null || true
    wait "$1" 2> /dev/null || true
}
start() { # COMMAND...
    "$@" > "$work/log" 2>&1 < /dev/null &
    program=$!
    started+=("$program")
}
has_filter() { grep -q '^Seccomp:[[:space:]]*2' "/proc/$1/status" 2> /dev/null; }
# The process of the program's family, among those whose command line matches, that has filters.
find_filtered() { # PATTERN
    local process
    for _ in $(seq 120); do
        for process in $(family "$program"); do
            if tr '\0' ' ' 2> /dev/null < "/proc/$process/cmdline" | grep -q -E -e "$1" && has_filter "$process"; then
                filtered=$process
                return
            fi
        done
        kill -0 "$program" 2> /dev/null || break
        sleep 0.5
    done
    why=$(tail -n 1 "$work/log")
    return 1
}

# Runs in sandboxes that have no library.
waits=$work/waits
echo 'int pause(void); int main(void) { for (;;) pause(); }' |
    ${CC:-cc} -static -x c - -o "$waits"

# Each starts its program and finds the process, or says why it cannot.
run_nspawn() {
    local root=$work/root
    mkdir -p "$root"/{etc,usr,proc,sys,dev,tmp,run,var,bin,root}
    : > "$root/etc/os-release"
    cp "$waits" "$root/bin/waits"
    start systemd-nspawn --register=no --keep-unit -q -M "check$$" -D "$root" '--system-call-filter=~personality' /bin/waits
    find_filtered '^/bin/waits'
}
run_flatpak() {
    install_app "$work/flatpak" "$waits" > "$work/log" 2>&1 || { why=$(tail -n 1 "$work/log"); return 1; }
    start "${flatpak[@]}" --user run org.check.App
    find_filtered '^(/app/bin/)?program'
}
run_chromium() { # a user's: root has to turn its sandbox off
    install -d -o nobody "$work/chromium"
    start runuser -u nobody -- env "HOME=$work/chromium" chromium --headless --disable-gpu \
        "--user-data-dir=$work/chromium/data" --remote-debugging-port=0 about:blank
    find_filtered ' --type=renderer '
}
run_tor() {
    mkdir -m 700 "$work/tor"
    : > "$work/torrc"
    start tor -f "$work/torrc" --defaults-torrc "$work/torrc" --DataDirectory "$work/tor" --Sandbox 1 \
        --DisableNetwork 1 --SocksPort 0
    find_filtered '^tor '
}
run_sshd() { # the process that talks to who has not logged in
    local port=$((20000 + $$ % 20000))
    mkdir -p /run/sshd
    ssh-keygen -q -t ed25519 -N '' -f "$work/key"
    start "$(command -v sshd)" -D -e -f /dev/null -h "$work/key" -p "$port" -o ListenAddress=127.0.0.1 -o PidFile=none
    for _ in $(seq 40); do
        sleep 0.5
        { exec 5<> "/dev/tcp/127.0.0.1/$port"; } 2> /dev/null && break
    done
    { printf 'SSH-2.0-waits\r\n' >&5; } 2> /dev/null || { why=$(tail -n 1 "$work/log"); return 1; }
    find_filtered '^sshd: .*\[net\]'
}
run_firejail() {
    start firejail --quiet --noprofile --seccomp "$waits"
    find_filtered "^$waits"
}

for name in "$@"; do
    command=$name
    [ "$name" != nspawn ] || command=systemd-nspawn
    if ! command -v "$command" > /dev/null; then
        skips "$name" "$command is not installed"
        continue
    fi
    if ! "run_$name"; then
        skips "$name" "no process with a filter: $why"
        continue
    fi
    problem=''
    SCMP_INPUTS="pid:$filtered" "${cargo[@]}" -q test -p scmp-cli --test kernel -- --nocapture --exact the_kernel_does_what_is_shown \
        > "$work/test.log" 2>&1 || problem=$(tail -n 40 "$work/test.log")
    expect_none "$name: $(tr '\0' ' ' < "/proc/$filtered/cmdline" | cut -c 1-60)" "$problem"
    grep -E 'programs, |^skipped: ' "$work/test.log" || true
    end "$program"
done
summary
