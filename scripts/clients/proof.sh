# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash
#
# For the checks beside this file: prove what a client did from outside, by
# tests-c/clients/watch.c, so that cleaned environments, static code and new namespaces
# don't hide anything.

# shellcheck source=scripts/clients/library.sh
source "$(dirname "${BASH_SOURCE[0]}")/library.sh"
built=$out/$client # what a client is built into, once for all libraries
mkdir -p "$built"

[ "$(uname -m)" = x86_64 ] || skip "the witness knows x86-64 only"
watch=$out/watch
[ "$watch" -nt "$top/tests-c/clients/watch.c" ] ||
    ${CC:-cc} -D_GNU_SOURCE -O1 -Wall -Wextra "$top/tests-c/clients/watch.c" -o "$watch"

# Calls that do nothing where they are allowed, and then answer what no filter
# would: number and arguments for x86-64.
declare -A harmless=(
    [ptrace]=101:-1:0:0:0     # ESRCH
    [keyctl]=250:-1           # EOPNOTSUPP
    [add_key]=248:0:0:0:0:0   # EFAULT
    [perf_event_open]=298:0   # EFAULT
    [sysfs]=139:99            # EINVAL
)

# Runs a command on the library and writes what it did to $report; with -c NAME
# each process that loads a filter makes that call, before and after.
watched() { # [-c NAME] COMMAND...
    local call=()
    if [ "$1" = -c ]; then
        call=(-c "${harmless[$2]}")
        shift 2
    fi
    on_library timeout "${limit:-20}" "$watch" -l "$library" -r "$report" "${call[@]}" "$@"
}
fresh_report() { : > "$report"; }

# The program (an extended regular expression for its path) had our file, and no
# other libseccomp.
saw_library() { # PROGRAM
    grep -q -E "^maps [0-9]+ .*($1) ours\$" "$report" || fail "our file was not mapped by $1"
    ! grep -E "^maps [0-9]+ .*($1) " "$report" | grep -q -v ' ours$' || fail "$1 mapped another libseccomp"
}
saw_filter() { # PROGRAM
    grep -q -E "^filter [0-9]+ .*($1) " "$report" || fail "no filter was loaded by $1"
}
# Runs a command that must end well.
works() { # COMMAND...
    fresh_report
    watched "$@" > "$work/log" 2>&1 < "${input:-/dev/null}" || fail "ended with $?: $(tail -n 1 "$work/log")"
}
# The same in a program that must have our file and a filter.
runs() { # PROGRAM COMMAND...
    works "${@:2}"
    saw_library "$1"
    saw_filter "$1"
}
# In each process of the program the call was stopped; with "some", in one.
saw_stop() { # PROGRAM [some]
    awk -v program="$1" -v some="${2:-}" '
        $1 == "before" { before[$2] = $4 }
        # The program may have spaces in its name.
        $1 == "filter" { by[$2] = $0; sub(/^[a-z]+ [0-9]+ /, "", by[$2]); sub(/ [0-9]+$/, "", by[$2]) }
        $1 == "after" && by[$2] ~ "(" program ")$" { if ($4 == before[$2]) through++; else stopped++ }
        END { exit !(stopped && (some || !through)) }' "$report" ||
        fail "the forbidden call was not stopped in $1"
}
# All three, for a command that is ended by, or goes on after, a forbidden call.
prove_filter() { # PROGRAM CALL COMMAND...
    local pattern=$1 forbidden=$2
    shift 2
    fresh_report
    watched -c "$forbidden" "$@" > "$work/probed.log" 2>&1 < "${input:-/dev/null}" || true
    saw_library "$pattern"
    saw_filter "$pattern"
    saw_stop "$pattern"
}

# A PNG of 7 by 5 points.
picture() { # FILE
    /usr/bin/python3 -c '
import struct, sys, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
open(sys.argv[1], "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 7, 5, 8, 2, 0, 0, 0)) +
    chunk(b"IDAT", zlib.compress((b"\0" + 21 * b"x") * 5)) + chunk(b"IEND", b""))' "$1"
}
