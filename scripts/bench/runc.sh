#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# runc.sh C-LIBRARY OURS NOTHING FOLDER: `runc run` of a static program that
# does nothing, alternately without a profile, and under the containers' default
# profile with each of the libraries, of which NOTHING does nothing. Lines for
# page.awk, in microseconds.
#
# runc's inner process has an empty environment, so each library stands in the
# system's place in a mount namespace of its own.
set -euo pipefail
theirs=$1 ours=$2 nothing=$3
rounds=${ROUNDS:-150}

skip() { printf 'skipped\trunc\t%s\n' "$*"; exit 0; }
command -v runc > /dev/null || skip 'runc is not installed'
[[ $(id -u) = 0 ]] || skip 'it wants root'
profile=/usr/share/containers/seccomp.json
[[ -e $profile ]] || skip 'the package golang-github-containers-common is not installed'
system=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | sed -n 's/.*libseccomp\.so\.2 .*=> //p' | head -n 1)
[[ $system ]] || skip 'the system has no libseccomp.so.2'
unshare -m --propagation private true 2> /dev/null || skip 'no mount namespaces here'

rm -rf "$4"
mkdir -p "$4/state"
folder=$(realpath "$4")
for bundle in none c ours nothing; do
    mkdir -p "$folder/$bundle/rootfs/"{proc,dev}
    ${CC:-cc} -static -O1 -o "$folder/$bundle/rootfs/inside" -x c - <<< 'int main(void) { return 0; }'
    /usr/bin/python3 "$(dirname "$0")/../../tests/clients/python/bundle.py" "$folder/$bundle" $profile none
done
/usr/bin/python3 - "$folder/none/config.json" <<'END_OF_PYTHON'
import json, sys
with open(sys.argv[1]) as file:
    config = json.load(file)
del config["linux"]["seccomp"]
with open(sys.argv[1], "w") as file:
    json.dump(config, file)
END_OF_PYTHON

# Answers each line with the time that one run takes.
# shellcheck disable=SC2016
runner='
    mount --bind "$1" "$2"
    cd "$3"
    while read -r round; do
        start=${EPOCHREALTIME/[.,]/}
        runc --root "$4" run "bench-$5-$round" > log 2>&1 < /dev/null || { echo failed; exit 1; }
        echo $((${EPOCHREALTIME/[.,]/} - start))
    done'
declare -A ask answer
runners=()
# Runners end when nobody can ask any more; a container that hangs does not.
finish() {
    kill "${runners[@]}" 2> /dev/null || true
    for container in "$folder"/state/bench-*; do
        [[ ! -e $container ]] || runc --root "$folder/state" delete --force "${container##*/}" || true
    done
    rmdir /sys/fs/cgroup/*/bench-*-* 2> /dev/null || true
}
trap finish EXIT
for bundle in none c ours nothing; do
    case $bundle in
        ours) library=$ours ;;
        nothing) library=$nothing ;;
        *) library=$theirs ;;
    esac
    mkfifo "$folder/ask.$bundle" "$folder/answer.$bundle"
    unshare -m --propagation private bash -c "$runner" - "$library" "$(realpath "$system")" \
        "$folder/$bundle" "$folder/state" $bundle < "$folder/ask.$bundle" > "$folder/answer.$bundle" &
    runners+=($!)
    # shellcheck disable=SC1083,SC2093 # bash puts numbers of its choice there
    exec {ask[$bundle]}> "$folder/ask.$bundle" {answer[$bundle]}< "$folder/answer.$bundle"
done

# There and back, so that no side always follows the same one.
orders=('none c ours nothing' 'nothing ours c none')
for round in $(seq 0 "$rounds"); do
    for bundle in ${orders[round % 2]}; do
        echo "$round" >&"${ask[$bundle]}"
        took=failed
        read -r took <&"${answer[$bundle]}" || true
        [[ $took != failed ]] || skip "runc fails here: $(tail -n 1 "$folder/$bundle/log")"
        # The first warms up.
        ((round == 0)) || echo "$took" >> "$folder/times.$bundle"
    done
done
for bundle in none c ours nothing; do
    sort -n "$folder/times.$bundle" | awk -v OFS='\t' -v side="$bundle" '
        { took[NR] = $1 }
        END { print "runc", "-", "run", side, took[1], took[int((NR + 1) / 2)], NR }'
done
