# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash
#
# For flatpak.sh and check-processes.sh: org.check.App, an app of flatpak with nothing in it
# but a static program, as its runtime has nothing at all, both in a home of their own.

install_app() { # HOME PROGRAM: sets flatpak, the command that knows the app
    local runtime
    flatpak=(env "HOME=$1" "XDG_DATA_HOME=$1/data" "XDG_RUNTIME_DIR=$1/run" flatpak)
    runtime=org.check.Runtime/$(flatpak --default-arch)/1
    mkdir -p "$1"/runtime/{files,usr} "$1"/app/{files/bin,export} "$1/run"
    printf '[Runtime]\nname=org.check.Runtime\nruntime=%s\nsdk=%s\n' "$runtime" "$runtime" > "$1/runtime/metadata"
    printf '[Application]\nname=org.check.App\nruntime=%s\ncommand=program\n' "$runtime" > "$1/app/metadata"
    cp "$2" "$1/app/files/bin/program"
    (cd "$1" &&
        "${flatpak[@]}" build-export --runtime --files=files repository runtime 1 &&
        "${flatpak[@]}" build-export repository app 1 &&
        "${flatpak[@]}" --user remote-add --no-gpg-verify check repository &&
        "${flatpak[@]}" --user install -y --noninteractive check org.check.Runtime//1 org.check.App//1)
}
