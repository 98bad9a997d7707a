#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# boot.sh arm64|s390x: boots a machine with Debian's kernel in qemu and runs there the
# static C programs that scripts/check-hosts.sh has built for it, so that their filters
# are in force; a check that is skipped there is a failure. The kernel is unpacked below
# build/, not installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
host=$1
case $host in
    arm64)
        triplet=aarch64-linux-gnu console=ttyAMA0
        machine=(qemu-system-aarch64 -M virt -cpu "max,pauth-impdef=on")
        ;;
    s390x)
        triplet=s390x-linux-gnu console=ttysclp0
        machine=(qemu-system-s390x -M s390-ccw-virtio -cpu max)
        ;;
    *) echo "boot: no machine for $host" >&2; exit 1 ;;
esac
out=$PWD/build/hosts/boot/$host
tests=$PWD/build/hosts/tests-c/$host
mkdir -p "$out"

kernel=$(find "$out/root" -name 'vmlinuz-*' 2> /dev/null | head -n 1 || true)
if [ -z "$kernel" ]; then
    apt=(-c "$(scripts/apt.sh "$out/apt" "$(dpkg --print-architecture),$host" deb)")
    # As in scripts/hosts/rust.sh: a list that fails is no reason to stop.
    apt-get -qq "${apt[@]}" update > "$out/apt.log" 2>&1 || true
    package=$(apt-cache "${apt[@]}" depends "linux-image-$host:$host" | awk '/Depends: linux-image/ { print $2; exit }')
    (cd "$out" && apt-get -qq "${apt[@]}" download "$package" 2>> "$out/apt.log") || { cat "$out/apt.log" >&2; exit 1; }
    dpkg-deb -x "$out"/linux-image-*.deb "$out/root"
    rm -r "$out"/linux-image-*.deb "$out/apt"
    kernel=$(find "$out/root" -name 'vmlinuz-*')
fi

rm -rf "$out/initrd"
mkdir -p "$out"/initrd/{dev,proc,tmp,tests}
$triplet-gcc -O1 -static -o "$out/initrd/init" scripts/hosts/init.c
cp "$tests"/*-static "$out/initrd/tests"
(cd "$out/initrd" && find . | cpio --quiet -o -H newc) > "$out/initrd.cpio"

ended=0
timeout 900 "${machine[@]}" -smp 2 -m 512 -nographic -no-reboot -net none \
    -kernel "$kernel" -initrd "$out/initrd.cpio" -append "quiet console=$console panic=-1" \
    < /dev/null | tr -d '\r' > "$out/log" || ended=$?
grep -a -E '^(not ok|FAILED|skipped|booted)' "$out/log" || true
wrong=$(
    [ $ended = 0 ] || echo "qemu ended with status $ended"
    # The same number twice.
    grep -aq -E '^booted: ([1-9][0-9]*) programs, \1 ended well$' "$out/log" || echo 'not all programs ended well'
    ! grep -aq '^not ok' "$out/log" || echo 'a check failed'
    # Nothing in these kernels is too old for a test.
    ! grep -aq '^skipped' "$out/log" || echo 'a check was skipped'
    for test in notify stops_forbidden_calls thread_sync; do
        grep -aq "^ended well: $test-static: " "$out/log" || echo "$test did not run"
    done
)
checks=$(grep -ac '^ok' "$out/log" || true)
[ -z "$wrong" ] || { echo "$wrong"; echo "see $out/log"; exit 1; }
echo "ok - boot $host, $(basename "$kernel"): $checks checks"
