# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash disable=SC2154 # proof.sh and its client assign them
#
# For the two checks of Go: Debian's libseccomp-golang and Debian's Go, in a
# GOPATH of its own, against the staged tree.

command -v go > /dev/null || skip "go is not installed"
golang=/usr/share/gocode/src/github.com/seccomp/libseccomp-golang
[ -d $golang ] || skip "golang-github-seccomp-libseccomp-golang-dev is not installed"
binding=$out/gopath/src/github.com/seccomp/libseccomp-golang
mkdir -p "$binding"
cp -rLu $golang/. "$binding"

# Go splits what pkg-config says at spaces: here the staged tree has a name without.
ln -s "$stage" "$work/stage"
mkdir "$work/pkgconfig"
sed "s|^prefix=.*|prefix=$work/stage|" "$stage/lib/pkgconfig/libseccomp.pc" > "$work/pkgconfig/libseccomp.pc"

build_with_go() { # OUTPUT COMMAND...
    local output=$1
    shift
    is_current "$output" "$top"/tests/clients/go/* "$golang"/*.go || {
        PKG_CONFIG_LIBDIR=$work/pkgconfig GO111MODULE=off GOFLAGS=-p=1 GOCACHE=$out/go-cache \
            GOPATH=$out/gopath:/usr/share/gocode go "$@" > "$work/log" 2>&1 || fail "$(tail -n 3 "$work/log")"
        touch "$output"
    }
}
