#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# client: xwallpaper
# group: programs
# packages: xwallpaper xvfb python3
# loads: linked
# proves: two filters, one under the other: sets a picture; a forbidden call kills
# fails-on: all
#
# Before it reads a picture from elsewhere it keeps next to nothing.
set -euo pipefail
source "$(dirname "$0")/proof.sh"

find_program program xwallpaper
xvfb=''
find_program xvfb Xvfb
package_version xwallpaper
functions_of "$program"

picture "$work/picture.png"
exec 6> "$work/display"
"$xvfb" -displayfd 6 -screen 0 64x64x24 > "$work/xvfb.log" 2>&1 &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
for _ in $(seq 100); do
    [ ! -s "$work/display" ] || break
    sleep 0.1
done
[ -s "$work/display" ] || skip "no X server: $(tail -n 1 "$work/xvfb.log")"
DISPLAY=:$(cat "$work/display")
export DISPLAY
command=("$program" --stretch "$work/picture.png")
prove_filter xwallpaper ptrace "${command[@]}"
runs xwallpaper "${command[@]}"
[ "$(grep -c ^filter "$report")" = 2 ] || fail "not two filters"
echo "ok: a picture set under two filters"
