# SPDX-License-Identifier: LGPL-2.1-only
# Docker's default seccomp profile (moby), with its default capabilities, on amd64.
arch x86_64 x86 x32
default errno 1
allow accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod chown
allow chown32 clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime
allow clock_gettime64 clock_nanosleep clock_nanosleep_time64 close close_range connect
allow copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_ctl_old
allow epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 execve execveat exit
allow exit_group faccessat faccessat2 fadvise64 fadvise64_64 fallocate fanotify_mark fchdir
allow fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl fcntl64 fdatasync fgetxattr
allow flistxattr flock fork fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64
allow fsync ftruncate ftruncate64 futex futex_requeue futex_time64 futex_wait futex_waitv
allow futex_wake futimesat getcpu getcwd getdents getdents64 getegid getegid32 geteuid geteuid32
allow getgid getgid32 getgroups getgroups32 getitimer getpeername getpgid getpgrp getpid getppid
allow getpriority getrandom getresgid getresgid32 getresuid getresuid32 getrlimit get_robust_list
allow getrusage getsid getsockname getsockopt get_thread_area gettid gettimeofday getuid getuid32
allow getxattr getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel
allow ioctl io_destroy io_getevents io_pgetevents io_pgetevents_time64 ioprio_get ioprio_set
allow io_setup io_submit ipc kill landlock_add_rule landlock_create_ruleset
allow landlock_restrict_self lchown lchown32 lgetxattr link linkat listen listmount listxattr
allow listxattrat llistxattr _llseek lremovexattr lseek lsetxattr lstat lstat64 madvise
allow map_shadow_stack membarrier memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat
allow mlock mlock2 mlockall mmap mmap2 mprotect mq_getsetattr mq_notify mq_open mq_timedreceive
allow mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink mremap mseal msgctl
allow msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat
allow _newselect open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc
allow pkey_free pkey_mprotect poll ppoll ppoll_time64 prctl pread64 preadv preadv2 prlimit64
allow process_mrelease pselect6 pselect6_time64 pwrite64 pwritev pwritev2 read readahead readlink
allow readlinkat readv recv recvfrom recvmmsg recvmmsg_time64 recvmsg remap_file_pages
allow removexattr removexattrat rename renameat renameat2 restart_syscall riscv_hwprobe rmdir
allow rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
allow rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_getaffinity sched_getattr
allow sched_getparam sched_get_priority_max sched_get_priority_min sched_getscheduler
allow sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr
allow sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop semtimedop
allow semtimedop_time64 send sendfile sendfile64 sendmmsg sendmsg sendto setfsgid setfsgid32
allow setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setitimer setpgid setpriority
allow setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32
allow setrlimit set_robust_list setsid setsockopt set_thread_area set_tid_address setuid setuid32
allow setxattr setxattrat shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4
allow sigprocmask sigreturn socketcall socketpair splice stat stat64 statfs statfs64 statmount
allow statx symlink symlinkat sync sync_file_range syncfs sysinfo tee tgkill time timer_create
allow timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64
allow timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times
allow tkill truncate truncate64 ugetrlimit umask uname unlink unlinkat uretprobe utime utimensat
allow utimensat_time64 utimes vfork vmsplice wait4 waitid waitpid write writev process_vm_readv
allow process_vm_writev ptrace socket(a0 < 0x26) socket(a0 == 0x27) socket(a0 > 0x28)
allow personality(a0 == 0x0) personality(a0 == 0x8) personality(a0 == 0x20000)
allow personality(a0 == 0x20008) personality(a0 == 0xffffffff) arch_prctl modify_ldt
allow clone(a0 & 0x7e020000 == 0x0)
errno 38 clone3
allow chroot
