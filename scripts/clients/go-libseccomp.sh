#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: libseccomp-golang
# group: bindings
# packages: golang-go golang-github-seccomp-libseccomp-golang-dev
# loads: linked (cgo)
# proves: its own tests, unchanged: rules, errors, exports, notifications, a loaded filter
# fails-on: all
#
# What runc, podman, buildah and snapd are built on.
set -euo pipefail
source "$(dirname "$0")/proof.sh"
source "$top/scripts/clients/go.sh"

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
