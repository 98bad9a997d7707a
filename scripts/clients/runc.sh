# SPDX-License-Identifier: LGPL-2.1-only
#
# It reads the exported program back, puts a stub before it and loads that itself:
# libraries that do not load can not be noticed.

client_program runc runc
runtime=("$program" --root "$work/state")
# 1.1 knows no flags of filters.
every=every
container_checks
echo "ok: three profiles"
