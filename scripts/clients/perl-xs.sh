# SPDX-License-Identifier: LGPL-2.1-only
#
# Where CPAN's Linux::Seccomp is installed, the same client runs on that instead.

perl=/usr/bin/perl
source=$top/tests/clients/perl
# shellcheck disable=SC2016 # Perl expands it
core=$($perl -MConfig -e 'print "$Config{archlibexp}/CORE"')
# shellcheck disable=SC2016
if $perl -MLinux::Seccomp -e 1 2> /dev/null; then
    module=$($perl -MLinux::Seccomp -e 'print +(grep m{auto/Linux/Seccomp/.*so$}, @DynaLoader::dl_shared_objects)[0]')
    echo "version: $($perl -MLinux::Seccomp -e 'print $Linux::Seccomp::VERSION') (CPAN)"
else
    [ -e "$core/EXTERN.h" ] || skip "libperl-dev is not installed"
    module=$built/auto/Linux/Seccomp/Seccomp.so
    if ! is_current "$module" "$source"/Seccomp.*; then
        mkdir -p "$(dirname "$module")" "$built/Linux"
        cp "$source/Seccomp.pm" "$built/Linux/"
        header=$stage/include
        {
            sed -n -e 's/^#define \(SCMP_\(ACT\|ARCH\)_[A-Z0-9_]*\) .*/CONSTANT(\1)/p' \
                -e 's/^[[:space:]]*\(SCMP_\(FLTATR\|CMP\)_[A-Z_]*\) = .*/CONSTANT(\1)/p' "$header/seccomp.h"
            sed -n -e 's/^#define \(__PNR_[a-z0-9_]*\) .*/CONSTANT(\1)/p' \
                -e 's/^#define __SNR_\([a-z0-9_]*\) *__NR_.*/\n#ifdef __NR_\1\nNUMBER(\1)\n#endif/p' "$header/seccomp-syscalls.h"
        } > "$built/constants.inc"
        (cd "$built" && xsubpp -typemap "$($perl -MConfig -e 'print $Config{privlibexp}')/ExtUtils/typemap" \
            "$source/Seccomp.xs" > Seccomp.c &&
            ${CC:-cc} -shared -fPIC -O1 -w -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DVERSION='"0.01"' \
                -DXS_VERSION='"0.01"' -I. "-I$core" -I"$header" Seccomp.c -o "$module" -L"$stage/lib" -lseccomp) \
            > "$work/log" 2>&1 || fail "$(grep -m 1 -i error "$work/log" || tail -n 1 "$work/log")"
    fi
    export PERL5LIB=$built
    echo "version: $($perl -e 'printf "perl %vd", $^V')"
fi
functions_of "$module"

fresh_report
watched $perl "$source/client.pl" > "$work/log" 2>&1 || fail "$(grep -m 1 -i error "$work/log" || tail -n 1 "$work/log")"
saw_library perl
saw_filter perl
echo "ok: $(tail -n 1 "$work/log")"
