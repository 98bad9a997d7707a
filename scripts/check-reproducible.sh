#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# check-reproducible.sh STAGE: builds a copy of this tree as somebody else would: in
# a directory with spaces in its name, later, with another umask, locale, time zone
# and folder of cargo's, and where root runs this, as another user. Both must install
# the same files. The copy must then pass check-abi and some C tests, because nothing
# in make/ and scripts/ may split the directory's name.
set -euo pipefail
stage=$(realpath "$1")
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS
build=${BUILD:-build}
source scripts/report.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/check-reproducible.XXXXXX")
trap 'rm -rf "$work"' EXIT
copy="$work/my dir/p q"
mkdir -p "$copy" "$work/home/cargo home/registry"
tar -c --exclude-vcs --exclude="./$build" --exclude=./build --exclude=target . | tar -x -m -C "$copy"
# What cargo has fetched, but not what it has unpacked: panics name source files.
cargo_home=${CARGO_HOME:-$HOME/.cargo}
for part in config.toml config registry/index registry/cache; do
    [ ! -e "$cargo_home/$part" ] || cp -r "$cargo_home/$part" "$work/home/cargo home/$part"
done

# Root's own toolchain is often nobody else's to read: nobody may read all the same, also by
# access(2), with which make looks for cargo, and gcc for the linker that rustc brings.
as=()
if [ "$(id -u)" = 0 ]; then
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups
        --inh-caps +dac_read_search --ambient-caps +dac_read_search --securebits +no_setuid_fixup)
    if "${as[@]}" true 2> "$work/setpriv.log"; then
        chown -R 65534:65534 "$work"
    else
        as=()
        skips 'another user' "$(tail -n 1 "$work/setpriv.log")"
    fi
fi
toolchain=$(rustc --print sysroot)/bin
[ -x "$toolchain/cargo" ] || toolchain=$(dirname "$(command -v cargo)")
# shellcheck disable=SC2317 # must calls it
elsewhere() { # COMMAND...
    (
        cd "$copy"
        umask 027
        exec "${as[@]}" env PATH="$toolchain:$PATH" HOME="$work/home" CARGO_HOME="$work/home/cargo home" \
            RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}" TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 "$@"
    )
}
logged() { must "$1" elsewhere "${@:2}"; } # NAME COMMAND...

logged "builds in '$copy'" make --no-print-directory
make --no-print-directory "BUILD=$build" install DESTDIR="$work/first" PREFIX=/usr LIBDIR=/usr/lib > "$work/first.log"
make --no-print-directory "BUILD=$build" "$build/libseccomp.pc" > /dev/null
logged 'installs there' make --no-print-directory install DESTDIR="$copy/second root" PREFIX=/usr LIBDIR=/usr/lib
tree() { (cd "$1" && find . -printf '%P %M %l\n' | LC_ALL=C sort); }
expect_none 'both install the same files' "$(diff <(tree "$work/first") <(tree "$copy/second root") || true)"
expect_none 'both files are the same to the byte' "$(diff -r "$work/first" "$copy/second root" || true)"
expect_none 'and the same as the staged ones' \
    "$(for file in libseccomp.a libseccomp.so.2; do cmp "$stage/lib/$file" "$copy/second root/usr/lib/$file" 2>&1 || true; done)"

logged 'check-abi passes there' make --no-print-directory check-abi
logged 'C tests pass there' make --no-print-directory check-c \
    TESTS='variadic_matches_array.c stops_forbidden_calls.c exports.c'
summary
