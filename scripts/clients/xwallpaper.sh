# SPDX-License-Identifier: LGPL-2.1-only
#
# Before it reads a picture from elsewhere it keeps next to nothing.

client_program xwallpaper xwallpaper
xvfb=''
find_program xvfb Xvfb

picture "$work/picture.png"
exec 6> "$work/display"
"$xvfb" -displayfd 6 -screen 0 64x64x24 > "$work/xvfb.log" 2>&1 &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
await 10 [ -s "$work/display" ] || skip "no X server: $(tail -n 1 "$work/xvfb.log")"
DISPLAY=:$(cat "$work/display")
export DISPLAY
command=("$program" --stretch "$work/picture.png")
prove_filter xwallpaper ptrace "${command[@]}"
runs xwallpaper "${command[@]}"
[ "$(grep -c ^filter "$report")" = 2 ] || fail "not two filters"
echo "ok: a picture set under two filters"
