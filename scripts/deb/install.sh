#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# `make install` and `make uninstall` on Debian, beside its own libseccomp2, in a chroot
# that may be broken: scripts/deb/upgrade.sh runs it there.
#   scripts/deb/install.sh DIRECTORY    with the .deb files, whose library is installed
set -euo pipefail
debs=$(realpath "$1")
cd "$(dirname "$0")/../.."
source scripts/report.sh
says() { expect_none "$1" "$(grep -q -F -e "$2" "$log" || cat "$log")"; }   # WHAT TEXT
log=$(mktemp)
work=$(mktemp -d)
trap 'rm -rf "$log" "$work"' EXIT
run() { make --no-print-directory "$@" > "$log" 2>&1; }
library=libseccomp.so.2.6.1

# What the packages have, as if make had built it.
mkdir -p build/bin
for deb in "$debs"/{libseccomp,scmp-tools_}*.deb; do
    dpkg-deb -x "$deb" "$work"
done
cp "$work"/usr/lib/*/{$library,libseccomp.a} build
cp "$work"/usr/bin/* build/bin
gcc -x c - -o "$work/program" -l:libseccomp.so.2 <<'C'
const void *seccomp_version(void);
int main(void) { return !seccomp_version(); }
C
used() { ldd "$work/program" | awk '/libseccomp/ { print $3 }' | xargs realpath; }
directory=/usr/lib/$(gcc -print-multiarch)
theirs=$(used)

run install PREFIX=/usr
says 'make install PREFIX=/usr says what programs get' "Programs get $directory/$library from now on."
says "and whose link it changed" "$directory/libseccomp.so.2 is a link of the package libseccomp2"
says 'and whose program' '/usr/bin/scmp_sys_resolver is a file of the package seccomp'
equal 'programs get it' "$(used)" "$directory/$library"
expect_none "and what Debian's header and .pc were, are ours" "$(grep -q '^Version: 2.6.1$' "$directory/pkgconfig/libseccomp.pc" || echo no)"
run uninstall PREFIX=/usr
equal "make uninstall gives programs Debian's library back" "$(used)" "$theirs"
says 'and says so' "Programs get $theirs from now on."
says 'and what else is to be repaired' 'apt-get install --reinstall libseccomp-dev'
says 'and what more' 'apt-get install --reinstall seccomp'
apt-get -qq -y -o Dpkg::Use-Pty=0 install --reinstall libseccomp-dev seccomp > /dev/null 2>&1
equal 'then nothing is missing' "$(dpkg --verify libseccomp2 libseccomp-dev seccomp | grep -v /usr/share/doc || true)" ''

run install PREFIX=/usr/local
equal 'make install to /usr/local: programs get that' "$(used)" "/usr/local/lib/$library"
run uninstall PREFIX=/usr/local
equal 'and after make uninstall, what they had' "$(used)" "$theirs"

run install PREFIX=/usr libdir=/opt/lib bindir=/opt/bin
says 'where the loader does not look, make install says so' 'The loader does not look in /opt/lib'
equal 'libdir= is honoured' "$(cd /opt/lib && ls -- *.so.2 pkgconfig)" 'libseccomp.so.2

pkgconfig:
libseccomp.pc'
equal 'and bindir=' "$(/opt/bin/scmp_sys_resolver -a x86_64 openat)" 257
run uninstall PREFIX=/usr libdir=/opt/lib bindir=/opt/bin
summary
