#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: flatpak
# group: runtimes
# packages: flatpak bubblewrap
# loads: linked (libflatpak)
# proves: an app of its own repository, run in its sandbox: its filter, exported to bubblewrap, refuses what it should, seen from inside
# fails-on: empty no-rules says-yes
#
# A runtime and an app with nothing in them but a static program. Loading is
# bubblewrap's, so the libraries that do not load can not be noticed.
set -euo pipefail
source "$(dirname "$0")/proof.sh"
source "$top/scripts/clients/inside.sh"

client_program flatpak flatpak

home=$work/home
mkdir -p "$home"/runtime/{files,usr} "$home"/app/{files/bin,export} "$home/run"
export HOME=$home XDG_DATA_HOME=$home/data XDG_RUNTIME_DIR=$home/run
runtime=org.check.Runtime/x86_64/1
printf '[Runtime]\nname=org.check.Runtime\nruntime=%s\nsdk=%s\n' $runtime $runtime > "$home/runtime/metadata"
printf '[Application]\nname=org.check.App\nruntime=%s\ncommand=inside\n' $runtime > "$home/app/metadata"
cp "$inside" "$home/app/files/bin/inside"
(cd "$home"
    flatpak build-export --runtime --files=files repository runtime 1
    flatpak build-export repository app 1
    flatpak --user remote-add --no-gpg-verify check repository
    flatpak --user install -y --noninteractive check org.check.Runtime//1 org.check.App//1) > "$work/log" 2>&1 ||
    skip "no app: $(tail -n 1 "$work/log")"

works "$program" --user run org.check.App "${usual_calls[@]}" add_key=248:0:0:0:0:0 perf=298:0 unix=41:1:1:0 \
    vsock=41:40:1:0
saw_library flatpak
saw_filter bwrap
answered 'getpid ok' 'personality errno 1' 'personality1 errno 1' \
    'add_key errno 1' 'perf errno 1' 'unix ok' 'vsock errno 97'
echo "ok: its sandbox, seen from inside"
