#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# check-same.sh STAGE: makes the same calls on the library installed in STAGE
# and on the C library, in two of its versions, each in a process of its own,
# and compares return codes, programs and text: the examples of
# docs/differences.md, the profiles of data/profiles, long filters at level 2,
# random sequences, and the programs of the C library's own suite. Compares the
# headers' constants, too. Six minutes on two processors.
#
#   SIZE=n     so many random sequences against the newer version, a quarter
#              of that against the older one (100,000); a 4000th of it are the
#              long filters
#   SEED=n     where they begin (1); a report names the seed of its sequence
#   SHOW=Code  shows some sequences of this cause (tests/same/cause.rs), of
#              one column of the table with SHOW=Code:Order
set -euo pipefail
stage=$(realpath "$1")
cd "$(dirname "$0")/.."
up=build/upstream out=build/same
mkdir -p "$up" "$out"

echo '== libraries'
scripts/upstream/fetch.sh "$up"
newer=$(realpath "$up"/2.6.0/c-library/usr/lib/*/libseccomp.so.2)
older=$(realpath "$up"/2.5.4/c-library/usr/lib/*/libseccomp.so.2)
ours=$stage/lib/libseccomp.so.2
${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -I"$stage/include" \
    -o "$out/player" tests-c/same/player.c -ldl
ls -l "$ours" "$newer" "$older"

# As scripts/check-rust.sh has built it.
built=(--locked --workspace --all-features --profile checked)
same() { # TEST LIBRARY SIZE
    SCMP_SAME_PLAYER=$PWD/$out/player SCMP_SAME_OURS=$ours SCMP_SAME_THEIRS=$2 \
        SCMP_SAME_SIZE=$3 SCMP_SAME_SEED=${SEED:-1} SCMP_SAME_SHOW=${SHOW:-} \
        ${CARGO:-cargo} test --quiet "${built[@]}" --test same -- --ignored --nocapture "$1"
}
size=${SIZE:-100000}
echo '== C programs of tests-c, on the C library'
theirs=$out/theirs
mkdir -p "$theirs/lib/pkgconfig"
ln -sfn "$newer" "$theirs/lib/libseccomp.so"
ln -sfn "$newer" "$theirs/lib/libseccomp.so.2"
ln -sfn "$stage/include" "$theirs/include"
sed "s|^prefix=.*|prefix=$PWD/$theirs|" "$stage/lib/pkgconfig/libseccomp.pc" \
    > "$theirs/lib/pkgconfig/libseccomp.pc"
tests-c/run.sh "$theirs" c-library
echo '== constants'
scripts/upstream/same-constants.sh "$stage/include" "$up"/2.6.0/c-library/usr/include "$out"
echo '== docs/differences.md'
same examples "$newer" 0
echo '== profiles'
same profiles "$newer:$older" 0
echo '== long filters'
same long_filters "$newer" "$size"
echo '== random sequences'
same random_sequences "$newer" "$size"
same random_sequences "$older" $(((size + 3) / 4))
echo '== suite'
${CARGO:-cargo} build --quiet "${built[@]}" --bin scmp
scripts/same-suite.sh "$stage" "$up" "$out" "${CARGO_TARGET_DIR:-target}/checked/scmp"
