# SPDX-License-Identifier: LGPL-2.1-only
#
# What runc, podman, buildah and snapd are built on.

program=$built/libseccomp.test
build_with_go "$program" test -c -o "$program" github.com/seccomp/libseccomp-golang
package_version golang-github-seccomp-libseccomp-golang-dev
functions_of "$program"

fresh_report
(cd "$binding" && limit=120 watched "$program" -test.v > "$work/log" 2>&1) ||
    fail "$(grep -m 1 -e '^--- FAIL' -e 'symbol lookup' -e SIG "$work/log" || tail -n 1 "$work/log")"
saw_library libseccomp.test
saw_filter libseccomp.test
count=$(grep -c '^--- PASS' "$work/log")
[ "$count" -ge 15 ] || fail "only $count tests passed"
echo "ok: $count tests passed, $(grep -c '^--- SKIP' "$work/log" || true) skipped, $(grep -c ^filter "$report") filters"
