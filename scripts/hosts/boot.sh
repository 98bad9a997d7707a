#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# boot.sh: boots a machine with Debian's kernel for arm64 in qemu and runs there the
# static C programs that scripts/check-hosts.sh has built for it, so that their filters
# are in force. The kernel is unpacked below build/, not installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
triplet=aarch64-linux-gnu
out=$PWD/build/hosts/boot
tests=$PWD/build/hosts/tests-c/arm64
mkdir -p "$out"

kernel=$(find "$out/root" -name 'vmlinuz-*' 2> /dev/null | head -n 1 || true)
if [ -z "$kernel" ]; then
    APT_CONFIG=$(scripts/hosts/apt.sh "$out/apt" arm64)
    export APT_CONFIG
    package=$(apt-cache depends linux-image-arm64:arm64 | awk '/Depends: linux-image/ { print $2; exit }')
    (cd "$out" && apt-get -qq download "$package" 2> "$out/apt.log") || { cat "$out/apt.log" >&2; exit 1; }
    dpkg-deb -x "$out"/linux-image-*.deb "$out/root"
    rm -r "$out"/linux-image-*.deb "$out/apt"
    kernel=$(find "$out/root" -name 'vmlinuz-*')
fi

rm -rf "$out/initrd"
mkdir -p "$out"/initrd/{dev,proc,tmp,tests}
$triplet-gcc -O1 -static -o "$out/initrd/init" scripts/hosts/init.c
cp "$tests"/*-static "$out/initrd/tests"
(cd "$out/initrd" && find . | cpio --quiet -o -H newc) > "$out/initrd.cpio"

timeout 900 qemu-system-aarch64 -M virt -cpu max,pauth-impdef=on -smp 2 -m 512 -nographic -no-reboot \
    -net none -kernel "$kernel" -initrd "$out/initrd.cpio" -append 'quiet console=ttyAMA0 panic=-1' \
    < /dev/null | tr -d '\r' > "$out/log"
grep -a -E '^(not ok|FAILED|skipped|booted)' "$out/log" || true
echo "$(basename "$kernel"): $(grep -ac '^ok' "$out/log") checks"
# The same number twice.
grep -aq -E '^booted: ([1-9][0-9]*) programs, \1 ended well$' "$out/log"
! grep -aq '^not ok' "$out/log"
