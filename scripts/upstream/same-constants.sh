#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# same-constants.sh OURS THEIRS OUT: compares every constant that the C library's
# headers in folder THEIRS define, macros without parameters and enumerators, with
# the same name in our headers in folder OURS. Only the version's own numbers may
# differ. The C library's __SNR_x has no value, or the pseudo number, where the
# kernel's headers lack __NR_x: then only the name is looked for.
set -euo pipefail
ours=$1 theirs=$2 out=$3

preprocess() { echo '#include <seccomp.h>' | "${CC:-cc}" -E -x c "$@" -; }
constants() { # HEADERS
    # Helpers of the C library's own macros have no value.
    preprocess -dM -I"$1" | sed -nE 's/^#define (SCMP_[A-Z0-9_]+|_SCMP_[A-Z]+_M(IN|AX)|__NR_SCMP_[A-Z]+|__[PS]NR_[a-z0-9_]+) .*/\1/p'
    preprocess -P -I"$1" | grep -owE '_?SCMP_(FLTATR|CMP)_[A-Z0-9_]+'
}
sorted() { LC_ALL=C sort -u | grep -vxE 'SCMP_(A[0-5](_64)?|CMP(64)?|VER_(MINOR|MICRO))'; }
constants "$theirs" | sorted > "$out/constants"
# All names of system calls are among them.
(($(wc -l < "$out/constants") > 700)) || { echo 'same-constants: hardly any found' >&2; exit 1; }
missing=$(constants "$ours" | sorted | LC_ALL=C comm -23 "$out/constants" -)
[[ ! $missing ]] || { echo "same-constants: our header lacks" "$missing" >&2; exit 1; }

values() { # HEADERS PROGRAM
    {
        echo '#include <seccomp.h>'
        echo '#include <stdio.h>'
        echo 'int main(void) {'
        sed -E -e 's/.*/printf("%s %lld\\n", "&", (long long)(&));/' \
            -e 's/.*"__SNR_([a-z0-9_]+)".*/#ifdef __NR_\1\n&\n#endif/' "$out/constants"
        echo 'return 0; }'
    } | "${CC:-cc}" -x c -I"$1" -o "$2" -
    "$2"
}
values "$theirs" "$out/constants-theirs" > "$out/constants.theirs"
values "$ours" "$out/constants-ours" > "$out/constants.ours"
diff "$out/constants.theirs" "$out/constants.ours" || {
    echo "same-constants: these differ from $theirs (<) in our header (>)" >&2
    exit 1
}
echo "$(wc -l < "$out/constants") names, $(wc -l < "$out/constants.ours") values as in $theirs"
