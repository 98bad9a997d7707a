# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash
#
# For proof.sh and running.sh: run a client with a given libseccomp.so.2.
# LD_LIBRARY_PATH does not reach programs that clean their environment, so root puts the
# library in the system's place, in a private mount namespace; anybody else has to rely
# on LD_LIBRARY_PATH.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(realpath "$here/../..")
out=${CLIENTS_OUT:-$top/build/clients}
# shellcheck disable=SC2034 # for the clients
stage=${CLIENTS_STAGE:-$top/build/stage}
PATH=$PATH:/usr/sbin:/sbin
export PATH
skip() { echo "skipped: $*"; exit 77; }
fail() { echo "FAILED: $*"; exit 1; }

client=$1 library=$(realpath "$2") # run.sh's arguments
work=$(mktemp -d "${TMPDIR:-/tmp}/client-$client.XXXXXX")
# shellcheck disable=SC2034 # for the checks
report=$work/report
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
ln -s "$library" "$work/libseccomp.so.2"

# Most clients have one.
# shellcheck disable=SC2034
program=''

# Sets the named variable to where a program is: installed, or unpacked by deps.sh.
find_program() { # VARIABLE NAME
    local path
    path=$(PATH=$PATH:$out/root/usr/bin:$out/root/usr/sbin command -v "$2") || skip "$2 is not installed"
    [[ "$(ldd "$path" 2> /dev/null)" != *'not found'* ]] || skip "$2: libraries that it needs are not installed"
    printf -v "$1" %s "$path"
}
need_root() { [ "$(id -u)" = 0 ] || skip "needs root"; }
need_mounts() {
    need_root
    [ $mounting = yes ] || skip "needs mount namespaces"
}

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
# All three, for a program that calls the library itself or through another.
client_program() { # NAME PACKAGE [LIBRARY]
    find_program program "$1"
    package_version "$2"
    functions_of "$program" ${3:+"$(ldd "$program" | awk -v name="$3" 'index($1, name) { print $3 }')"}
}
# Whether a client has been built since the library and its own sources were made.
is_current() { # FILE SOURCE...
    local source
    for source in "$stage/lib/libseccomp.so.2" "${@:2}"; do
        [ "$1" -nt "$source" ] || return 1
    done
}
await() { # SECONDS COMMAND...: until it succeeds
    local end=$((SECONDS + $1))
    until "${@:2}"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
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
