#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# arguments.sh [SUITE]: makes crates/scmp-cli/data/arguments.csv of the kernel's source and
# the manual pages as that suite of Debian has them (forky), then compares the types with what
# the kernel of this machine says of the calls that it has (tracefs, root only). Needs apt, python3, 200 MB of downloads
# and 2 GB of disk.
set -euo pipefail
cd "$(dirname "$0")/../.."
suite=${1:-forky}
csv=crates/scmp-cli/data/arguments.csv
out=build/data/arguments
mkdir -p "$out"

{ read -r source source_version; read -r manual manual_version; } \
    < <(scripts/data/fetch.sh "$suite" linux-source- manpages-dev)
{
    cat <<END
# SPDX-License-Identifier: LGPL-2.1-only
#
# Names and types of system calls' arguments, made by scripts/data/arguments.sh from Debian's
# $source $source_version and $manual $manual_version. See README.md beside this file.
END
    scripts/data/arguments.py "build/data/$suite/$source/root" "build/data/$suite/$manual/root" \
        crates/scmp/data/syscalls.csv
} > "$out/new.csv"
mv "$out/new.csv" "$csv"

if [ "$(id -u)" != 0 ] || ! grep -q tracefs /proc/filesystems; then
    echo "skipped: the comparison with this kernel needs root and tracefs"
    exit 0
fi
mkdir -p "$out/tracefs"
mount -t tracefs none "$out/tracefs"
trap 'umount "$PWD/$out/tracefs"' EXIT
[ -d "$out/tracefs/events/syscalls" ] || { echo "skipped: this kernel does not trace system calls"; exit 0; }
# A line of types for each call that both have; tracefs has the function's name.
compare() { # ROWS
    awk -v tracefs="$out/tracefs/events/syscalls" -v rows="$1" '
        BEGIN { FS = "," }
        # Where a function of that name serves another call.
        /^#|^call|^umount,/ { next }
        $2 == "*" {
            file = tracefs "/sys_enter_" $1 "/format"
            fields = ""
            found = 0
            while ((getline line < file) > 0) {
                found = 1
                if (match(line, /field:[^;]*/) && line !~ /common_|__syscall_nr/) {
                    field = substr(line, RSTART + 6, RLENGTH - 6)
                    gsub(/__user /, "", field)
                    gsub(/ *\* */, "*", field)
                    sub(/[A-Za-z0-9_]+$/, " &", field)
                    sub(/  /, " ", field)
                    type = field
                    sub(/ [^ ]*$/, "", type)
                    fields = fields (fields == "" ? "" : ";") type
                }
            }
            close(file)
            count = split($3, ours, /;/)
            types = ""
            for (i = 1; i <= count; i++) {
                split(ours[i], parts, /:/)
                types = types (types == "" ? "" : ";") parts[2]
            }
            if (found) print $1 "," (rows == "ours" ? types : fields)
        }' "$csv"
}
compare ours > "$out/ours"
compare theirs > "$out/theirs"
echo "$(wc -l < "$out/theirs") calls compared with Linux $(uname -r); ours < > theirs:"
diff "$out/ours" "$out/theirs" || true
