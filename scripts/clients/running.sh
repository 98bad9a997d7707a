# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash
#
# For the checks that `make check` runs too, on any processor and without root: a
# preloaded probe.so proves from inside the program that our library installed a filter
# that stops something.

# shellcheck source=scripts/clients/library.sh
source "$(dirname "${BASH_SOURCE[0]}")/library.sh"
[ -e /proc/self/status ] || fail "/proc is not mounted (a chroot?), so no program can be looked into"
# A copy: apt's methods run as another user, who may not read the checkout.
cp --remove-destination "$library" "$work/libseccomp.so.2"
chmod 644 "$work/libseccomp.so.2"

[ "$out/probe.so" -nt "$here/probe.c" ] ||
    ${CC:-cc} -D_GNU_SOURCE -O1 -Wall -Wextra -shared -fPIC "$here/probe.c" -o "$out/probe.so" -ldl
cp "$out/probe.so" "$work/probe.so"
# shellcheck disable=SC2034 # for the checks
if [ $mounting = yes ]; then
    way="mounted over $system_library"
else
    way="LD_LIBRARY_PATH (no mount namespace: not root, or not allowed here)"
fi

# The program must map our file, have a filter, and not survive a call that its
# filter does not list.
prove_filter() { # COMMAND...
    : > "$report"
    chmod 666 "$report"
    on_library env LD_PRELOAD="$work/probe.so" PROBE_REPORT="$report" PROBE_CALL=ptrace \
        timeout 5 "$@" > "$work/probed.log" 2>&1 < "${input:-/dev/null}" || true
    local mapped=$work/libseccomp.so.2
    [ $mounting = no ] || mapped=$library
    grep -q "^library .* $(stat -L -c %d:%i "$mapped")\$" "$report" ||
        fail "no word from our file: $(head -n 1 "$report"; tail -n 2 "$work/probed.log")"
    grep -q '^Seccomp: 2$' "$report" && ! grep -q '^Seccomp: [^2]' "$report" ||
        fail "no filter was loaded"
    grep -q '^calling ptrace' "$report" || fail "the forbidden call was not made"
    ! grep -q '^SURVIVED' "$report" || fail "the forbidden call was not stopped"
}
