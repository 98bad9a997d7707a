# SPDX-License-Identifier: LGPL-2.1-only
#
# The crate asks libseccomp.pc which version it is compiled for. Its tests share
# global state, so they run in one thread.

copy_crate libseccomp
tests=$built/tests
if ! is_current "$tests" "$built/source/Cargo.toml"; then
    in_crate "$built/source" test --no-run --message-format=json > "$work/json" 2> "$work/log" ||
        fail "$(tail -n 1 "$work/log")"
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' "$work/json" > "$tests"
fi
version=$(sed -n '/^name = "libseccomp"/,/^$/s/^version = "\(.*\)"/\1/p' "$crates/Cargo.lock")
echo "version: $version"
mapfile -t programs < "$tests"
functions_of "${programs[@]}"

fresh_report
count=0
for program in "${programs[@]}"; do
    watched "$program" --test-threads=1 > "$work/log" 2>&1 ||
        fail "$(grep -m 1 -e panicked -e FAILED -e 'symbol lookup' "$work/log" || tail -n 1 "$work/log")"
    count=$((count + $(sed -n 's/^test result: ok. \([0-9]*\) passed.*/\1/p' "$work/log")))
done
saw_library '.*'
saw_filter 'tests-[0-9a-f]*|libseccomp-[0-9a-f]*'
[ "$count" -ge 40 ] || fail "only $count tests ran"
echo "ok: $count tests, $(grep -c ^filter "$report") filters"
