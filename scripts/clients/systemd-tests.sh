# SPDX-License-Identifier: LGPL-2.1-only
#
# systemd's own unit tests of its filters: SystemCallFilter=, RestrictNamespaces=,
# MemoryDenyWriteExecute= and the others. They assert what is allowed and what not.

program=/usr/lib/systemd/tests/test-seccomp
[ -x $program ] || program=/usr/lib/systemd/tests/unit-tests/test-seccomp # in Debian 13
[ -x $program ] || skip "systemd-tests is not installed"
need_root
package_version systemd-tests
functions_of "$(ldd $program | awk '/libsystemd-shared/ { print $3 }')"

runs test-seccomp $program
tests=$(grep -c '^/\* test_.* \*/' "$work/log" || true)
! grep -q -i 'skipping tests' "$work/log" || fail "skipped: $(grep -i -m 1 skipping "$work/log")"
[ "$tests" -ge 15 ] || fail "only $tests tests ran"
echo "ok: $tests tests, $(grep -c ^filter "$report") filters"
