#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only
#
# check-symbols.sh LIST FILE: FILE, a shared library or an archive, defines the
# symbols in LIST and no others, and has them as machine code: a linker takes the
# intermediate code of LTO for the whole of an object that has both. `make` runs
# this on what it has linked.
set -eu
list=$1 file=$2
readelf=${READELF:-readelf}
case $file in
    *.a) table=--syms ;;
    *) table=--dyn-syms ;;
esac

failed() {
    echo "$file: $*" >&2
    echo "$file is unusable: were CC, CFLAGS, LDFLAGS or the other tools given flags that change how objects are linked?" >&2
    exit 1
}

lto=$($readelf -SW "$file" | grep -o -E '\.(gnu\.lto_|llvm\.lto)[^ ]*' | head -n 1 || true)
[ -z "$lto" ] || failed "has intermediate code for link-time optimization (section $lto)"
defined=$($readelf -W $table "$file" |
    awk '{ sub(/\[[^]]*\]/, "") } # what some machines say of a symbol: [<localentry>: 8]
        $5 ~ /^(GLOBAL|WEAK|UNIQUE)$/ && $7 != "UND" { sub(/@.*/, "", $8); print $8 }' | LC_ALL=C sort)
# diff wants two files: the list is one, "-" the other.
differing=$(printf '%s\n' "$defined" | diff "$list" - | sed -n -e 's/^< /lacks /p' -e 's/^> /has /p')
[ -z "$differing" ] || failed "does not define the symbols of src/symbols.txt:
$differing"
