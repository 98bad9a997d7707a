#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# build.sh SOURCE FOLDER INCLUDE LIBDIR shared|static [python]: compiles the test
# programs and tools of the C library's SOURCE, as they are, in FOLDER, against
# the header in INCLUDE and the library in LIBDIR; with `python`, the binding
# too, which links statically whatever the programs do.
set -euo pipefail

source=$1 folder=$2 include=$3 lib=$4 linkage=$5 python=${6:-}
cflags=(-O2 -g -w "-I$include")

case $linkage in
    shared) link=("-L$lib" -lseccomp "-Wl,-rpath,$lib") ;;
    static) link=("$lib/libseccomp.a") ;;
esac

rm -rf "$folder"
mkdir -p "$folder/src/.libs" "$folder/log"
cp -r "$source/tests" "$source/tools" "$folder"

for part in tests tools; do
    cd "$folder/$part"
    cc "${cflags[@]}" -c util.c -o util.o
    for program in *.c; do
        [[ $program == util.c ]] && continue
        cc "${cflags[@]}" "$program" util.o -o "${program%.c}" "${link[@]}" -lpthread
    done
done

# The numbers are worth nothing if the programs run on another library.
resolved=$(ldd "$folder/tests/01-sim-allow" | sed -n 's/.*libseccomp.* => \(.*\) (0x.*/\1/p')
case $linkage in
    shared) [[ $resolved == "$lib/libseccomp.so.2" ]] ;;
    static) [[ -z $resolved ]] ;;
esac || { echo "build: $folder runs on '$resolved'" >&2; exit 1; }

[[ $python ]] || exit 0
# setup.py takes the library from where libtool would have put it. It is run as
# pip runs it: importing setuptools first stands in for distutils, which Python
# has no more since 3.12 and the older setup.py wants.
cp -r "$source/src/python" "$folder/src"
ln -s "$lib/libseccomp.a" "$folder/src/.libs/libseccomp.a"
cd "$folder/src/python"
VERSION_RELEASE=0 CFLAGS="-I'$include'" /usr/bin/python3 -c '
import setuptools, sys
sys.argv = ["setup.py", "-q", "build"]
exec(compile(open("setup.py").read(), "setup.py", "exec"))' > "$folder/log/python-build" 2>&1 ||
    { cat "$folder/log/python-build" >&2; exit 1; }
if ldd build/lib.*/seccomp.*.so | grep libseccomp >&2; then exit 1; fi
