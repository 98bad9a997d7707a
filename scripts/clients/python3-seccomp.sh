# SPDX-License-Identifier: LGPL-2.1-only
#
# Debian's package has libseccomp.a linked in, so that importing it would prove
# nothing: the binding's source (of Debian 13's libseccomp) is compiled here.

source=$top/build/upstream/2.6.0/source/src/python
[ -e "$source/seccomp.pyx" ] || skip "the binding's source is not there"
python=/usr/bin/python3
echo "version: 2.6.0"

module=$built/seccomp.so
if ! is_current "$module" "$source"/*.p[xy][dx]; then
    cp "$source"/*.p[xy][dx] "$built/"
    (cd "$built" && $python -m cython -3 seccomp.pyx && ${CC:-cc} -shared -fPIC -O1 -w -I"$stage/include" \
        "-I$($python -c 'import sysconfig; print(sysconfig.get_paths()["include"])')" \
        seccomp.c -o seccomp.so -L"$stage/lib" -lseccomp) > "$work/log" 2>&1 || fail "$(tail -n 1 "$work/log")"
fi
functions_of "$module"

PYTHONPATH=$built runs 'python3[.0-9]*' $python "$top/tests/clients/python/client.py" seccomp
echo "ok: $(tail -n 1 "$work/log")"
