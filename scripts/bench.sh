#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# bench.sh STAGE [C-LIBRARY]: measures the library installed in STAGE and the C library
# (without one given, Debian's 2.6.0) alternately, and prints the page of figures.
# crates/scmp-bench measures, and makes the page.
#
#   BLESS=1    write the page to docs/performance.md, with its pictures
#   CASE=NAME  measure the hot loops of one profile only, and print the lines
set -euo pipefail
stage=$(realpath "$1")
theirs=${2:+$(realpath "$2")}
cd "$(dirname "$0")/.."
out=build/bench
mkdir -p "$out"
ulimit -c 0
rm -rf "$out"/{callgrind,performance}*

if [[ -z $theirs ]]; then
    scripts/upstream/fetch.sh build/upstream >&2
    theirs=$(realpath build/upstream/2.6.0/c-library/usr/lib/*/libseccomp.so.2)
fi
ours=$(realpath "$stage/lib/libseccomp.so.2")

read -ra cargo <<< "${CARGO:-cargo}"
"${cargo[@]}" build --quiet --locked --release --package scmp-bench --target-dir target
if [[ ${CASE:-} ]]; then
    exec target/release/scmp_bench only "$CASE" "$theirs" "$ours"
fi
read -ra cc <<< "${CC:-cc}"
"${cc[@]}" -O2 -Wall -Wextra -Werror -shared -fPIC -o "$out/heap.so" crates/scmp-bench/heap.c
"${cc[@]}" -shared -fPIC -o "$out/empty.so" -x c - <<< 'int nothing;'

# Bundles for `runc run`, without a profile and with the containers' default one.
runc=()
prepare_runc() {
    local profile=/usr/share/containers/seccomp.json bundle system others
    why='runc is not installed'
    command -v runc > /dev/null || return
    why='it wants root'
    [[ $(id -u) = 0 ]] || return
    why='the package golang-github-containers-common is not installed'
    [[ -e $profile ]] || return
    why='the system has no libseccomp.so.2'
    system=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | sed -n 's/.*libseccomp\.so\.2 .*=> //p' | head -n 1)
    [[ $system ]] || return
    rm -rf "$out/runc"
    why='nothing.c does not compile'
    "$stage/bin/scmp" asm data/profiles/podman.profile > "$out/program" || return
    mapfile -t others < <(sed -e 's/[[:space:]]*#.*//' -e '/^$/d' src/symbols.txt |
        grep -v -x -f <(sed -n 's/^[a-z].*\(seccomp_[a-z_]*\)(.*/\1/p' crates/scmp-bench/nothing.c) |
        sed 's/.*/-Wl,--defsym=&=succeed/')
    "${cc[@]}" -Wall -Wextra -Werror "-I$stage/include" "-DPROGRAM=\"$out/program\"" -shared -fPIC \
        "${others[@]}" -o "$out/nothing.so" crates/scmp-bench/nothing.c || return
    for bundle in none c ours floor; do
        mkdir -p "$out/runc/$bundle/rootfs/"{proc,dev}
        "${cc[@]}" -static -O1 -o "$out/runc/$bundle/rootfs/inside" -x c - <<< 'int main(void) { return 0; }'
        /usr/bin/python3 tests/clients/python/bundle.py "$out/runc/$bundle" $profile none
    done
    /usr/bin/python3 - "$out/runc/none/config.json" << 'END'
import json, sys
with open(sys.argv[1]) as file:
    config = json.load(file)
del config["linux"]["seccomp"]
with open(sys.argv[1], "w") as file:
    json.dump(config, file)
END
    why='runc, or a mount namespace for it, fails here'
    unshare -m runc --root "$out/runc/state" run --bundle "$out/runc/c" "bench-$$" > /dev/null 2>&1 || return
    runc=("$(realpath "$out/runc")" "$(realpath "$system")" "$(realpath "$out/nothing.so")")
}

scripts/bench/machine.sh "$theirs" "$ours" > "$out/results"
prepare_runc || printf 'skipped\trunc\t%s\n' "$why" >> "$out/results"
target/release/scmp_bench all "$theirs" "$ours" "$out" "${runc[@]}" >> "$out/results"
folder=$out
[[ ! ${BLESS:-} ]] || folder=docs
target/release/scmp_bench_page "$out/results" "$folder"
cat "$folder/performance.md"
