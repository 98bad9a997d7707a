#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Rust programs on this library, without a C library: README's commands, on the program
# tests/clients/rust-alone; a program of the crate syscallz, which depends on scmp-sys; the
# crate libseccomp's own tests; the items of libseccomp-sys. crates.io's sources are those
# that tests/clients/rust pins.
#   scripts/check-rust-programs.sh [PART...]     glibc tests musl youki; by default the first two
# musl takes a minute more where rustc has no std for it. youki, a container runtime, takes
# five to build, and only root can run its container.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
out=$top/build/rust-programs
[ $# -gt 0 ] || set -- glibc tests

work=$(mktemp -d "${TMPDIR:-/tmp}/rust-programs.XXXXXX")
trap 'rm -rf "$work"' EXIT
source scripts/report.sh
skip() { # WHY
    skips "$part" "$*"
    touch "$work/skipped"
}
fail() { expect_none "$part" "$*"; exit 1; }

read -ra tool <<< "${CARGO:-cargo}"
cargo() { command "${tool[@]}" "$@"; } # README's commands call it
export CARGO_TARGET_DIR=$out/target
unset RUSTFLAGS LIBSECCOMP_LIB_PATH LIBSECCOMP_LINK_TYPE SCMP_SYS_USE_SYSTEM PKG_CONFIG_PATH

# README's blocks of a language in the section.
blocks() { # LANGUAGE
    awk -v fence="\`\`\`$1" '
        /^#/ { here = $0 == "### Rust programs that use libseccomp" }
        /^```/ { inside = here && $0 == fence; next }
        inside' "$top/README.md"
}
part=README
patch=$(blocks toml)
commands=$(blocks sh)
version=$(grep '^export PKG_CONFIG_PATH=' <<< "$commands")
[[ $patch == '[patch.crates-io]'* && -n $version ]] || fail 'the section has other commands'

# A linker that writes down which files it takes. cargo builds anew where its path is another.
mkdir -p "$out"
ln -sfn "$top" "$out/libseccomp"
cat > "$out/linker" <<'END'
#!/bin/sh
exec cc "$@" -Wl,--trace >> "${0%/*}/linked"
END
chmod +x "$out/linker"
host=$("${RUSTC:-rustc}" -vV | sed -n 's/^host: //p')
for target in "$host" x86_64-unknown-linux-musl; do
    variable=${target^^}
    export "CARGO_TARGET_${variable//-/_}_LINKER=$out/linker"
done

# Goes to a project whose Cargo.toml comes from standard input, beside a checkout that is
# named libseccomp, as README has it. The versions of crates are those of a lock file.
project() { # NAME LOCK
    mkdir -p "$out/$1/src"
    cp "$2" "$out/$1/Cargo.lock"
    cat > "$out/$1/Cargo.toml"
    cd "$out/$1"
    eval "$version"
    : > "$out/linked"
}
# What was linked since then has no library named seccomp but our archive of nothing.
links_nothing() {
    [ -s "$out/linked" ] || fail 'nothing was linked'
    local taken
    taken=$(grep -E '(^|/)libseccomp\.(so|a)' "$out/linked" | grep -v /crates/scmp-sys/lib/libseccomp.a || true)
    : > "$out/linked"
    expect_none "$part: links no library named seccomp" "$taken"
}
needed() { readelf -dW "$1" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p'; } # ELF

readme_commands() { # COMMAND...
    local command program
    project program "$top/Cargo.lock" <<END
[package]
name = "program"
version = "0.0.0"
edition = "2021"
[dependencies]
libseccomp = "0.4"
[workspace]
$patch
END
    cp "$top/tests/clients/rust-alone/main.rs" src
    for command in "$@"; do
        find "$CARGO_TARGET_DIR" -path '*/debug/program' -delete 2> /dev/null || true
        must "$command" eval "$command"
        links_nothing
        program=$(find "$CARGO_TARGET_DIR" -path '*/debug/program')
        case $command in
            *crt-static* | *musl*)
                expect_none "$part: static" "$(needed "$program")"
                expect_none "$part: position-independent" "$(readelf -hW "$program" | grep Type: | grep -v DYN || true)"
                ;;
            *) expect_none "$part: needs no seccomp" "$(needed "$program" | grep seccomp || true)" ;;
        esac
        must "$part: the program runs" "$program"
    done
}

part_glibc() {
    mapfile -t builds < <(grep '^[^#]*cargo build' <<< "$commands" | grep -v musl)
    readme_commands "${builds[@]}"
}

part_musl() {
    [ "$host" = x86_64-unknown-linux-gnu ] || { skip 'not on x86_64'; return; }
    local target=x86_64-unknown-linux-musl
    if [ ! -d "$("${RUSTC:-rustc}" --print sysroot)/lib/rustlib/$target/lib" ]; then
        must 'a Rust for musl' "$top/scripts/hosts/rust.sh" "$top/build/hosts/rust" -=$target
        export RUSTC=$top/build/hosts/rust/rustc
    fi
    readme_commands "$(grep 'cargo build.*musl' <<< "$commands")"
}

part_tests() {
    local pinned=$top/tests/clients/rust source
    # Crates that can't patch: syscallz calls seccomp-sys, which calls a variadic function.
    project depends "$pinned/Cargo.lock" < <(
        sed '/^\[workspace\]/,$d' "$pinned/Cargo.toml"
        echo 'scmp-sys = { path = "../libseccomp/crates/scmp-sys" }'
        echo '[workspace]'
    )
    { cat "$pinned/src/main.rs"; echo 'use scmp_sys as _;'; } > src/main.rs
    must "$part: syscallz builds beside scmp-sys" cargo build
    links_nothing
    must "$part: the program of syscallz runs" "$CARGO_TARGET_DIR/debug/scmp-rust-clients"

    source=$(cargo metadata --locked --format-version 1 --manifest-path "$pinned/Cargo.toml" |
        grep -o '"manifest_path":"[^"]*/libseccomp-0[0-9.]*/Cargo.toml"' | cut -d'"' -f4)
    source=${source%/Cargo.toml}
    rm -rf "$out/libseccomp-tests"
    cp -r "$source" "$out/libseccomp-tests"
    project libseccomp-tests "$pinned/Cargo.lock" < <(cat "$source/Cargo.toml"; echo '[workspace]'; echo "$patch")
    must "$part: the crate libseccomp's own tests pass" cargo test --tests -- --test-threads=1
    local count
    count=$(awk '/^test result: ok/ { sum += $4 } END { print sum + 0 }' "$work/log")
    links_nothing
    expect_none "$part: $count tests" "$([ "$count" -ge 40 ] || echo 'at least 40 were expected')"

    cd "$top"
    # As check-rust has built it.
    unset "${!CARGO_TARGET_@}" PKG_CONFIG_PATH
    local sys
    sys=$(sed -n '/^name = "libseccomp-sys"$/{n;s/version = "\(.*\)"/libseccomp-sys-\1/p}' "$pinned/Cargo.lock")
    LIBSECCOMP_SYS=${source%/*}/$sys must "$part: scmp-sys has the items of libseccomp-sys" \
        cargo test --locked --workspace --all-features --profile checked --test public_api -- --ignored scmp_sys_has
}

part_youki() {
    local profile=/usr/share/containers/seccomp.json
    [ "$(id -u)" = 0 ] || { skip 'needs root'; return; }
    [ -e $profile ] || { skip 'golang-github-containers-common is not installed'; return; }
    mkdir -p "$out/youki"
    cd "$out/youki"
    eval "$version"
    rm -f bin/youki
    : > "$out/linked"
    local command
    command=$(sed -n '/^cargo install youki/,/[^\\]$/p' <<< "$commands")
    CARGO_INSTALL_ROOT=$PWD must "$part: README's command builds it" eval "$command"
    [ ! -s "$out/linked" ] || links_nothing # or it was built before
    expect_none "$part: needs no seccomp" "$(needed bin/youki | grep seccomp || true)"

    source "$top/scripts/clients/inside.sh"
    mkdir -p "$work/bundle/rootfs/proc" "$work/bundle/rootfs/dev"
    cp "$inside" "$work/bundle/rootfs/inside"
    /usr/bin/python3 "$top/tests/clients/python/bundle.py" "$work/bundle" $profile - "${default_calls[@]}" /proc/self/status
    # Where both versions of control groups are mounted, youki takes them for the first. Not
    # `run`: it waits forever if the container ends before it waits.
    # shellcheck disable=SC2016
    must "$part: runs a container" unshare -m --propagation private bash -e -c '
        [ -e /sys/fs/cgroup/cgroup.controllers ] || mount -t cgroup2 cgroup2 /sys/fs/cgroup
        trap "bin/youki --root $1/state delete --force check" EXIT
        bin/youki --root "$1/state" create --bundle "$1/bundle" check
        bin/youki --root "$1/state" start check
        for i in {1..100}; do
            [[ $(bin/youki --root "$1/state" state check) != *stopped* ]] || exit 0
            sleep 0.2
        done
        exit 1' - "$work"
    answered "${default_answers[@]}" $'Seccomp:\t2'
    echo "ok - $part: containers-common's default profile decides inside: ${default_answers[*]/%/,} Seccomp: 2"
}

for part in "$@"; do
    # Not `|| failed=1`: bash ignores errors to the left of it.
    set +e
    (
        set -e
        case $part in
            glibc) part_glibc ;;
            tests) part_tests ;;
            musl) part_musl ;;
            youki) part_youki ;;
            *) fail 'no such part' ;;
        esac
        [ "$failed" = 0 ]
    )
    code=$?
    set -e
    [ $code = 0 ] || failed=$((failed + 1))
done
parts=$(printf '%s\n' "$@" | sort -u | paste -s -d ' ')
if [ "$failed $parts" = '0 glibc musl tests youki' ] && [ ! -e "$work/skipped" ]; then
    "$top/scripts/passed.sh" check-rust-programs
fi
[ "$failed" = 0 ]
