#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# run-batch.sh FOLDER MODE BATCH: runs one batch of the suite built in FOLDER,
# all its test types, with the suite's own script. Its output, and how it ended,
# go to FOLDER/log/MODE/BATCH; scripts/upstream/report.awk judges them.
set -euo pipefail

folder=$1 mode=$2 batch=$3
log=$folder/log/$mode/$batch
mkdir -p "${log%/*}"

# live has to be asked for, and whoever asks for one type has to name them all.
types=basic,bpf-sim,bpf-sim-fuzz,bpf-valgrind,live

cd "$folder/tests"
ulimit -c 0
status=0
timeout --kill-after=10 900 ./regression -m "$mode" -b "$batch" -T "$types" \
    > "$log" 2>&1 < /dev/null || status=$?
echo "exit status: $status" >> "$log"
echo "$log"
