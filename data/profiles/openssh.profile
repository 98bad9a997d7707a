# SPDX-License-Identifier: LGPL-2.1-only
# sshd's sandbox before authentication, as rules.
arch x86_64
default kill-thread
errno 13 lstat stat newfstatat statx open openat shmget shmat shmdt ipc
allow brk clock_gettime close exit exit_group futex geteuid getpgid getpid getrandom gettid
allow gettimeofday getuid mremap munmap nanosleep clock_nanosleep poll ppoll pselect6 read
allow rt_sigprocmask select shutdown sigprocmask time write madvise(a2 == 0) madvise(a2 == 8)
allow madvise(a2 == 4) madvise(a2 == 14) mmap(a2 & 0xfffffffc == 0)
allow mprotect(a2 & 0xfffffffc == 0)
