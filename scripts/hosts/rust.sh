#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# rust.sh FOLDER ARCH=TARGET...: a Rust in FOLDER that compiles for other machines, for
# a user without rustup: FOLDER/rustc is the compiler that Cargo.toml promises to build
# with, from Debian's packages, unpacked and not installed. ARCH is Debian's name of a
# machine and TARGET Rust's. Its standard library is Debian's, too; where Debian has
# none (armel and riscv64 on Debian 12), or ARCH is "-", it is built from Debian's source.
# "source" brings only that source. What is there already is not fetched or built again.
set -euo pipefail

mkdir -p "$1"
folder=$(realpath "$1")
shift
here=$(cd "$(dirname "$0")" && pwd)
msrv=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$here/../../Cargo.toml")
sysroot=$folder/root/usr
libraries=$sysroot/lib/rustlib
complete() { # TARGET
    if [ "$1" = source ]; then [ -d "$libraries/src/rust/library" ]; else [ -d "$libraries/$1/lib" ]; fi
}

lacking=()
for machine in "$@"; do complete "${machine#*=}" || lacking+=("$machine"); done
[ ${#lacking[@]} -gt 0 ] || [ ! -x "$folder/rustc" ] || exit 0

apt=$folder/apt arches=$(dpkg --print-architecture)
for machine in "${lacking[@]}"; do
    [[ $machine = -=* || $machine = source ]] || arches+=",${machine%%=*}"
done
apt_conf=$("$here/../apt.sh" "$apt" "$arches" deb)
apt_get() { apt-get -qq -c "$apt_conf" "$@"; }
apt_cache() { apt-cache -c "$apt_conf" "$@"; }
# An architecture that this Debian lacks is no reason to stop.
apt_get update > "$apt/update.log" 2>&1 || true

# Debian 12 has a newer Rust for its browsers' sake, under names of its own.
web=
version() { apt_cache madison "$1" | awk -v want="$msrv." 'index($3, want) == 1 && !seen++ { print $3 }'; }
[ -n "$(version rustc)" ] || web=-web
version=$(version "rustc$web")
[ -n "$version" ] || { echo "rust: no package of rustc $msrv here" >&2; cat "$apt/update.log" >&2; exit 1; }
unpack() { # PACKAGE...
    (cd "$apt/archives" && apt_get download "$@" 2> "$apt/download.log") || return 1
    for deb in "$apt"/archives/*.deb; do
        dpkg-deb -x "$deb" "$folder/root"
        rm "$deb"
    done
}

if [ ! -x "$folder/rustc" ]; then
    llvm=$(apt_cache depends "libstd-rust$web-$msrv=$version" | awk '/Depends: libllvm/ { print $2 }')
    unpack {rustc$web,libstd-rust$web-"$msrv",libstd-rust$web-dev}="$version" ${llvm:+"$llvm"}
    cat > "$folder/rustc" <<'END'
#!/bin/sh
root=${0%/*}/root/usr
libraries=$(echo "$root"/lib/*/librustc_driver-*.so)
LD_LIBRARY_PATH=${libraries%/*} exec "$root/bin/rustc" "$@"
END
    chmod +x "$folder/rustc"
fi

# What rustc links programs for musl of, beside std: musl, from Debian's musl-tools, and an
# unwinder, which is gcc's with the function of glibc that it calls.
self_contained() { # TARGET FOLDER
    local musl=/usr/lib/${1/-unknown/} file
    command -v musl-gcc > /dev/null || { echo 'rust: musl-gcc is lacking (Debian: musl-tools)' >&2; return 1; }
    mkdir -p "$2"
    cp "$musl"/{crt1,rcrt1,Scrt1,crti,crtn}.o "$musl/libc.a" "$2"
    for file in crt{begin,end}{,S}.o; do cp "$(musl-gcc -print-file-name="$file")" "$2"; done
    cp "$(musl-gcc -print-file-name=libgcc_eh.a)" "$2/libunwind.a"
    musl-gcc -O2 -fPIC -c -o "$2/musl.o" "$here/../../src/musl.c"
    ar r "$2/libunwind.a" "$2/musl.o"
    rm "$2/musl.o"
}

# cargo does it, of a package with nothing in it: the libraries of an empty program.
build() { # TARGET
    local target=$1 empty=$folder/empty cargo
    read -ra cargo <<< "${CARGO:-cargo}"
    complete source || unpack "rust$web-src=$version"
    mkdir -p "$empty/src"
    : > "$empty/src/lib.rs"
    printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' > "$empty/Cargo.toml"
    # -Z: it is unstable that cargo does this, not what it makes.
    RUSTC_BOOTSTRAP=1 RUSTC=$folder/rustc "${cargo[@]}" build -q -Z build-std=std,panic_unwind,test \
        --release --target "$target" --manifest-path "$empty/Cargo.toml" --target-dir "$empty/target"
    mkdir -p "$libraries/$target/new"
    cp "$empty/target/$target"/release/deps/*.rlib "$libraries/$target/new"
    rm "$libraries/$target"/new/libempty-*
    [[ $target != *-musl ]] || self_contained "$target" "$libraries/$target/new/self-contained"
    mv "$libraries/$target/new" "$libraries/$target/lib"
}

for machine in "${lacking[@]}"; do
    arch=${machine%%=*} target=${machine#*=}
    if [ "$machine" = source ]; then
        unpack "rust$web-src=$version"
    elif [ "$arch" != - ] && unpack "libstd-rust$web-dev:$arch=$version" && complete "$target"; then
        echo "$target: std of Debian's packages"
    else
        build "$target"
        echo "$target: std built from Debian's source"
    fi
done
rm -rf "$apt" "$folder/empty"
