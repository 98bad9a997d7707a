#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# run.sh NAME LIBRARY: runs a client of scripts/clients/table with a given libseccomp.so.2.
# It says "version: …" and "functions: …", and ends with 0 and "ok: …", 77 and
# "skipped: …", or another code and "FAILED: …".
set -euo pipefail
clients=$(dirname "$0")
IFS='|' read -r _ _ _ parts _ < <(grep "^$1|" "$clients/table")
for part in $parts "$1"; do
    # shellcheck disable=SC1090 # the table names them
    source "$clients/$part.sh"
done
