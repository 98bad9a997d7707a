# SPDX-License-Identifier: LGPL-2.1-only
#
# The compiler of snapd's profiles; snapd itself is not installed.

program=$out/root/usr/lib/snapd/snap-seccomp
[ -x "$program" ] || skip "snapd is not there"
bwrap=''
find_program bwrap bwrap
package_version snapd
functions_of "$program"

printf '%s\n' read write openat close brk mmap mprotect munmap execve fork clone wait4 pipe pipe2 exit_group exit \
    getpid getrandom readlink readlinkat arch_prctl set_tid_address set_robust_list rseq prlimit64 fstat newfstatat \
    ioctl prctl uname kill tgkill gettid rt_sigaction rt_sigprocmask 'personality 4294967295' > "$work/profile"
works "$program" compile "$work/profile" "$work/filter"
saw_library snap-seccomp
# 2.68 writes a header of 128 bytes with the lengths of two filters, one that allows and
# one that denies. bubblewrap takes the former, as it took the only one before.
if [ "$(head -c 2 "$work/filter")" = SC ]; then
    length=$(od -A n -t u4 -j 8 -N 4 "$work/filter")
    tail -c +129 "$work/filter" | head -c "$((length))" > "$work/allowed"
    mv "$work/allowed" "$work/filter"
fi
works "$bwrap" --ro-bind "$inside" /inside --proc /proc --seccomp 7 -- /inside "${usual_calls[@]}" \
    7< "$work/filter"
saw_filter bwrap
answered 'getpid ok' 'sysfs errno 1' 'personality ok' 'personality1 errno 1'
echo "ok: $(($(stat -c %s "$work/filter") / 8)) instructions, seen from inside"
