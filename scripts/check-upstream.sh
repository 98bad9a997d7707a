#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# check-upstream.sh STAGE: runs the C library's own regression suite, of two of
# its versions, unchanged, on the library installed in STAGE: its C programs
# linked shared and static, and its Python binding; and on the C library itself,
# for the numbers to compare with.
#
#   TEST='38 55'   only the tests of these numbers
#   JOBS=4         so many batches at once
#   RECORDED=1     compares with the C library's numbers of scripts/upstream/counts, so
#                  that it need not run; BLESS=1 writes that file
#
# The suite's script has no jobs in the older version and sleeps for up to a
# second after each batch in the newer, so batches are run side by side here.
# `scripts/deps.sh upstream` brings the Debian packages that this needs. All of it
# takes about 37 minutes of processor time, most of it forks of that script; RECORDED=1
# saves two fifths of it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
up=$here/../build/upstream
# More than there are processors, because of those seconds.
jobs=${JOBS:-$(($(nproc) * 2))}

mkdir -p "$up/bin"
# The suite's scripts do not quote: by these links no name has a space in it.
short=$(mktemp -d /tmp/check-upstream.XXXXXX)
trap 'rm -rf "$short"' EXIT
mkdir "$short/tmp"
ln -s "$(realpath "$up")" "$short/up"
ln -s "$(realpath "$1")" "$short/stage"
ln -s "$here" "$short/scripts"
up=$short/up stage=$short/stage here=$short/scripts

# The suite asks for `python`; a version manager's may be first in the PATH, and
# has not the machine's Cython.
ln -sf /usr/bin/python3 "$up/bin/python"
export PATH=$up/bin:/usr/bin:/bin TMPDIR=$short/tmp LC_ALL=C
unset LD_LIBRARY_PATH LD_PRELOAD PYTHONPATH PYTHONHOME "${!LIBSECCOMP_TSTCFG_@}"

# Without it the suite skips, on both libraries, and nobody would notice.
command -v valgrind > /dev/null || { echo 'check-upstream: lacking: valgrind' >&2; exit 1; }

echo '== sources'
"$here/upstream/fetch.sh" "$up"
cd "$up"
suites=(2.6.0 2.5.4)
whole=${TEST:+no}
recorded=${RECORDED:-}
[ -z "$recorded" ] || [ -z "${TEST:-}" ] || { echo 'check-upstream: RECORDED=1 is for all tests' >&2; exit 1; }
counts=$here/upstream/counts
if [ -n "$recorded" ] && [ ! -e "$counts" ]; then
    echo 'no scripts/upstream/counts here (BLESS=1): the C library runs as well'
    recorded=
fi

# What to run: the batches of each suite, all or the chosen ones.
batches() {
    local file number
    for file in "$1"/source/tests/*.tests; do
        file=${file##*/}
        for number in ${TEST:-${file%%-*}}; do
            ((10#$number == 10#${file%%-*})) && echo "${file%.tests}"
        done
    done
}
work() {
    local s batch
    for s in "${suites[@]}"; do
        for batch in $(batches "$s"); do
            printf "$up/$s/%s $batch\n" 'static python' 'static c' 'shared c'
            [ -n "$recorded" ] || printf "$up/$s/%s $batch\n" 'clib python' 'clib c'
        done
    done | sort -k 2,2r -s
}
total=$(work | wc -l)
((total)) || { echo "check-upstream: no test '$TEST'" >&2; exit 1; }

echo '== programs'
for s in "${suites[@]}"; do
    clib=$(echo "$up/$s"/c-library/usr/lib/*/libseccomp.so.2)
    echo "$up/$s/source $up/$s/shared $stage/include $stage/lib shared"
    echo "$up/$s/source $up/$s/static $stage/include $stage/lib static python"
    [ -n "$recorded" ] || echo "$up/$s/source $up/$s/clib $up/$s/c-library/usr/include ${clib%/*} shared python"
done | xargs -P "$jobs" -L 1 "$here/upstream/build.sh"

echo "== $total runs, $jobs at once"
work | xargs -P "$jobs" -L 1 "$here/upstream/run-batch.sh" | {
    done=0
    while read -r; do
        ((++done % 25)) || echo "$done of $total, after $SECONDS s"
    done
}

echo '== result'
[ -z "$recorded" ] || rm -rf [0-9]*/clib # of an earlier run
awk -v "counts=$counts" -v "recorded=$recorded" -v "whole=${whole:-yes}" -v "bless=${BLESS:-}" \
    -f "$here/upstream/report.awk" [0-9]*/*/log/*/[0-9]*
