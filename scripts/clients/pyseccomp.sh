# SPDX-License-Identifier: LGPL-2.1-only
#
# The binding that needs no compiler: finds the library by ldconfig's cache and
# declares the functions itself.

version=0.1.2
python=/usr/bin/python3
if [ ! -e "$built/pyseccomp.py" ]; then
    $python -m pip -q download --no-deps --dest "$built" "pyseccomp==$version" > "$work/log" 2>&1 ||
        skip "PyPI: $(tail -n 1 "$work/log")"
    $python -m zipfile -e "$built"/pyseccomp-*.whl "$built"
fi
echo "version: $version"
echo "functions: $(grep -o '_libseccomp\.seccomp_[a-z_]*' "$built/pyseccomp.py" | sed 's/.*\.//' |
    LC_ALL=C sort -u | tr '\n' ' ')"

PYTHONPATH=$built runs 'python3[.0-9]*' $python "$top/tests/clients/python/client.py" pyseccomp
echo "ok: $(tail -n 1 "$work/log")"
