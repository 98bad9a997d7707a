#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# The built and installed files are, seen from outside, libseccomp's: the
# symbols of src/symbols.txt and no others, the soname, what the loader
# has to bring, which glibc it needs, where things are installed, and one version
# told in all places.
#   scripts/check-abi.sh STAGE    (an installed tree)
set -euo pipefail
stage=$(realpath "$1")
unset MAKEFLAGS MFLAGS # the makes below are runs of their own
cd "$(dirname "$0")/.."
build=${BUILD:-build}

version=$(sed -n 's/^VERSION := //p' Makefile)
source scripts/report.sh

so=$stage/lib/libseccomp.so.$version
expect_none "symbols.txt, soname, needed libraries, bound at load, then read-only" \
    "$(scripts/library-problems.sh "$build/exports.txt" "$stage" 2>&1)"
equal "libseccomp.a has no symbol twice" \
    "$(nm -g --defined-only "$stage/lib/libseccomp.a" | awk 'NF == 3 { print $2 }' | sort -u)" T

# glibc's symbols have the version that first had them; packed relocations need 2.36.
glibc=$(readelf -VW "$so" | sed -n -e 's/.*Name: GLIBC_\([0-9.]*\) .*/\1/p' -e 's/.*Name: GLIBC_ABI_DT_RELR .*/2.36/p' |
    sort -V | tail -n 1)
stated=$(sed -n 's/.*needs glibc \([0-9.]*[0-9]\) or later.*/\1/p' README.md)
equal "needs the glibc that README.md states ($stated) or an older one ($glibc)" \
    "$(printf '%s\n' "$glibc" "$stated" | sort -V | tail -n 1)" "$stated"
expect_none "no version nodes of its own" "$(readelf -VW "$so" | grep 'Version definition' || true)"
equal "stripped" "$(readelf -SW "$so" | grep -c -w -e .symtab -e .debug_info)" 0
equal "prints no panics" "$(grep -c 'RUST_BACKTRACE' "$so" || true)" 0

# install and uninstall, as a package build does it
root=$build/abi-root
rm -rf "$root"
where=(DESTDIR="$PWD/$root" PREFIX=/usr LIBDIR=/usr/lib/some-triplet)
make --no-print-directory BUILD="$build" install "${where[@]}" > "$build"/abi-install.log
equal "installed files" "$(cd "$root" && find . ! -type d -printf '%P %l\n' | sed 's/ $//' | LC_ALL=C sort)" \
"usr/bin/scmp
usr/bin/scmp_api_level
usr/bin/scmp_arch_detect
usr/bin/scmp_bpf_disasm
usr/bin/scmp_bpf_sim
usr/bin/scmp_sys_resolver
usr/include/seccomp-syscalls.h
usr/include/seccomp.h
usr/lib/some-triplet/libseccomp.a
usr/lib/some-triplet/libseccomp.so libseccomp.so.$version
usr/lib/some-triplet/libseccomp.so.2 libseccomp.so.$version
usr/lib/some-triplet/libseccomp.so.$version
usr/lib/some-triplet/pkgconfig/libseccomp.pc
$(find man ! -type d -printf 'usr/share/%p %l\n' | sed 's/ $//' | LC_ALL=C sort)"
pc() { PKG_CONFIG_LIBDIR=$root/usr/lib/some-triplet/pkgconfig PKG_CONFIG_PATH='' pkg-config "$@" libseccomp; }
equal "paths in the .pc" "$(pc --variable=libdir) $(pc --variable=includedir)" \
    "/usr/lib/some-triplet /usr/include"
pc_version=$(pc --modversion)
make --no-print-directory BUILD="$build" uninstall "${where[@]}" > "$build"/abi-uninstall.log
equal "uninstall leaves nothing" "$(find "$root" ! -type d)" ""
touch "$root"/usr/include/seccomp.h "$root"/usr/lib/some-triplet/libseccomp.so
make --no-print-directory BUILD="$build" uninstall "${where[@]}" > "$build"/abi-uninstall.log 2>&1 || true
equal "uninstall takes nothing where this library is not installed" "$(cd "$root" && find . ! -type d | sort)" \
"./usr/include/seccomp.h
./usr/lib/some-triplet/libseccomp.so"
expect_none "and says so" "$(grep -q '^uninstall: there is no ' "$build"/abi-uninstall.log || cat "$build"/abi-uninstall.log)"
rm -r "$root"
make --no-print-directory BUILD="$build" install "${where[@]}" PROGRAMS= > "$build"/abi-install.log
expect_none "programs may be left out" "$(find "$root" -path '*/bin/*')"
make --no-print-directory BUILD="$build" uninstall "${where[@]}" > "$build"/abi-uninstall.log

# Debian's folders, which its compilers name: musl-gcc names glibc's.
printf '#!/bin/sh\necho x86_64-linux-gnu\n' > "$build/abi-cc"
chmod +x "$build/abi-cc"
folders() { # VARIABLE=VALUE...: where uninstall would look
    make --no-print-directory -n BUILD="$build" DESTDIR=/root CC="$build/abi-cc" uninstall "$@" |
        grep -o '/root/[^ ]*/\(libseccomp\.a\|seccomp\.h\)' | tr -d "'" | paste -s -d ' '
}
gnu='/root/usr/lib/x86_64-linux-gnu/libseccomp.a /root/usr/include/seccomp.h'
equal "PREFIX=/usr" "$(folders PREFIX=/usr)" "$gnu"
equal "PREFIX=/usr/" "$(folders PREFIX=/usr/)" "$gnu"
equal "PREFIX=/usr for musl" "$(folders PREFIX=/usr TARGET=x86_64-unknown-linux-musl)" \
    '/root/usr/lib/x86_64-linux-musl/libseccomp.a /root/usr/include/x86_64-linux-musl/seccomp.h'

# make writes down what static programs need, and install finds it without a rustc.
rm -rf "$build/abi-musl"
printf '#!/bin/sh\necho host: x86_64-unknown-linux-musl\n' > "$build/abi-rustc"
chmod +x "$build/abi-rustc"
for rustc in "$build/abi-rustc" false; do
    make --no-print-directory BUILD="$build/abi-musl" RUSTC="$rustc" "$build/abi-musl/libseccomp.pc" > /dev/null
    equal "flags of static programs in the .pc, RUSTC=${rustc##*/}" \
        "$(sed -n 's/^Libs.private: //p' "$build/abi-musl/libseccomp.pc")" -Wl,--eh-frame-hdr
done

# The same where names have spaces: what pkg-config prints is for a shell to read.
where=(DESTDIR="$PWD/$root/a b" PREFIX='/opt/one two')
make --no-print-directory BUILD="$build" install "${where[@]}" > "$build"/abi-install.log
flags=$(PKG_CONFIG_LIBDIR="$root/a b/opt/one two/lib/pkgconfig" PKG_CONFIG_PATH='' pkg-config --cflags --libs libseccomp)
equal "a prefix with spaces" "$(eval "printf '%s,' $flags")" '-I/opt/one two/include,-L/opt/one two/lib,-lseccomp,'
make --no-print-directory BUILD="$build" uninstall "${where[@]}" > "$build"/abi-uninstall.log
equal "uninstall leaves nothing there" "$(find "$root" ! -type d)" ""
make --no-print-directory BUILD="$build" "$build/libseccomp.pc" > /dev/null

# the version, in the three places where it is asked for
cat > "$build"/abi-version.c <<'EOF'
#include <seccomp.h>
#include <stdio.h>
int main(void)
{
	const struct scmp_version *v = seccomp_version();

	printf("header %d.%d.%d\nlibrary %u.%u.%u\n", SCMP_VER_MAJOR, SCMP_VER_MINOR,
	       SCMP_VER_MICRO, v->major, v->minor, v->micro);
	return 0;
}
EOF
${CC:-cc} -I"$stage/include" "$build/abi-version.c" -o "$build/abi-version" -L"$stage/lib" -lseccomp
equal "versions agree" "pc $pc_version
$(LD_LIBRARY_PATH=$stage/lib "$build/abi-version")" "pc $version
header $version
library $version"
summary
