# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash disable=SC2154 # proof.sh and its client assign them
#
# For the checks of what puts other programs under a filter: the static program
# tests-c/clients/inside.c makes calls in there and writes what came back to
# $work/log.

inside=$out/inside
[ "$inside" -nt "$top/tests-c/clients/inside.c" ] ||
    ${CC:-cc} -static -O1 -Wall -Wextra "$top/tests-c/clients/inside.c" -o "$inside"

# shellcheck disable=SC2034
usual_calls=(getpid=39 sysfs=139:99 personality=135:0xffffffff personality1=135:1 sysfs32=32/135:99 getpid32=32/20)

answered() { # LINE...
    local line
    for line in "$@"; do
        grep -q -E "^$line"$'\r?$' "$work/log" || fail "not '$line' but '$(grep "^${line%% *} " "$work/log" || tail -n 1 "$work/log")'"
    done
}
