# SPDX-License-Identifier: LGPL-2.1-only
# Scaling: every system call of x86_64, each with a priority.
arch x86_64
default errno 1
priority 163 read
priority 96 write
priority 4 open
priority 65 close
priority 241 stat fstat
priority 128 lstat
priority 221 poll
priority 51 lseek
priority 213 mmap
priority 231 mprotect
priority 151 munmap
priority 47 brk
priority 26 rt_sigaction
priority 216 rt_sigprocmask
priority 78 rt_sigreturn
priority 179 ioctl
priority 101 pread64
priority 42 pwrite64
priority 233 readv
priority 185 writev
priority 56 access
priority 169 pipe
priority 51 select
priority 104 sched_yield
priority 162 mremap
priority 81 msync
priority 82 mincore
priority 169 madvise
priority 41 shmget
priority 106 shmat
priority 150 shmctl
priority 33 dup
priority 251 dup2
priority 236 pause
priority 227 nanosleep
priority 197 getitimer
priority 186 alarm
priority 243 setitimer
priority 89 getpid
priority 72 sendfile
priority 0 socket
priority 89 connect
priority 157 accept
priority 90 sendto
priority 76 recvfrom
priority 106 sendmsg
priority 68 recvmsg
priority 124 shutdown
priority 234 bind
priority 70 listen
priority 43 getsockname
priority 248 getpeername
priority 199 socketpair
priority 201 setsockopt
priority 217 getsockopt
priority 223 clone
priority 240 fork
priority 143 vfork
priority 244 execve
priority 64 exit
priority 101 wait4
priority 193 kill
priority 18 uname
priority 140 semget
priority 71 semop
priority 225 semctl
priority 111 shmdt
priority 79 msgget
priority 199 msgsnd
priority 226 msgrcv
priority 31 msgctl
priority 177 fcntl
priority 115 flock
priority 79 fsync
priority 146 fdatasync
priority 250 truncate
priority 169 ftruncate
priority 78 getdents
priority 33 getcwd
priority 201 chdir
priority 37 fchdir rename
priority 0 mkdir
priority 15 rmdir
priority 38 creat
priority 44 link
priority 67 unlink
priority 128 symlink
priority 31 readlink
priority 106 chmod
priority 220 fchmod
priority 172 chown
priority 142 fchown
priority 181 lchown
priority 102 umask
priority 81 gettimeofday
priority 209 getrlimit
priority 41 getrusage
priority 181 sysinfo
priority 59 times
priority 216 ptrace
priority 230 getuid
priority 170 syslog
priority 52 getgid
priority 5 setuid
priority 28 setgid
priority 75 geteuid
priority 208 getegid
priority 108 setpgid
priority 103 getppid
priority 34 getpgrp
priority 82 setsid
priority 233 setreuid
priority 12 setregid
priority 167 getgroups
priority 150 setgroups
priority 158 setresuid
priority 78 getresuid
priority 231 setresgid
priority 26 getresgid
priority 22 getpgid
priority 147 setfsuid
priority 81 setfsgid
priority 12 getsid
priority 161 capget
priority 12 capset
priority 75 rt_sigpending
priority 129 rt_sigtimedwait
priority 54 rt_sigqueueinfo
priority 119 rt_sigsuspend
priority 131 sigaltstack
priority 253 utime
priority 255 mknod
priority 98 uselib
priority 39 personality
priority 67 ustat
priority 146 statfs
priority 15 fstatfs
priority 120 sysfs
priority 80 getpriority
priority 89 setpriority
priority 124 sched_setparam
priority 235 sched_getparam
priority 55 sched_setscheduler
priority 1 sched_getscheduler
priority 100 sched_get_priority_max
priority 187 sched_get_priority_min
priority 87 sched_rr_get_interval
priority 138 mlock
priority 48 munlock
priority 41 mlockall
priority 153 munlockall
priority 118 vhangup
priority 192 modify_ldt
priority 152 pivot_root
priority 69 _sysctl
priority 154 prctl
priority 71 arch_prctl
priority 152 adjtimex
priority 61 setrlimit
priority 153 chroot
priority 51 sync
priority 106 acct
priority 225 settimeofday
priority 204 mount
priority 50 umount2
priority 15 swapon
priority 202 swapoff
priority 244 reboot
priority 3 sethostname
priority 150 setdomainname
priority 240 iopl ioperm
priority 188 create_module
priority 92 init_module
priority 107 delete_module
priority 244 get_kernel_syms
priority 102 query_module
priority 115 quotactl
priority 70 nfsservctl
priority 221 getpmsg
priority 101 putpmsg
priority 186 afs_syscall
priority 251 tuxcall
priority 116 security
priority 24 gettid
priority 125 readahead
priority 58 setxattr
priority 185 lsetxattr
priority 34 fsetxattr
priority 21 getxattr
priority 108 lgetxattr
priority 221 fgetxattr
priority 169 listxattr
priority 208 llistxattr
priority 230 flistxattr
priority 226 removexattr
priority 235 lremovexattr
priority 229 fremovexattr
priority 190 tkill
priority 20 time
priority 104 futex
priority 132 sched_setaffinity
priority 66 sched_getaffinity
priority 55 set_thread_area
priority 212 io_setup
priority 102 io_destroy
priority 167 io_getevents
priority 52 io_submit
priority 2 io_cancel
priority 114 get_thread_area
priority 101 lookup_dcookie
priority 196 epoll_create
priority 99 epoll_ctl_old
priority 155 epoll_wait_old
priority 158 remap_file_pages
priority 191 getdents64
priority 119 set_tid_address
priority 14 restart_syscall
priority 127 semtimedop
priority 142 fadvise64
priority 156 timer_create
priority 92 timer_settime
priority 58 timer_gettime
priority 7 timer_getoverrun
priority 178 timer_delete
priority 79 clock_settime
priority 199 clock_gettime
priority 251 clock_getres
priority 233 clock_nanosleep
priority 57 exit_group
priority 115 epoll_wait
priority 179 epoll_ctl
priority 31 tgkill
priority 42 utimes
priority 123 vserver
priority 87 mbind
priority 101 set_mempolicy
priority 218 get_mempolicy
priority 71 mq_open
priority 193 mq_unlink
priority 205 mq_timedsend
priority 180 mq_timedreceive
priority 42 mq_notify
priority 19 mq_getsetattr
priority 233 kexec_load
priority 181 waitid
priority 147 add_key
priority 190 request_key
priority 168 keyctl
priority 191 ioprio_set
priority 5 ioprio_get
priority 58 inotify_init
priority 198 inotify_add_watch
priority 154 inotify_rm_watch
priority 139 migrate_pages
priority 29 openat
priority 245 mkdirat
priority 141 mknodat
priority 26 fchownat
priority 251 futimesat
priority 162 newfstatat
priority 219 unlinkat
priority 233 renameat
priority 112 linkat
priority 87 symlinkat
priority 21 readlinkat
priority 205 fchmodat
priority 131 faccessat
priority 98 pselect6
priority 161 ppoll
priority 103 unshare
priority 57 set_robust_list
priority 85 get_robust_list
priority 215 splice tee
priority 129 sync_file_range
priority 66 vmsplice
priority 47 move_pages
priority 132 utimensat
priority 122 epoll_pwait
priority 143 signalfd
priority 94 timerfd_create
priority 232 eventfd
priority 217 fallocate
priority 8 timerfd_settime
priority 74 timerfd_gettime
priority 156 accept4
priority 70 signalfd4
priority 72 eventfd2
priority 210 epoll_create1
priority 18 dup3
priority 239 pipe2
priority 253 inotify_init1
priority 22 preadv
priority 198 pwritev
priority 54 rt_tgsigqueueinfo
priority 150 perf_event_open
priority 211 recvmmsg
priority 237 fanotify_init
priority 55 fanotify_mark
priority 218 prlimit64
priority 210 name_to_handle_at
priority 13 open_by_handle_at
priority 134 clock_adjtime
priority 31 syncfs
priority 149 sendmmsg
priority 132 setns
priority 166 getcpu
priority 14 process_vm_readv
priority 71 process_vm_writev
priority 28 kcmp
priority 111 finit_module
priority 161 sched_setattr
priority 49 sched_getattr
priority 83 renameat2
priority 154 seccomp
priority 211 getrandom
priority 73 memfd_create
priority 40 kexec_file_load
priority 253 bpf
priority 32 execveat
priority 218 userfaultfd
priority 187 membarrier
priority 76 mlock2
priority 235 copy_file_range
priority 207 preadv2
priority 167 pwritev2
priority 144 pkey_mprotect
priority 255 pkey_alloc
priority 39 pkey_free
priority 69 statx
priority 9 io_pgetevents
priority 45 rseq
priority 105 uretprobe
priority 186 uprobe
priority 245 pidfd_send_signal
priority 75 io_uring_setup
priority 89 io_uring_enter
priority 67 io_uring_register
priority 217 open_tree
priority 23 move_mount
priority 38 fsopen
priority 182 fsconfig
priority 159 fsmount
priority 128 fspick
priority 184 pidfd_open
priority 189 clone3
priority 158 close_range
priority 208 openat2
priority 204 pidfd_getfd
priority 243 faccessat2
priority 224 process_madvise
priority 188 epoll_pwait2
priority 166 mount_setattr
priority 211 quotactl_fd
priority 77 landlock_create_ruleset
priority 67 landlock_add_rule
priority 244 landlock_restrict_self
priority 128 memfd_secret
priority 129 process_mrelease
priority 218 futex_waitv
priority 241 set_mempolicy_home_node
priority 24 cachestat
priority 150 fchmodat2
priority 252 map_shadow_stack
priority 176 futex_wake
priority 253 futex_wait
priority 67 futex_requeue
priority 228 statmount
priority 74 listmount
priority 242 lsm_get_self_attr
priority 77 lsm_set_self_attr
priority 119 lsm_list_modules
priority 170 mseal
priority 35 setxattrat
priority 186 getxattrat
priority 87 listxattrat
priority 215 removexattrat
priority 209 open_tree_attr
priority 155 file_getattr
priority 138 file_setattr
allow read write open close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction
allow rt_sigprocmask rt_sigreturn ioctl pread64 pwrite64 readv writev access pipe select
allow sched_yield mremap msync mincore madvise shmget shmat shmctl dup dup2 pause nanosleep
allow getitimer alarm setitimer getpid sendfile socket connect accept sendto recvfrom sendmsg
allow recvmsg shutdown bind listen getsockname getpeername socketpair setsockopt getsockopt clone
allow fork vfork execve exit wait4 kill uname semget semop semctl shmdt msgget msgsnd msgrcv
allow msgctl fcntl flock fsync fdatasync truncate ftruncate getdents getcwd chdir fchdir rename
allow mkdir rmdir creat link unlink symlink readlink chmod fchmod chown fchown lchown umask
allow gettimeofday getrlimit getrusage sysinfo times ptrace getuid syslog getgid setuid setgid
allow geteuid getegid setpgid getppid getpgrp setsid setreuid setregid getgroups setgroups
allow setresuid getresuid setresgid getresgid getpgid setfsuid setfsgid getsid capget capset
allow rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend sigaltstack utime mknod uselib
allow personality ustat statfs fstatfs sysfs getpriority setpriority sched_setparam
allow sched_getparam sched_setscheduler sched_getscheduler sched_get_priority_max
allow sched_get_priority_min sched_rr_get_interval mlock munlock mlockall munlockall vhangup
allow modify_ldt pivot_root _sysctl prctl arch_prctl adjtimex setrlimit chroot sync acct
allow settimeofday mount umount2 swapon swapoff reboot sethostname setdomainname iopl ioperm
allow create_module init_module delete_module get_kernel_syms query_module quotactl nfsservctl
allow getpmsg putpmsg afs_syscall tuxcall security gettid readahead setxattr lsetxattr fsetxattr
allow getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr
allow fremovexattr tkill time futex sched_setaffinity sched_getaffinity set_thread_area io_setup
allow io_destroy io_getevents io_submit io_cancel get_thread_area lookup_dcookie epoll_create
allow epoll_ctl_old epoll_wait_old remap_file_pages getdents64 set_tid_address restart_syscall
allow semtimedop fadvise64 timer_create timer_settime timer_gettime timer_getoverrun timer_delete
allow clock_settime clock_gettime clock_getres clock_nanosleep exit_group epoll_wait epoll_ctl
allow tgkill utimes vserver mbind set_mempolicy get_mempolicy mq_open mq_unlink mq_timedsend
allow mq_timedreceive mq_notify mq_getsetattr kexec_load waitid add_key request_key keyctl
allow ioprio_set ioprio_get inotify_init inotify_add_watch inotify_rm_watch migrate_pages openat
allow mkdirat mknodat fchownat futimesat newfstatat unlinkat renameat linkat symlinkat readlinkat
allow fchmodat faccessat pselect6 ppoll unshare set_robust_list get_robust_list splice tee
allow sync_file_range vmsplice move_pages utimensat epoll_pwait signalfd timerfd_create eventfd
allow fallocate timerfd_settime timerfd_gettime accept4 signalfd4 eventfd2 epoll_create1 dup3
allow pipe2 inotify_init1 preadv pwritev rt_tgsigqueueinfo perf_event_open recvmmsg fanotify_init
allow fanotify_mark prlimit64 name_to_handle_at open_by_handle_at clock_adjtime syncfs sendmmsg
allow setns getcpu process_vm_readv process_vm_writev kcmp finit_module sched_setattr
allow sched_getattr renameat2 seccomp getrandom memfd_create kexec_file_load bpf execveat
allow userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc
allow pkey_free statx io_pgetevents rseq uretprobe uprobe pidfd_send_signal io_uring_setup
allow io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick
allow pidfd_open clone3 close_range openat2 pidfd_getfd faccessat2 process_madvise epoll_pwait2
allow mount_setattr quotactl_fd landlock_create_ruleset landlock_add_rule landlock_restrict_self
allow memfd_secret process_mrelease futex_waitv set_mempolicy_home_node cachestat fchmodat2
allow map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr
allow lsm_set_self_attr lsm_list_modules mseal setxattrat getxattrat listxattrat removexattrat
allow open_tree_attr file_getattr file_setattr
