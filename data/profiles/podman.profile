# SPDX-License-Identifier: LGPL-2.1-only
# Podman's and CRI-O's default seccomp profile (containers/common), with its default
# capabilities, on amd64.
arch x86_64 x86 x32
default errno 38
errno 1 bdflush cachestat futex_requeue futex_wait futex_waitv futex_wake io_pgetevents
errno 1 io_pgetevents_time64 kexec_file_load kexec_load map_shadow_stack migrate_pages move_pages
errno 1 nfsservctl nice oldfstat oldlstat oldolduname oldstat olduname pciconfig_iobase
errno 1 pciconfig_read pciconfig_write sgetmask ssetmask swapoff swapon syscall sysfs uselib
errno 1 userfaultfd ustat vm86 vm86old vmsplice
allow _llseek _newselect accept accept4 access adjtimex alarm bind brk capget capset chdir chmod
allow chown chown32 clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime
allow clock_gettime64 clock_nanosleep clock_nanosleep_time64 clone clone3 close close_range
allow connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl
allow epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 execve
allow execveat exit exit_group faccessat faccessat2 fadvise64 fadvise64_64 fallocate
allow fanotify_init fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl
allow fcntl64 fdatasync fgetxattr flistxattr flock fork fremovexattr fsconfig fsetxattr fsmount
allow fsopen fspick fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex
allow futex_time64 futimesat get_mempolicy get_robust_list get_thread_area getcpu getcwd getdents
allow getdents64 getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32
allow getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid
allow getresgid32 getresuid getresuid32 getrlimit getrusage getsid getsockname getsockopt gettid
allow gettimeofday getuid getuid32 getxattr inotify_add_watch inotify_init inotify_init1
allow inotify_rm_watch io_cancel io_destroy io_getevents io_setup io_submit ioctl ioprio_get
allow ioprio_set ipc keyctl kill landlock_add_rule landlock_create_ruleset landlock_restrict_self
allow lchown lchown32 lgetxattr link linkat listen listxattr llistxattr lremovexattr lseek
allow lsetxattr lstat lstat64 madvise mbind membarrier memfd_create memfd_secret mincore mkdir
allow mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 mount mount_setattr move_mount
allow mprotect mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64
allow mq_timedsend mq_timedsend_time64 mq_unlink mremap msgctl msgget msgrcv msgsnd msync munlock
allow munlockall munmap name_to_handle_at nanosleep newfstatat open open_tree openat openat2
allow pause pidfd_getfd pidfd_open pidfd_send_signal pipe pipe2 pivot_root pkey_alloc pkey_free
allow pkey_mprotect poll ppoll ppoll_time64 prctl pread64 preadv preadv2 prlimit64
allow process_mrelease process_vm_readv process_vm_writev pselect6 pselect6_time64 ptrace
allow pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv reboot recv recvfrom
allow recvmmsg recvmmsg_time64 recvmsg remap_file_pages removexattr rename renameat renameat2
allow restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo
allow rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo
allow sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr
allow sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64
allow sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp
allow select semctl semget semop semtimedop semtimedop_time64 send sendfile sendfile64 sendmmsg
allow sendmsg sendto set_mempolicy set_robust_list set_thread_area set_tid_address setfsgid
allow setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setitimer setns
allow setpgid setpriority setregid setregid32 setresgid setresgid32 setresuid setresuid32
allow setreuid setreuid32 setrlimit setsid setsockopt setuid setuid32 setxattr shmat shmctl shmdt
allow shmget shutdown sigaltstack signal signalfd signalfd4 sigprocmask sigreturn socketcall
allow socketpair splice stat stat64 statfs statfs64 statx symlink symlinkat sync sync_file_range
allow syncfs sysinfo syslog tee tgkill time timer_create timer_delete timer_getoverrun
allow timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime
allow timerfd_gettime64 timerfd_settime timerfd_settime64 times tkill truncate truncate64
allow ugetrlimit umask umount umount2 uname unlink unlinkat unshare utime utimensat
allow utimensat_time64 utimes vfork wait4 waitid waitpid write writev personality(a0 == 0x0)
allow personality(a0 == 0x8) personality(a0 == 0x20000) personality(a0 == 0x20008)
allow personality(a0 == 0xffffffff) arch_prctl modify_ldt
errno 1 open_by_handle_at lookup_dcookie perf_event_open quotactl quotactl_fd setdomainname
errno 1 sethostname setns
allow chroot
errno 1 delete_module finit_module init_module query_module acct kcmp process_madvise ioperm iopl
errno 1 clock_settime clock_settime64 settimeofday stime vhangup
errno 22 socket(a0 == 0x10, a2 == 0x9)
allow socket(a2 != 0x9) socket(a0 != 0x10) socket(a2 != 0x9)
errno 1 bpf perf_event_open
