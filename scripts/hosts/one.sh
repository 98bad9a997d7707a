#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# one.sh HOST TRIPLET TARGET QEMU: builds the library for one other machine and runs the
# tests. scripts/check-hosts.sh calls it, and says what the words are.
set -euo pipefail
cd "$(dirname "$0")/../.."
host=$1 triplet=$2 target=$3 qemu=$4
out=$PWD/build/hosts
libc=/usr/$triplet
stage=build/$target/stage

# Rust's tests: all that ask something of the library or of the host. The others are
# about the sources, or ask the C library.
tests=(--lib --test golden --test semantics --test header_contract --test decisions --test kernel --test c_functions)
[ -n "${QUICK:-}" ] || tests+=(--bins --test hostile_inputs --test kernel_headers --test pseudo_numbers
    --test syscalls_header --test tools)

# Debian has no std for musl.
scripts/hosts/rust.sh "$out/rust" "${host/#musl/-}=$target"
export RUSTC=$out/rust/rustc
# The programs take longest; cargo builds them below, with fewer optimizations.
make --no-print-directory "TARGET=$target" ${QUICK:+PROGRAMS=} stage
readelf -dW "$stage/lib/libseccomp.so.2" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' |
    { ! grep -v -x 'libc\.so\(\.6\)\?\|ld-linux.*\|ld64\.so.*\|ld\.so\.1' ||
        { echo "FAILED: the shared library needs more than libc"; exit 1; }; }

# The tests' own variables: header_contract, run.sh.
export CC=$triplet-gcc CXX=$triplet-g++ TARGET=$target
if [ "$host" = musl ]; then
    # musl-gcc finds no headers of the kernel, is no C++ compiler, and has borrowed an
    # unwinder of glibc's. Rust's tests would need a linker that has not.
    CC+=' -idirafter /usr/include/x86_64-linux-gnu -idirafter /usr/include'
    export CXX=- UNWINDER="$PWD/build/$target/musl.o -lgcc_eh -Wl,--eh-frame-hdr"
    OUT=$out/tests-c/$host exec tests-c/run.sh "$stage"
fi
export SCMP_FILTERS=2000 SCMP_HOSTILE=1000
variable=${target^^}
variable=CARGO_TARGET_${variable//-/_}
export "${variable}_LINKER=$triplet-gcc"
if [ "$qemu" = - ]; then
    # Not the tags that libraries' own libraries are not searched by.
    link=("-Wl,--dynamic-linker=$libc/lib/ld-linux.so.2" "-Wl,--disable-new-dtags,-rpath,$libc/lib")
    CC+=" ${link[*]}" CXX+=" ${link[*]}" SCMP_FILTERS=20000 SCMP_PROOFS=6000 SCMP_MUTANTS=1200
    export SCMP_PROOFS SCMP_MUTANTS
    # Emulated, they take too long for what they say about a host.
    [ -n "${QUICK:-}" ] || tests+=(--test proofs)
    export "${variable}_RUSTFLAGS=${link[*]/#/-Clink-arg=}"
else
    export EMULATOR="qemu-$qemu -L $libc"
    export "${variable}_RUNNER=$EMULATOR"
    unset MUST_RUN # it loads no filters
fi
failed=0
read -ra cargo <<< "${CARGO:-cargo}"
run() { # COMMAND WHAT...
    "${cargo[@]}" "$1" --locked --profile checked --target "$target" --target-dir "$out/target" "${@:2}" || failed=1
}
run test --workspace --no-fail-fast "${tests[@]}"
# Of the tests of scmp, most are about text; emulated, one group of them is enough. Where
# time is short, it is enough that the programs compile for one machine of 32 bits.
if [ "$host" = i386 ] && [ -n "${QUICK:-}" ]; then
    run build --package scmp-cli --package scmp-tools
elif [ "$qemu" = - ]; then
    run test --package scmp-cli --no-fail-fast --tests
elif [ -z "${QUICK:-}" ]; then
    run test --package scmp-cli --test commands exact_input::
fi
# qemu's user mode for ppc64le can't unwind out of a signal handler, as C++ does: a program
# without this library has the same fault.
[ "$host" != ppc64el ] || CXX=-
OUT=$out/tests-c/$host tests-c/run.sh "$stage" || failed=1
exit $failed
