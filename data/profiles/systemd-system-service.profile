# SPDX-License-Identifier: LGPL-2.1-only
# SystemCallFilter=@system-service of systemd.exec(5), which makes one such filter for each
# architecture of the machine.
arch x86_64
default errno 1
exact
foreign allow
allow arch_prctl brk cacheflush clock_getres clock_getres_time64 clock_gettime clock_gettime64
allow clock_nanosleep clock_nanosleep_time64 execve exit exit_group futex futex_time64
allow futex_waitv get_robust_list get_thread_area getegid getegid32 geteuid geteuid32 getgid
allow getgid32 getgroups getgroups32 getpgid getpgrp getpid getppid getrandom getresgid
allow getresgid32 getresuid getresuid32 getrlimit getsid gettid gettimeofday getuid getuid32
allow membarrier mmap mmap2 mprotect munmap nanosleep pause prlimit64 restart_syscall
allow riscv_flush_icache riscv_hwprobe rseq rt_sigreturn sched_getaffinity sched_yield
allow set_robust_list set_thread_area set_tid_address set_tls sigreturn time ugetrlimit uretprobe
allow io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit
allow io_uring_enter io_uring_register io_uring_setup _llseek close close_range dup dup2 dup3
allow lseek pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readv write writev chown
allow chown32 fchown fchown32 fchownat lchown lchown32 access chdir chmod creat faccessat
allow faccessat2 fallocate fchdir fchmod fchmodat fchmodat2 fcntl fcntl64 fgetxattr flistxattr
allow fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64 ftruncate ftruncate64
allow futimesat getcwd getdents getdents64 getxattr inotify_add_watch inotify_init inotify_init1
allow inotify_rm_watch lgetxattr link linkat listxattr llistxattr lremovexattr lsetxattr lstat
allow lstat64 mkdir mkdirat mknod mknodat newfstatat oldfstat oldlstat oldstat open openat
allow openat2 readlink readlinkat removexattr rename renameat renameat2 rmdir setxattr stat
allow stat64 statfs statfs64 statx symlink symlinkat truncate truncate64 unlink unlinkat utime
allow utimensat utimensat_time64 utimes _newselect epoll_create epoll_create1 epoll_ctl
allow epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 poll
allow ppoll ppoll_time64 pselect6 pselect6_time64 select ipc memfd_create mq_getsetattr mq_notify
allow mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink
allow msgctl msgget msgrcv msgsnd pipe pipe2 process_madvise process_vm_readv process_vm_writev
allow semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget add_key keyctl
allow request_key mlock mlock2 mlockall munlock munlockall accept accept4 bind connect
allow getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64 recvmsg
allow send sendmmsg sendmsg sendto setsockopt shutdown socket socketcall socketpair capget clone
allow clone3 execveat fork getrusage kill pidfd_open pidfd_send_signal prctl rt_sigqueueinfo
allow rt_tgsigqueueinfo setns swapcontext tgkill times tkill unshare vfork wait4 waitid waitpid
allow ioprio_set mbind migrate_pages move_pages nice sched_setaffinity sched_setattr
allow sched_setparam sched_setscheduler set_mempolicy set_mempolicy_home_node setpriority
allow setrlimit setgid setgid32 setgroups setgroups32 setregid setregid32 setresgid setresgid32
allow setresuid setresuid32 setreuid setreuid32 setuid setuid32 rt_sigaction rt_sigpending
allow rt_sigprocmask rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 sigaction sigaltstack
allow signal signalfd signalfd4 sigpending sigprocmask sigsuspend fdatasync fsync msync sync
allow sync_file_range sync_file_range2 syncfs alarm getitimer setitimer timer_create timer_delete
allow timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create
allow timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 arm_fadvise64_64 capset
allow copy_file_range fadvise64 fadvise64_64 flock get_mempolicy getcpu getpriority ioctl
allow ioprio_get kcmp madvise mremap name_to_handle_at oldolduname olduname personality readahead
allow readdir remap_file_pages sched_get_priority_max sched_get_priority_min sched_getattr
allow sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64
allow sendfile sendfile64 setfsgid setfsgid32 setfsuid setfsuid32 setpgid setsid splice sysinfo
allow tee umask uname userfaultfd vmsplice
