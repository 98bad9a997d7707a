#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-only
#
# trampolines.sh ARCHIVE: assembly that stands before each function of the core's Filter
# that the C layer in ARCHIVE calls, and, in its comments, the linker's options for it.
# It counts calls in the program's `events`, and where that becomes its `fail_at`, panics
# as make/link.mk has the library panic, in scmp_panic.
set -eu
names=$(${READELF:-readelf} -sW "$1" | sed -n 's/.* UND \(_[A-Za-z0-9_]*4scmp6filter[A-Za-z0-9_]*6Filter[A-Za-z0-9_]*\)$/\1/p' | sort -u)
[ "$(echo "$names" | wc -l)" -ge 10 ] || { echo "trampolines: hardly any functions: $names" >&2; exit 1; }
for name in $names; do
    echo "# --wrap=$name"
    echo ".globl __wrap_$name; __wrap_$name:"
    echo 'movq events@GOTPCREL(%rip), %r11; incq (%r11); movq (%r11), %r11'
    echo 'movq fail_at@GOTPCREL(%rip), %r10; cmpq %r11, (%r10)'
    echo "je scmp_panic; jmp __real_$name"
done
echo '.weak events; .weak fail_at; .section .note.GNU-stack, "", @progbits'
