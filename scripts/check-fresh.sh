#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# What README.md promises of a fresh Debian 12 or 13 with nothing but git, make and the
# network, in chroots: `make` says how to get a compiler; for root, `make demo` and `make
# check` install what lacks; a user pastes the one line after which nothing lacks. Root's
# clone is below /root, which nobody else may enter. Needs root and the network. What make
# wrote is in build/check-fresh; a chroot in which something failed stays in build/chroots.
#   scripts/check-fresh.sh [RELEASE...]    bookworm and trixie
#   USERS=user scripts/check-fresh.sh      not root's run
set -euo pipefail
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS BUILD # the makes below are runs of their own
umask 022
logs=$PWD/build/check-fresh
releases=("$@")
[ $# -gt 0 ] || releases=(bookworm trixie)
read -ra users <<< "${USERS:-root user}"
mkdir -p "$logs"
source scripts/chroot.sh
can_chroot || exit "${MUST_RUN:-0}" # CI sets it
source scripts/report.sh

# Runs a command in the clone of $user, and leaves its output in $log.
runs() { # NAME COMMAND
    log=$logs/$release.$user.$1
    inside "$root" runuser -l "$user" -c "cd scmp && $2" > "$log" 2>&1 < /dev/null
}
passes() { # TARGET: make TARGET
    local problem='' TIMEFORMAT='%0R %0U %0S' seconds
    { time runs "$1" "make $1" || problem=$(tail -n 40 "$log"); } 2> "$logs/$release.$user.times"
    read -ra seconds < "$logs/$release.$user.times"
    expect_none "$release, $user: make $1 (${seconds[0]} s, of processors $((seconds[1] + seconds[2])) s)" "$problem"
    grep '^ *skipped' "$log" | sort -u || true
}

for release in "${releases[@]}"; do
    base "$release" > "$logs/$release.base" 2>&1 ||
        { expect_none "$release: the chroot is made" "$(tail -n 40 "$logs/$release.base")"; exit 1; }
    for user in "${users[@]}"; do
        before=$failed
        root=$release.fresh-$user
        fresh "$root"
        [ "$user" = root ] || inside "$root" useradd -m -s /bin/bash "$user"
        clone_in "$root" "$user" scmp

        runs make make || true
        expect_none "$release, $user: make without a compiler names make deps" \
            "$(grep -q "make deps" "$log" || cat "$log")"
        if [ "$user" = root ]; then
            equal "$release, root: the clone is where nobody else may enter" "$(stat -c %a "$chroots/$root/root")" 700
        else
            runs deps 'make deps' || true
            paste=$(grep '^apt install ' "$log" || true)
            equal "$release, $user: what lacks is one line" "$(wc -l <<< "$paste") ${paste:0:12}" '1 apt install '
            echo "  $paste"
            inside "$root" sh -c "apt-get -qq update && apt -y ${paste#apt }" > "$logs/$release.paste" 2>&1 ||
                expect_none "$release, $user: it installs" "$(tail -n 20 "$logs/$release.paste")"
            runs deps 'make deps' || true
            equal "$release, $user: and then nothing lacks" "$(cat "$log")" ''
        fi
        passes demo
        passes check
        runs status 'git status --porcelain' || true
        equal "$release, $user: the clone is as it was" "$(cat "$log")" ''
        [ $failed -gt $before ] || rm -rf "${chroots:?}/$root"
    done
done
if [ "$failed$#${USERS:-}" = 00 ]; then scripts/passed.sh check-fresh; fi
summary
