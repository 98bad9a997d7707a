# SPDX-License-Identifier: LGPL-2.1-only
# Scaling: the first 25 system calls of x86_64.
arch x86_64
default errno 1
allow read write open close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction
allow rt_sigprocmask rt_sigreturn ioctl pread64 pwrite64 readv writev access pipe select
allow sched_yield
