#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Builds every C program here against an installed tree, found through
# pkg-config as any user's program would, and runs it: linked with the shared
# library, linked statically, or under valgrind.
#   tests-c/run.sh PREFIX [valgrind|c-library]
# c-library: the tests whose head comment says "c library: takes part", on the
# C library installed in PREFIX.
# A source says "static: skipped, why", or valgrind, emulated or musl in the place of
# static, in its head comment where a way of running it is impossible, and "c++: as well"
# where it is to be a C++ program too.
# Programs for another machine (scripts/check-hosts.sh) need CC, CXX (- for none) and
# TARGET, Rust's name of it; EMULATOR runs them, and OUT is where they are built. UNWINDER
# is what the C compiler lacks to link another Rust static library.
set -euo pipefail
prefix=$(realpath "$1")
[ -z "${PANICKING:-}" ] || PANICKING=$(realpath -m "$PANICKING")
cd "$(dirname "$0")"
ways=(shared static)
out=${OUT:-../build/tests-c}
case "${2:-}" in
    valgrind) ways=(valgrind) ;;
    c-library)
        ways=(shared)
        out=../build/tests-c/c-library
        TEST_CFLAGS=-DC_LIBRARY
        TESTS=$(grep -l '^ \* c library: takes part' ./*.c)
        ;;
esac
mkdir -p "$out"

export PKG_CONFIG_PATH=$prefix/lib/pkgconfig PKG_CONFIG_LIBDIR=/nonexistent
pc() { pkg-config "$@" libseccomp; }
[ "$(realpath "$(pc --variable=prefix)")" = "$prefix" ] || { echo "no libseccomp.pc in $prefix" >&2; exit 1; }

source ../scripts/report.sh
read -ra cc <<< "${CC:-cc}"
read -ra cxx <<< "${CXX:-c++}"
read -ra test_cflags <<< "${TEST_CFLAGS:-}"
read -ra emulator <<< "${EMULATOR:-}"
read -ra unwinder <<< "${UNWINDER:-}"
# pkg-config quotes for a shell to read.
cflags=() shared=() static=()
eval "cflags=($(pc --cflags)) shared=($(pc --libs)) static=($(pc --static --libs))"

build() { # WAY SOURCE [OBJECT...]
    local way=$1 source=$2 link
    shift 2
    case $way in
        static) link=(-static "${static[@]}") ;;
        panics) link=("$PANICKING/libseccomp.so.2" "-Wl,-rpath,$PANICKING") ;;
        *) link=("${shared[@]}" "-Wl,-rpath,$(pc --variable=libdir)") ;;
    esac
    local compiler=("${cc[@]}" -std=gnu11)
    [ "$way" != c++ ] || compiler=("${cxx[@]}" -x c++ -std=gnu++17)
    "${compiler[@]}" -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wno-missing-field-initializers -Werror "${cflags[@]}" \
        "${test_cflags[@]}" -o "$out/$(basename "$source" .c)-$way" "$source" "$@" "${link[@]}" -pthread
}

run() { # WAY NAME
    local way=$1 name=$2 log=$out/$2-$1.log program=("${emulator[@]}" "$out/$2-$1")
    if [ "$way" = valgrind ]; then
        program=(valgrind -q --error-exitcode=1 --leak-check=full --show-leak-kinds=all
            "--errors-for-leak-kinds=definite,indirect,possible" "${program[@]}")
    fi
    local outcome=passed
    timeout 300 "${program[@]}" < /dev/null > "$log" 2>&1 || outcome="FAILED ($?)"
    # A program that dies early has no plan line.
    grep -aq '^1\.\.[1-9]' "$log" || outcome="FAILED (no end)"
    ! grep -aq '^not ok' "$log" || outcome="FAILED (not ok)"
    # CI sets MUST_RUN. valgrind's kernel has no seccomp(2).
    [ -z "${MUST_RUN:-}" ] || [ "$way" = valgrind ] || ! grep -aq '^skipped:' "$log" || outcome="FAILED (skipped)"
    printf '%-8s %-34s %s, %s checks\n' "$way" "$name" "$outcome" "$(grep -ac '^ok' "$log" || true)"
    grep -a '^skipped:' "$log" || true
    if [ "$outcome" = passed ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        grep -av '^ok ' "$log" | head -40 || true
    fi
}

does_not_build() { # WAY NAME
    printf '%-8s %-34s FAILED (does not build)\n' "$1" "$2"
    failed=$((failed + 1))
}

# Whether a source can't be run in some way: of one()'s variables.
skipped_for() { # HOW
    local why
    why=$(sed -n "s/^ \* $1: skipped, //p" "$source")
    [ -n "$why" ] || return 1
    printf '%-8s %-34s skipped: %s\n' "$way" "$name" "$why"
    skipped=$((skipped + 1))
}

one() { # WAY SOURCE [OBJECT...]
    local way=$1 source=$2 name
    name=$(basename "$source" .c)
    ! skipped_for "$way" || return 0
    [ -z "${TARGET:-}" ] || ! skipped_for "${TARGET##*-}" || return 0
    build "$@" || { does_not_build "$way" "$name"; return 0; }
    # scripts/hosts/boot.sh runs these.
    [ -z "${EMULATOR:-}" ] || ! skipped_for emulated || return 0
    run "$way" "$name"
}

for way in "${ways[@]}"; do
    for source in ${TESTS:-*.c}; do
        one "$way" "$source"
        if [ "$way" = shared ] && [ "${CXX:-}" != - ] && grep -q '^ \* c++: as well' "$source"; then
            one c++ "$source"
        fi
    done
done

# On the library that `make check-c` has linked for it.
if [ -n "${PANICKING:-}" ] && [ -z "${TESTS:-}" ]; then
    if [ -e "$PANICKING/libseccomp.so.2" ]; then
        one panics panics/panics.c
    else
        echo 'skipped: panics: its trampolines are code of x86-64'
    fi
fi

# Beside another Rust static library, each with its own standard library.
if [ "${ways[0]}" = shared ] && [ -z "${TESTS:-}" ]; then
    "${RUSTC:-rustc}" ${TARGET:+--target "$TARGET"} --edition 2021 -O --crate-type staticlib \
        -o "$out/libneighbour.a" beside/neighbour.rs
    archive=$(pc --variable=libdir)/libseccomp.a
    for way in dynamic static; do
        flags=(); [ "$way" = dynamic ] || flags=(-static)
        if "${cc[@]}" -O1 -Wall "${cflags[@]}" "${flags[@]}" -o "$out/beside_rust-$way" \
            beside/beside_rust.c "$archive" "$out/libneighbour.a" "${unwinder[@]}" -lm 2> "$out/beside_rust.link.log"; then
            run "$way" beside_rust
        else
            does_not_build "$way" beside_rust
            cat "$out/beside_rust.link.log"
        fi
    done
fi

summary
