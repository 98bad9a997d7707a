# SPDX-License-Identifier: LGPL-2.1-only
#
# universal-ctags in its sandbox: a filter of some twenty calls, then it reads
# source text from standard input and writes tags.

client_program ctags universal-ctags
[[ "$("$program" --list-features 2> /dev/null)" == *sandbox* ]] || skip "this ctags has no sandbox"

source_text='int answer(int question) { return 42; }'
input=$work/requests
printf '{"command":"generate-tags","filename":"t.c","size":%d}\n%s' "${#source_text}" "$source_text" > "$input"

prove_filter "$program" --options=NONE --_interactive=sandbox
on_library timeout 30 "$program" --options=NONE --_interactive=sandbox < "$input" > "$work/tags" 2>&1 ||
    fail "ctags ended with $?: $(tail -n 1 "$work/tags")"
grep -q '"name": "answer"' "$work/tags" || fail "no tag: $(tail -n 1 "$work/tags")"
echo "ok: sandboxed ctags wrote its tag; $way"
