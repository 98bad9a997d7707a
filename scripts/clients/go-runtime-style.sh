# SPDX-License-Identifier: LGPL-2.1-only
#
# In the style of the first Go container runtimes. The C library's filters let
# through what such lists forbid, or it never ends building them: that it fails
# here is why this library exists.

program=$built/client
build_with_go "$program" build -o "$program" "$top/tests/clients/go/main.go"
echo "version: $(go version | awk '{ print $3 }')"
functions_of "$program"

limit=10 runs client "$program" # which ends with 124 if it is still running
grep -q '^worked' "$work/log" || fail "$(tail -n 1 "$work/log")"
echo "ok: $(tail -n 1 "$work/log")"
