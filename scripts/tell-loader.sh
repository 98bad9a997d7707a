#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only
#
# Before and after `make install` and `make uninstall`. before: refuses where LIBRARY is
# a file of a package, whose removal would take the library from apt. after: the loader
# looks again (ldconfig), and it is said which libseccomp.so.2 programs get, and which
# files of packages, below BINDIR too, were changed or removed.
#   scripts/tell-loader.sh before|after LIBRARY BINDIR
set -eu
PATH=$PATH:/usr/sbin:/sbin
library=$2
directory=$(dirname "$library")
owner() { dpkg-query -S "$1" 2> /dev/null | sed 's/: .*//'; } # FILE

if [ "$1" = before ]; then
    package=$(owner "$library")
    [ -z "$package" ] || {
        echo "$library is a file of the package $package. Choose another PREFIX, or remove the package." >&2
        exit 1
    }
    exit
fi
command -v ldconfig > /dev/null || exit 0
[ "$(id -u)" != 0 ] || ldconfig
# KIND|FILE: of each kind of library (x86-64, i386...), the loader takes the first.
known=$(ldconfig -p 2> /dev/null | sed -n 's/.*libseccomp\.so\.2 (\(.*\)) => \(.*\)/\1|\2/p' |
    while IFS='|' read -r kind path; do echo "$kind|$(readlink -f "$path")"; done)
first() { echo "$known" | awk -F '|' -v kind="$1" '!kind || $1 == kind { print $2; exit }'; } # KIND
link=$directory/libseccomp.so.2
if [ -e "$library" ]; then
    file=$(readlink -f "$library")
    kind=$(echo "$known" | awk -F '|' -v file="$file" '$2 == file { print $1; exit }')
    if [ -z "$kind" ]; then
        echo "The loader does not look in $directory: programs need LD_LIBRARY_PATH, or root names it in /etc/ld.so.conf.d."
    elif [ "$(first "$kind")" = "$file" ]; then
        echo "Programs get $library from now on."
    else
        echo "Programs still get $(first "$kind"), which the loader finds before $library." >&2
    fi
else
    file=$(first '')
    echo "Programs get ${file:-no libseccomp.so.2} from now on."
fi
for file in "$link" "$directory/libseccomp.so" "$3/scmp_sys_resolver"; do
    kind='file'
    [ ! -L "$file" ] || kind='link'
    package=$(owner "$file")
    if [ -n "$package" ] && [ -e "$library" ]; then
        echo "$file is a $kind of the package $package, whose upgrades set it back. \`make deb\` makes packages that replace it."
    elif [ -n "$package" ] && [ ! -e "$file" ]; then
        echo "Files of the package $package are gone: apt-get install --reinstall $package"
    fi
done
