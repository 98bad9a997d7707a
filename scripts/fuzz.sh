#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Builds the fuzzers (fuzz/) with AddressSanitizer and runs each for a while, as many at
# once as there are processors:
#   [SECONDS_EACH=60] scripts/fuzz.sh [TARGET...]
# Inputs that reach something new are kept in build/fuzz/TARGET. With KEEP=1 they
# become the checked-in corpus afterwards, as few as reach the same, within limits.
# The exit code is not zero if an input shows a defect.
set -euo pipefail
cd "$(dirname "$0")/.."
read -ra cargo <<< "${CARGO:-cargo}"
rustc=${RUSTC:-rustc}
seconds=${SECONDS_EACH:-60}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(c_api safe_api programs profiles)
out=$PWD/build/fuzz

# The most files of a corpus, and their size in KiB.
most_files=100
most_kib=200

# CI sets MUST_RUN.
skip() { echo "skipped: fuzz: $*"; exit "${MUST_RUN:-0}"; }
host=$("$rustc" -vV | sed -n 's/^host: //p')
libraries=$("$rustc" --print target-libdir)
runtime=$(find "$libraries" -name 'librustc*_rt.asan.a' 2> /dev/null | head -n 1)
[ -n "$runtime" ] || skip "this Rust comes without AddressSanitizer; rustup's has it"
echo 'int main(void) { return 0; }' | c++ -x c++ -std=c++17 -fsyntax-only - 2> /dev/null ||
    skip 'no C++ compiler, which libFuzzer needs'

# Coverage as libFuzzer reads it, with whatever Rust there is: RUSTC_BOOTSTRAP lets a
# stable one take -Zsanitizer. With --target, build scripts go without.
flags=(-Zsanitizer=address --cfg fuzzing -Cpasses=sancov-module)
for flag in level=4 inline-8bit-counters pc-table trace-compares stack-depth; do
    flags+=("-Cllvm-args=-sanitizer-coverage-$flag")
done
mkdir -p "$out"
bins=()
for target in "${targets[@]}"; do bins+=(--bin "$target"); done
RUSTC_BOOTSTRAP=1 RUSTFLAGS="${flags[*]}" CARGO_TARGET_DIR="$out/target" \
    SCMP_FUZZ_SANITIZER=address SCMP_CAPI_VARIADIC=0 "${cargo[@]}" build --quiet --locked --release \
    --manifest-path fuzz/Cargo.toml --target "$host" "${bins[@]}"

export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1:detect_stack_use_after_return=1
# Where ptrace(2) is forbidden, leaks can't be looked for.
leaks=1
if "$out/target/$host/release/${targets[0]}" -runs=1 /dev/null 2>&1 |
    grep -q 'LeakSanitizer has encountered a fatal error'; then
    leaks=0
    echo 'skipped: leak checks: LeakSanitizer does not work here'
    [ "${MUST_RUN:-0}" = 0 ] || exit 1
fi

options() { # TARGET
    echo "-timeout=60 -rss_limit_mb=2048 -detect_leaks=$leaks"
    case $1 in
        c_api) echo '-max_len=1024 -len_control=0' ;;
        safe_api) echo '-max_len=512 -len_control=0' ;;
        programs) echo '-max_len=512' ;;
        profiles) echo '-max_len=2048 -dict=fuzz/dictionaries/profiles.dict' ;;
    esac
}

run() { # TARGET
    local target=$1 log=$out/$1.log corpora opts
    local binary=$out/target/$host/release/$target
    read -r -d '' -a opts < <(options "$target") || true
    mkdir -p "$out/$target" "$out/findings"
    corpora=("$out/$target" "fuzz/corpus/$target")
    [ "$target" != profiles ] || corpora+=(data/profiles)
    if ! "$binary" "${opts[@]}" "-max_total_time=$seconds" -print_final_stats=1 \
        "-artifact_prefix=$out/findings/$target-" "${corpora[@]}" > "$log" 2>&1; then
        local input
        input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
        grep -v '^#' "$log" | tail -n 60
        echo "not ok - $target: $log has the report, ${input:-no file} the input; again:"
        echo "    ASAN_OPTIONS=$ASAN_OPTIONS $binary ${opts[*]} $input"
        return 1
    fi
    awk -v target="$target" '
        / cov: / { for (i = 1; i < NF; i++) {
            if ($i == "cov:") cov = $(i + 1)
            if ($i == "ft:") ft = $(i + 1)
            if ($i == "corp:") corpus = $(i + 1) } }
        /^stat::number_of_executed_units/ { runs = $2 }
        /^stat::average_exec_per_sec/ { speed = $2 }
        /^stat::peak_rss_mb/ { memory = $2 }
        END { printf "ok - %s: %d inputs, %d a second; coverage: %d edges, %d features; " \
            "corpus %s, %d MB\n", target, runs, speed, cov, ft, corpus, memory }' "$log"
}

# The inputs that a corpus needs, up to the limits: large ones first, which reach most.
keep() { # TARGET
    local target=$1 binary=$out/target/$host/release/$1 merged=$out/$1.merged
    local opts files=0 bytes=0 size path
    read -r -d '' -a opts < <(options "$target") || true
    rm -rf "$merged" && mkdir "$merged"
    "$binary" "${opts[@]}" -set_cover_merge=1 "$merged" "$out/$target" "fuzz/corpus/$target" \
        > "$out/$target.merge.log" 2>&1
    rm -rf "fuzz/corpus/$target" && mkdir -p "fuzz/corpus/$target"
    while read -r size path; do
        files=$((files + 1)) bytes=$((bytes + size))
        if [ $files -gt $most_files ] || [ $bytes -gt $((most_kib * 1024)) ]; then break; fi
        cp "$path" "fuzz/corpus/$target/"
    done < <(find "$merged" -type f -printf "%s %p\n" | sort -rn)
    echo "kept - $target: $(find "fuzz/corpus/$target" -type f | wc -l) inputs"
}

failed=0 running=()
end_of_first() {
    wait "${running[0]}" || failed=1
    running=("${running[@]:1}")
}
for target in "${targets[@]}"; do
    [ ${#running[@]} -lt "$(nproc)" ] || end_of_first
    run "$target" && { [ -z "${KEEP:-}" ] || keep "$target"; } &
    running+=($!)
done
while [ ${#running[@]} -gt 0 ]; do end_of_first; done
exit "$failed"
