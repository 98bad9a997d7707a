# SPDX-License-Identifier: LGPL-2.1-only
# Scaling: the first 100 system calls of x86_64.
arch x86_64
default errno 1
allow read write open close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction
allow rt_sigprocmask rt_sigreturn ioctl pread64 pwrite64 readv writev access pipe select
allow sched_yield mremap msync mincore madvise shmget shmat shmctl dup dup2 pause nanosleep
allow getitimer alarm setitimer getpid sendfile socket connect accept sendto recvfrom sendmsg
allow recvmsg shutdown bind listen getsockname getpeername socketpair setsockopt getsockopt clone
allow fork vfork execve exit wait4 kill uname semget semop semctl shmdt msgget msgsnd msgrcv
allow msgctl fcntl flock fsync fdatasync truncate ftruncate getdents getcwd chdir fchdir rename
allow mkdir rmdir creat link unlink symlink readlink chmod fchmod chown fchown lchown umask
allow gettimeofday getrlimit getrusage sysinfo
