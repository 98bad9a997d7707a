#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# bench.sh STAGE [C-LIBRARY]: measures the library installed in STAGE and the C
# library (without one given, Debian's 2.6.0) alternately, and prints the page
# of figures. What is measured is in benches/; what was aimed at in
# scripts/bench/page.awk.
#
#   BLESS=1  write the page to docs/performance.md
# shellcheck disable=SC2046
set -euo pipefail
shopt -s extglob
stage=$(realpath "$1")
theirs=${2:+$(realpath "$2")}
cd "$(dirname "$0")/.."
out=build/bench
mkdir -p "$out"
rm -rf "$out"/{results,callgrind}*

if [[ -z $theirs ]]; then
    scripts/upstream/fetch.sh build/upstream >&2
    theirs=$(realpath build/upstream/2.6.0/c-library/usr/lib/*/libseccomp.so.2)
fi
ours=$(realpath "$stage/lib/libseccomp.so.2")

read -ra cc <<< "${CC:-cc}"
compile=("${cc[@]}" -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror "-I$stage/include")
"${compile[@]}" -o "$out/bench" benches/!(heap|nothing).c -ldl
"${compile[@]}" -shared -fPIC -o "$out/heap.so" benches/heap.c
"${compile[@]}" -shared -fPIC -o "$out/empty.so" -x c - <<< 'int nothing;'

# The profiles as they are, and docker's rules on more and more architectures.
little_endian=x86_64,x86,x32,arm,aarch64,loongarch64,mipsel,mipsel64,mipsel64n32,ppc64le,riscv64,sh
real=(docker podman systemd-system-service flatpak openssh qemu daemon-arguments arguments-2-1000)
scaling=(calls-{25,100,400,400-priorities} argument-{10,100,1000,4000})
cases=()
for name in "${real[@]}" "${scaling[@]}"; do cases+=("$name=data/profiles/$name.profile"); done
# systemd makes one such filter for each architecture of the machine.
for arch in x86 x32; do
    cases+=("systemd-system-service-$arch=data/profiles/systemd-system-service.profile,$arch")
done
for count in 1 3 6 12; do
    cases+=("docker-on-$count=data/profiles/docker.profile,$(cut -d, -f "1-$count" <<< $little_endian)")
done
only() { # NAME...
    printf '%s\n' "${cases[@]}" | grep -E "^($(IFS='|'; echo "$*"))="
}
bench() { # WHAT CASE...
    echo "bench: $1" >&2
    "$out/bench" "$1" "$theirs" "$ours" "${@:2}" >> "$out/results"
}

scripts/bench/machine.sh "$theirs" "$ours" >> "$out/results"
bench dlopen "$out/empty.so"
bench programs "${cases[@]}"
bench times "${cases[@]}"
# The same when malloc(3) keeps what it has had from the kernel, which takes part
# of it back after each life that needs more than 128 kB.
echo 'bench: times with a heap that keeps its memory' >&2
MALLOC_TRIM_THRESHOLD_=33554432 MALLOC_MMAP_THRESHOLD_=33554432 \
    "$out/bench" times "$theirs" "$ours" $(only argument-{10,100,1000,4000}) |
    sed 's/^time/kept/' >> "$out/results"
bench floors "${cases[@]}"
bench lookups $(only systemd-system-service)
bench kernel $(only docker podman systemd-system-service flatpak openssh argument-1000)
# Those that check an argument of personality, and allow it.
bench calls $(only docker podman)
bench first $(only docker podman systemd-system-service flatpak openssh)
# Relative: a space in LD_PRELOAD ends a name.
LD_PRELOAD=./$out/heap.so bench heap "${cases[@]}"
echo 'bench: runc' >&2
# runc plays the containers' profile, which is podman's.
"$out/bench" program "$theirs" "$ours" $(only podman) > "$out/program"
"${compile[@]}" -shared -fPIC -DPROGRAM="\"$out/program\"" -o "$out/nothing.so" benches/nothing.c
scripts/bench/runc.sh "$theirs" "$ours" "$PWD/$out/nothing.so" "$out/runc" >> "$out/results"

# Counts do not mind that the machine is busy: both at once.
if command -v valgrind > /dev/null; then
    echo 'bench: counts' >&2
    counting=()
    for side in c ours; do
        mkdir -p "$out/callgrind-$side"
        LD_BIND_NOW=1 valgrind -q --tool=callgrind --collect-atstart=no \
            --callgrind-out-file="$out/callgrind-$side/%p" \
            "$out/bench" "count-$side" "$theirs" "$ours" "${cases[@]}" 2> "$out/callgrind-$side.log" &
        counting+=($!)
    done
    for process in "${counting[@]}"; do
        wait "$process" || { cat "$out"/callgrind-*.log >&2; exit 1; }
    done
    for side in c ours; do
        awk -v OFS='\t' -v side=$side '
            /^desc: Trigger: Client Request: bench / { what = $6 OFS $7 }
            /^(summary|totals): / && what { print "count", what, side, $2; what = "" }' \
            "$out/callgrind-$side"/*
    done >> "$out/results"
else
    printf 'skipped\tinstruction counts\tvalgrind is not installed\n' >> "$out/results"
fi

awk -f scripts/bench/page.awk "$out/results" > "$out/performance.md"
if [[ ${BLESS:-} ]]; then
    cp "$out/performance.md" docs/performance.md
    echo 'bench: wrote docs/performance.md' >&2
fi
cat "$out/performance.md"
