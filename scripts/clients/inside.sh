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
# The containers' default profile: allowed, denied, by argument, of 32 bits.
# shellcheck disable=SC2034
default_calls=(getpid=39 sysfs=139:99 perf=298:0 personality=135:0xffffffff personality1=135:1
    audit=41:16:3:9 route=41:16:3:0 getpid32=32/20 sysfs32=32/135:99 personality32=32/136:-1)
# shellcheck disable=SC2034
default_answers=('getpid ok' 'sysfs errno 1' 'perf errno (1|38)' 'personality ok' 'personality1 errno (1|38)'
    'audit errno 22' 'route ok' 'getpid32 ok' 'sysfs32 errno 1' 'personality32 ok')

answered() { # LINE...
    local line
    for line in "$@"; do
        grep -q -E "^$line"$'\r?$' "$work/log" || fail "not '$line' but '$(grep "^${line%% *} " "$work/log" || tail -n 1 "$work/log")'"
    done
}
