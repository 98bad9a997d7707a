# SPDX-License-Identifier: LGPL-2.1-only
#
# The C library's own tool, as Debian builds it.

client_program scmp_sys_resolver seccomp
fresh_report
answers=$(for question in '-a x86_64 openat' '-a x86 socket' '-t -a x86 socket' '-a arm sync_file_range2' \
    '-a aarch64 open' '-a s390x 4' '-a x86_64 999999'; do
    # shellcheck disable=SC2086
    watched "$program" $question || true
done | tr '\n' ' ')
saw_library scmp_sys_resolver
[ "$answers" = "257 -101 102 -10089 -10166 write UNKNOWN " ] || fail "it answered $answers"
echo "ok: $answers"
