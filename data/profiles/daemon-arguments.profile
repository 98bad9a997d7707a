# SPDX-License-Identifier: LGPL-2.1-only
# Argument-heavy: a network daemon's commands, options and requests, each by its value.
arch x86_64
default kill-process
allow read write close exit exit_group rt_sigreturn brk futex epoll_wait
# F_DUPFD to F_SETOWN, and those from F_SETLEASE on
allow fcntl(a1 == 0..9) fcntl(a1 == 1024..1034)
# families of sockets with types, and with SOCK_CLOEXEC and SOCK_NONBLOCK
allow socket(a0 == 1..2, a1 & 0xfffff7f7 == 1..2) socket(a0 == 10, a1 & 0xfffff7f7 == 1..2)
allow socket(a0 == 16, a1 & 0xfffff7f7 == 3, a2 == 0)
# SOL_SOCKET, IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IPV6
allow setsockopt(a1 == 1, a2 == 2..21) setsockopt(a1 == 0, a2 == 1..12)
allow setsockopt(a1 == 6, a2 == 1..25) setsockopt(a1 == 17, a2 == 100..104)
allow setsockopt(a1 == 41, a2 == 16..27)
allow getsockopt(a1 == 1, a2 == 2..21) getsockopt(a1 == 6, a2 == 1..25)
# terminals, FIONREAD and FIONBIO, interfaces
allow ioctl(a1 == 0x5401..0x540b) ioctl(a1 == 0x541b) ioctl(a1 == 0x5421)
allow ioctl(a1 == 0x8910..0x8927)
# what may be executable, how it is shared
allow mmap(a2 == 0..3, a3 & 0xfffeffff == 0x22) mmap(a2 == 1, a3 & 0xfffeffff == 2)
allow mprotect(a2 == 0..3) madvise(a2 == 0..4) madvise(a2 == 8..16)
allow prctl(a0 == 1..4) prctl(a0 == 15..16) prctl(a0 == 38..39) prctl(a0 == 0x53564d41)
allow rt_sigprocmask(a0 == 0..2, a3 == 8) rt_sigaction(a0 == 1..31, a3 == 8)
allow epoll_ctl(a1 == 1..3) lseek(a2 == 0..2) shutdown(a1 == 0..2) clock_gettime(a0 == 0..7)
allow openat(a0 == 0xffffff9c, a2 & 0xfff7ffff == 0) tgkill(a2 == 6) tgkill(a2 == 0)
