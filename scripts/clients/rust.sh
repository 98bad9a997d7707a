# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash disable=SC2154 # proof.sh and its client assign them
#
# For the two checks of Rust crates: crates.io's sources, as tests/clients/rust
# pins them, built against the staged tree, all below $out.

crates=$top/tests/clients/rust
read -ra cargo <<< "${CARGO:-cargo}"
command -v "${cargo[0]}" > /dev/null || skip "cargo is not installed"

in_crate() { # FOLDER CARGO-COMMAND ARGUMENT...
    local folder=$1 command=$2
    shift 2
    PKG_CONFIG_LIBDIR=$stage/lib/pkgconfig LIBSECCOMP_LIB_PATH=$stage/lib CARGO_TARGET_DIR=$out/rust-target \
        "${cargo[@]}" "$command" --manifest-path "$folder/Cargo.toml" "$@"
}

# Puts the unchanged source of a crate into $built/source.
copy_crate() { # NAME
    local manifest
    [ ! "$built/source/Cargo.toml" -nt "$crates/Cargo.lock" ] || return 0
    rm -rf "$built/source"
    manifest=$(in_crate "$crates" metadata --locked --format-version 1 2> "$work/log" |
        grep -o "\"manifest_path\":\"[^\"]*/$1-[0-9.]*/Cargo.toml\"" | cut -d'"' -f4 | head -n 1)
    [ -n "$manifest" ] || skip "crates.io: $(tail -n 1 "$work/log")"
    cp -r "$(dirname "$manifest")" "$built/source"
    # A package below another's folder has to say that it is not part of it.
    printf '\n[workspace]\n' >> "$built/source/Cargo.toml"
}
