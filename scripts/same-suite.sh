#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# same-suite.sh STAGE UPSTREAM OUT SCMP: runs each program of the C
# library's suite on the library in STAGE and on the C library that the suite
# is of, as its suite does (-b: BPF, -p: text, or nothing), and compares what
# it prints and how it ends. At optimization level 2 the bytes of BPF may
# differ; what they decide may not.
set -euo pipefail
stage=$1 up=$2 out=$(realpath "$3") compare=$(realpath "$4")
here=$(cd "$(dirname "$0")" && pwd)
runs=0 proven=0 changed=0 failed=0

run() { # LIBDIR FILE PROGRAM [OPTION]
    local lib=$1 file=$2 program=$3 status=0
    shift 3
    LD_LIBRARY_PATH=$lib timeout 60 "./$program" "$@" < /dev/null > "$file" 2> /dev/null || status=$?
    echo "$status" > "$file.status"
}

library() { dirname "$(realpath "$up/$1"/c-library/usr/lib/*/libseccomp.so.2)"; }
newest=$(library 2.6.0)
for version in 2.6.0 2.5.4; do
    theirs=$(library $version)
    folder=$out/suite-$version
    "$here/upstream/build.sh" "$(realpath "$up/$version/source")" "$folder" \
        "$stage/include" "$stage/lib" shared
    cd "$folder/tests"
    [[ $(LD_LIBRARY_PATH=$theirs ldd ./01-sim-allow) == *" $theirs/libseccomp"* ]] ||
        { echo "suite: its programs do not run on $theirs" >&2; exit 1; }
    for source in [0-9]*.c; do
        program=${source%.c}
        # Those that load filters are check-upstream's; and versions differ.
        [[ $program != *-live-* ]] || continue
        ! grep -q 'seccomp_version' "$source" || continue
        for option in '' -b -p; do
            file=$out/suite-$program$option
            run "$stage/lib" "$file.ours" "$program" $option
            run "$theirs" "$file.theirs" "$program" $option
            runs=$((runs + 1))
            if cmp -s "$file.ours.status" "$file.theirs.status"; then
                ! cmp -s "$file.ours" "$file.theirs" || continue
                if [[ $option == -b ]] && grep -q CTL_OPTIMIZE "$source" &&
                    "$compare" diff --exact-input --from raw "$file.ours" "$file.theirs" > /dev/null; then
                    proven=$((proven + 1))
                    continue
                fi
            fi
            run "$newest" "$file.newest" "$program" $option
            if cmp -s "$file.ours.status" "$file.newest.status" &&
                cmp -s "$file.ours" "$file.newest"; then
                changed=$((changed + 1))
                continue
            fi
            failed=$((failed + 1))
            echo "suite $version: $program $option differs: exit status" \
                "$(cat "$file.ours.status"), of the C library $(cat "$file.theirs.status")"
            diff -a "$file.theirs" "$file.ours" | head -n 5 || true
        done
    done
    cd "$OLDPWD"
done
echo "$runs runs: $((runs - proven - changed - failed)) with the same output," \
    "$proven with the same decisions at level 2, $changed changed by the C library itself," \
    "$failed different"
((failed == 0))
