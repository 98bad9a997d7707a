#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# Every crate that is built here comes from crates.io or this tree, and has a licence
# that deny.toml allows. cargo-deny is asked as well where it is installed, about known
# faults of crates, too, where it reaches their database; it takes nine minutes of
# processor time to build, so nothing here installs it.
#   scripts/check-licences.sh
#   DENY=1 scripts/check-licences.sh    fails where it cannot ask cargo-deny about both
set -euo pipefail
cd "$(dirname "$0")/.."
read -ra cargo <<< "${CARGO:-cargo}"
source scripts/report.sh

# deny.toml: "allow", a line each, and "exceptions", a crate each. cargo-deny wants
# the names of GNU licences without "-only".
allowed=$(sed -n '/^allow = \[/,/^]/s/^ *"\(.*\)",$/\1/p' deny.toml)
excepted() { sed -n "s/^ *{ crate = \"$1\", allow = \[\"\(.*\)\"\] },\$/\1/p" deny.toml; } # CRATE

# An SPDX expression ("a/b" is an old form of "a OR b") as arithmetic: 1 for each
# licence that is allowed.
permits() { # CRATE EXPRESSION
    local term terms=()
    read -ra terms <<< "$(sed -e 's:/: OR :g' -e 's/ WITH /+/g' -e 's/[()]/ & /g' <<< "$2")"
    for term in "${!terms[@]}"; do
        case "${terms[term]}" in
            OR) terms[term]='||' ;;
            AND) terms[term]='&&' ;;
            '(' | ')') ;;
            *) terms[term]=$(grep -c -x -F -e "${terms[term]%-only}" <<< "$allowed"$'\n'"$(excepted "$1")" || true) ;;
        esac
    done
    (("${#terms[@]}" > 0)) && (("${terms[*]}"))
}

crates=$("${cargo[@]}" tree --locked --workspace --edges normal,build,dev --prefix none --format '{p}|{l}' |
    sed -e 's/ (\*)$//' -e '/^$/d' | sort -u)
expect_none "licences of $(wc -l <<< "$crates") crates" "$(while IFS='|' read -r crate licence; do
    permits "${crate%% *}" "$licence" || echo "$crate: ${licence:-no licence}"
done <<< "$crates")"
# A crate of this tree has no source. A source that is no registry has no checksum.
expect_none 'one registry, and a checksum for each crate of it' "$(awk -F' = ' '
    /^source = / && ($2 !~ /^"registry\+/ || (registry && registry != $2)) { print }
    /^source = / { sources++; registry = $2 }
    /^checksum = / { checksums++ }
    END { if (!sources || sources != checksums) print sources " sources, " checksums " checksums" }' Cargo.lock)"

# Both name them, in one sentence.
linked=$("${cargo[@]}" tree --locked -p scmp-capi --edges normal,no-proc-macro --prefix none --format '{p}' |
    sed -n '/^scmp/!s/ v.*//p' | sort -u | paste -s -d , | sed 's/,/, /g')
for file in SECURITY.md packaging/debian/copyright; do
    expect_none "$file names the crates in the library" \
        "$(tr -d '`' < "$file" | tr -s ' \n' ' ' | grep -q -F "linked into the library: $linked." || echo "$linked")"
done

cannot() { # WHY
    if [ -n "${DENY:-}" ]; then expect_none 'cargo-deny' "$1"; else echo "skipped: $1"; fi
}
if "${cargo[@]}" deny --version > /dev/null 2>&1; then
    said=$("${cargo[@]}" deny --locked --offline check licenses bans sources 2>&1) && said=''
    expect_none cargo-deny "$said"
    if said=$(timeout 120 "${cargo[@]}" deny fetch db 2>&1); then
        said=$("${cargo[@]}" deny --locked --offline check advisories 2>&1) && said=''
        expect_none advisories "$said"
    else
        cannot "advisories: their database cannot be fetched: $(tail -n 1 <<< "$said")"
    fi
else
    cannot 'cargo-deny and its advisories: it is not installed'
fi
summary
