# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash
#
# For the checks beside this file: run a client with a given libseccomp.so.2, and
# prove what it did from outside, by tests-c/clients/watch.c, so that cleaned
# environments, static code and new namespaces don't hide anything.
#
# A check is run as `CLIENT.sh LIBRARY`; it says "version: …" and "functions: …",
# ends with 0 and "ok: …", 77 and "skipped: …", or another code and "FAILED: …".

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(realpath "$here/../..")
out=${CLIENTS_OUT:-$top/build/clients}
# shellcheck disable=SC2034 # for the clients
stage=${CLIENTS_STAGE:-$top/build/stage}
PATH=$PATH:/usr/sbin:/sbin
export PATH
skip() { echo "skipped: $*"; exit 77; }
fail() { echo "FAILED: $*"; exit 1; }

library=$(realpath "$1")
client=$(basename "$0" .sh)
built=$out/$client                # what a client is built into, once for all libraries
work=$(mktemp -d "${TMPDIR:-/tmp}/client-$client.XXXXXX")
report=$work/report
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$built"
ln -s "$library" "$work/libseccomp.so.2"

[ "$(uname -m)" = x86_64 ] || skip "the witness knows x86-64 only"
watch=$out/watch
[ "$watch" -nt "$top/tests-c/clients/watch.c" ] ||
    ${CC:-cc} -D_GNU_SOURCE -O1 -Wall -Wextra "$top/tests-c/clients/watch.c" -o "$watch"

# Most clients have one.
# shellcheck disable=SC2034
program=''

# Sets the named variable to where a program is: installed, or unpacked by deps.sh.
find_program() { # VARIABLE NAME
    local path
    path=$(PATH=$PATH:$out/root/usr/bin:$out/root/usr/sbin command -v "$2") || skip "$2 is not installed"
    printf -v "$1" %s "$path"
}
need_root() { [ "$(id -u)" = 0 ] || skip "needs root"; }

# Upstream's version: Debian's own suffix is nobody's interest but Debian's.
package_version() { # PACKAGE
    local version
    version=$(dpkg-query -W -f '${Version}' "$1" 2> /dev/null) || true
    [ -n "$version" ] || version=$(cat "$out/root/$1.version" 2> /dev/null) || version='?'
    version=${version#*:}
    version=${version%-*}
    echo "version: ${version%%+*}"
}
# Which of the library's functions ELF files ask for.
functions_of() { # ELF...
    echo "functions: $(nm -D --undefined-only "$@" 2> /dev/null | sed -n 's/.* U \(seccomp_[a-z_]*\).*/\1/p' |
        LC_ALL=C sort -u | grep -x -f <(sed -e 's/[[:space:]]*#.*//' -e '/^$/d' "$top/src/symbols.txt") |
        tr '\n' ' ')" || true
}

system_library=$(ldconfig -p | sed -n 's/.*libseccomp\.so\.2 .*=> //p' | head -n 1)
mounting=no
if [ -n "$system_library" ] && unshare -m --propagation private true 2> /dev/null; then
    system_library=$(realpath "$system_library")
    mounting=yes
fi

# Never in place: apt's own methods use the system's library.
# shellcheck disable=SC2016
on_library() { # COMMAND...
    if [ $mounting = yes ]; then
        unshare -m --propagation private bash -c \
            'mount --bind "$1" "$2"; shift 2; exec "$@"' - "$library" "$system_library" "$@"
    else
        LD_LIBRARY_PATH=$work "$@"
    fi
}

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
