# SPDX-License-Identifier: LGPL-2.1-only
#
# Debian's library has no debug information and ours is not C, so symbols are
# compared between the libraries, and types between the headers: each is made
# into a library of functions that do nothing, with what it declares.

abidiff=''
find_program abidiff abidiff
theirs=$top/build/upstream/2.6.0/c-library/usr
their_library=$(find "$theirs/lib" -name libseccomp.so.2.6.0 2> /dev/null || true)
[ -n "$their_library" ] || skip "Debian's 2.6.0 is not there"
echo "version: $("$abidiff" --version | awk '{ print $2 }')"
functions_of /dev/null

code=0
"$abidiff" "$their_library" "$library" > "$work/symbols" 2>&1 || code=$?
# Bits: 1 and 2 are for its own errors, 4 for changes, 8 for incompatible ones.
[ $((code & 3)) = 0 ] || fail "abidiff: $(head -n 1 "$work/symbols")"
changes=$(sed -n 's/^ *\[[A-Z]\] *//p' "$work/symbols" | sort)
removed=$(awk 'match($0, /[0-9]+ Removed/) { n += substr($0, RSTART) + 0 } END { print n + 0 }' "$work/symbols")
changed=$(awk 'match($0, /[0-9]+ Changed/) { n += substr($0, RSTART) + 0 } END { print n + 0 }' "$work/symbols")
[ "$removed $changed" = "0 0" ] || fail "$removed removed, $changed changed symbols"
[ -z "$changes" ] || [ "$changes" = seccomp_notify_addfd ] || fail "added: $changes"

# A library of what a header declares.
declared() { # INCLUDE OUTPUT
    printf '#include <seccomp.h>\n' | ${CC:-cc} -E -P -I"$1" - | /usr/bin/python3 -c '
import re, sys
text = sys.stdin.read()
print(re.sub(r"(\bseccomp_\w+\s*\([^;{}]*\))\s*;", r"\1 { __builtin_trap(); }", text))' > "$2.c"
    ${CC:-cc} -g -w -shared -fPIC "$2.c" -o "$2.so"
}
declared "$theirs/include" "$work/theirs"
declared "$stage/include" "$work/ours"
[ "$(nm -D --defined-only "$work/ours.so" | grep -c ' T seccomp_')" -ge 37 ] || fail "too few declarations found"
code=0
"$abidiff" --no-added-syms "$work/theirs.so" "$work/ours.so" > "$work/types" 2>&1 || code=$?
[ $code = 0 ] || fail "types: $(grep -v -e summary -e '^$' "$work/types" | head -n 3 | tr '\n' ' ')"
echo "ok: ${changes:-no symbol} added, nothing removed or changed"
