# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash
#
# For the checks beside this file: run a program with a given libseccomp.so.2,
# and prove from inside it that this library installed a filter that stops
# something. LD_LIBRARY_PATH does not reach programs that clean their
# environment, so root puts the library in the system's place, in a private
# mount namespace; anybody else has to rely on LD_LIBRARY_PATH.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
built=$here/../../build/programs
skip() { echo "skipped: $*"; exit 77; }
fail() { echo "FAILED: $*"; exit 1; }

library=$(realpath "$1")
work=$(mktemp -d "${TMPDIR:-/tmp}/on-seccomp.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
# A copy: apt's methods run as another user, who may not read the checkout.
cp "$library" "$work/libseccomp.so.2"
chmod 644 "$work/libseccomp.so.2"

mkdir -p "$built"
[ "$built/probe.so" -nt "$here/probe.c" ] ||
    ${CC:-cc} -D_GNU_SOURCE -O1 -Wall -Wextra -shared -fPIC "$here/probe.c" -o "$built/probe.so" -ldl
cp "$built/probe.so" "$work/probe.so"

# A program, installed or unpacked below build/programs by check-programs.sh.
program() { # NAME
    PATH=$PATH:/usr/sbin:/sbin command -v "$1" || {
        local unpacked
        unpacked=$(find "$built/root" -path "*bin/$1" -print -quit 2> /dev/null)
        [ -n "$unpacked" ] || skip "$1 is not installed"
        [[ "$(ldd "$unpacked")" != *'not found'* ]] || skip "$1: libraries that it needs are not installed"
        echo "$unpacked"
    }
}

system_library=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p | awk '/libseccomp\.so\.2 / && !found++ { print $NF }')
way="LD_LIBRARY_PATH (no mount namespace: not root, or not allowed here)"
if [ -n "$system_library" ] && unshare -m --propagation private true 2> /dev/null; then
    system_library=$(realpath "$system_library")
    way="mounted over $system_library"
fi

# shellcheck disable=SC2016
on_library() { # COMMAND...
    if [ "${way%% *}" = mounted ]; then
        unshare -m --propagation private bash -c \
            'mount --bind "$1" "$2"; shift 2; exec "$@"' - "$library" "$system_library" "$@"
    else
        LD_LIBRARY_PATH=$work "$@"
    fi
}

# The program must map our file, have a filter, and not survive a call that its
# filter does not list.
prove_filter() { # COMMAND...
    local report=$work/report
    : > "$report"
    chmod 666 "$report"
    on_library env LD_PRELOAD="$work/probe.so" PROBE_REPORT="$report" PROBE_CALL=ptrace \
        timeout 5 "$@" > "$work/probed.log" 2>&1 < "${input:-/dev/null}" || true
    local mapped=$work/libseccomp.so.2
    [ "${way%% *}" != mounted ] || mapped=$library
    grep -q "^library .* $(stat -L -c %d:%i "$mapped")\$" "$report" ||
        fail "no word from our file: $(head -n 1 "$report"; tail -n 2 "$work/probed.log")"
    grep -q '^Seccomp: 2$' "$report" && ! grep -q '^Seccomp: [^2]' "$report" ||
        fail "no filter was loaded"
    grep -q '^calling ptrace' "$report" || fail "the forbidden call was not made"
    ! grep -q '^SURVIVED' "$report" || fail "the forbidden call was not stopped"
}
