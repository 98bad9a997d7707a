#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
# The pages of `scmp show --html` and `scmp diff --html` in a real browser: a search, a click
# and the arrow keys find what a call gets. SCREENSHOTS=FOLDER takes pictures.
# usage: check-page.sh SCMP
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/report.sh
. scripts/report.sh

scmp=$1
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [[ -z $browser ]]; then
    skips 'the pages' 'no chromium'
    summary
    exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

browse() {
    # The sandbox of the browser needs a user that is not root.
    timeout 120 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" \
        --virtual-time-budget=5000 "$@" 2> "$work/errors"
}

# The page FILE after the script on standard input; what the script writes into
# `document.body.dataset.result` is printed.
acted() {
    local file=$1
    {
        cat "$file"
        echo '<script>addEventListener("load", () => {'
        echo 'const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));'
        echo 'const type = (text) => { const box = document.getElementById("search"); box.value = text; box.dispatchEvent(new Event("input")); };'
        echo 'const detail = () => document.getElementById("detail").textContent;'
        cat
        echo '});</script>'
    } > "$work/acted.html"
    browse --dump-dom "file://$work/acted.html" > "$work/dom"
    sed -n 's/.*<body[^>]* data-result="\([^"]*\)".*/\1/p' "$work/dom"
}

expect() { expect_none "$1" "$([[ $3 == *"$2"* ]] || echo "found: $3")"; } # WHAT WANTED FOUND

"$scmp" show data/profiles/docker.profile --html > "$work/show.html"
"$scmp" diff data/profiles/docker.profile data/profiles/podman.profile --html \
    > "$work/diff.html" || [[ $? -eq 1 ]]
arches=$("$scmp" syscalls read --format json | sed -n 's/.*"arch": "\(.*\)",/\1/p' | paste -sd,)
"$scmp" show data/profiles/docker.profile --html --arch "$arches" > "$work/large.html"

found=$(acted "$work/show.html" << 'EOF'
type("clone"); document.querySelector('td[data-call="clone"]').click();
document.body.dataset.result = detail();
EOF
)
expect 'a search and a click show the condition' 'CLONE_NEWUSER' "$found"
expect 'and the rule' 'docker.profile:' "$found"

found=$(acted "$work/show.html" << 'EOF'
document.activeElement.blur(); document.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true }));
type("clone3"); press("ArrowDown"); press("ArrowRight"); press("Enter");
document.body.dataset.result = document.activeElement.dataset.call + " " + detail();
EOF
)
expect 'the keyboard reaches a cell' 'clone3 clone3 on' "$found"

found=$(acted "$work/show.html" << 'EOF'
document.querySelector('#actions input').click();
document.body.dataset.result = document.getElementById("count").textContent;
EOF
)
expect 'actions filter the calls' ' calls' "$found"

found=$(acted "$work/diff.html" << 'EOF'
const boxes = document.querySelectorAll("#actions input"); boxes[boxes.length - 1].click();
const cell = document.querySelector("tr:not([hidden]) td.changed"); cell.click();
document.body.dataset.result = detail();
EOF
)
expect 'changes are marked and explained' 'changed: ' "$found"

found=$(acted "$work/large.html" << 'EOF'
document.body.dataset.result = document.querySelectorAll("td").length + " cells";
EOF
)
cells=${found%% *}
expect_none 'a page of all architectures is made' "$([[ ${cells:-0} -gt 8000 ]] || echo "$found")"

if [[ -n ${SCREENSHOTS:-} ]]; then
    mkdir -p "$SCREENSHOTS"
    for page in show diff; do
        acted "$work/$page.html" > /dev/null << 'EOF'
const cell = document.querySelector('td.changed') ?? document.querySelector('td[data-call="clone"]');
cell.scrollIntoView({ block: "center" }); cell.click();
EOF
        browse --window-size=1100,640 --screenshot="$work/$page.png" "file://$work/acted.html" > /dev/null
        cp "$work/$page.png" "$SCREENSHOTS/$page.png"
    done
fi
summary
