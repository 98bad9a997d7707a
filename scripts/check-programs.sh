#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Existing programs run on our library, and each check would notice a library
# that does not work: it is run on ours, where it must pass, and on five that
# are broken on purpose (tests-c/controls), where it must fail.
#   scripts/check-programs.sh LIBRARY
set -euo pipefail
library=$(realpath "$1")
cd "$(dirname "$0")/.."
out=build/programs
mkdir -p "$out"

controls=(says-yes no-load no-rules allows-all empty)
declare -A number=([empty]=1 [says-yes]=2 [no-load]=3 [no-rules]=4 [allows-all]=5)

# The real library, with the functions that a control brings made replaceable.
objcopy --weaken-symbol=seccomp_load --weaken-symbol=seccomp_rule_add \
    --weaken-symbol=seccomp_rule_add_exact --weaken-symbol=seccomp_rule_add_array \
    --weaken-symbol=seccomp_rule_add_exact_array "$(dirname "$library")/libseccomp.a" "$out/weak.a"
for control in "${controls[@]}"; do
    rest=()
    [ "${number[$control]}" -lt 3 ] || rest=(-Xlinker --whole-archive "$out/weak.a" -Xlinker --no-whole-archive)
    ${CC:-cc} -D_GNU_SOURCE -DCONTROL="${number[$control]}" -Iinclude -shared -fPIC -static-libgcc \
        -Wl,-soname,libseccomp.so.2 -o "$out/$control.so" tests-c/controls/control.c "${rest[@]}"
done

# chrony's package would start a daemon and replace the one that sets the clock:
# unpacked it does as well.
if ! PATH=$PATH:/usr/sbin command -v chronyd > /dev/null && [ ! -e "$out/root/usr/sbin/chronyd" ]; then
    (cd "$out" && apt-get -qq download chrony) > "$out/apt.log" 2>&1 &&
        dpkg-deb -x "$out"/chrony_*.deb "$out/root" || echo "chrony: not installed, not fetched"
fi

# $1: the library; the rest: a check. Prints the verdict, and why.
verdict() {
    local code=0
    "$2" "$1" > "$out/last.log" 2>&1 || code=$?
    cat "$out/last.log" >> "$out/all.log"
    case $code in
        0) echo passes ;;
        77) echo skipped ;;
        *) echo fails ;;
    esac
}

passed=0 failed=0 skipped=0
: > "$out/all.log"
printf '%-10s %-8s' program ours; printf ' %-10s' "${controls[@]}"; echo
for check in scripts/programs/{ctags,man,apt,chronyd}.sh; do
    name=$(basename "$check" .sh)
    row=$(verdict "$library" "$check")
    reason=$(sed -n '/^FAILED/,$p' "$out/last.log")
    [ -n "$reason" ] || reason=$(tail -n 1 "$out/last.log")
    printf '%-10s %-8s' "$name" "$row"
    if [ "$row" = passes ]; then
        good=1
        for control in "${controls[@]}"; do
            row=$(verdict "$out/$control.so" "$check")
            printf ' %-10s' "$row"
            [ "$row" = fails ] || good=0
        done
        if [ $good = 1 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    elif [ "$row" = skipped ]; then
        skipped=$((skipped + 1))
    else
        failed=$((failed + 1))
    fi
    printf '\n  %s\n' "$reason"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] || echo "see $out/all.log"
# CI sets MUST_RUN, where skipping everything would pass unnoticed.
[ "$failed" = 0 ] && { [ -z "${MUST_RUN:-}" ] || [ "$passed" -gt 0 ]; }
