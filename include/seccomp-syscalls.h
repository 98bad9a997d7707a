/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Names of all system calls, for SCMP_SYS(). Generated from crates/scmp/data/syscalls.csv by
 * tests/syscalls_header.rs (make headers): do not edit.
 */

#ifndef _SECCOMP_H
#error "include seccomp.h, not seccomp-syscalls.h"
#endif

/* __PNR_x stands for a call that some architecture lacks. */

#define __PNR_socket -101
#define __PNR_bind -102
#define __PNR_connect -103
#define __PNR_listen -104
#define __PNR_accept -105
#define __PNR_getsockname -106
#define __PNR_getpeername -107
#define __PNR_socketpair -108
#define __PNR_send -109
#define __PNR_recv -110
#define __PNR_sendto -111
#define __PNR_recvfrom -112
#define __PNR_shutdown -113
#define __PNR_setsockopt -114
#define __PNR_getsockopt -115
#define __PNR_sendmsg -116
#define __PNR_recvmsg -117
#define __PNR_accept4 -118
#define __PNR_recvmmsg -119
#define __PNR_sendmmsg -120
#define __PNR_semop -201
#define __PNR_semget -202
#define __PNR_semctl -203
#define __PNR_semtimedop -204
#define __PNR_msgsnd -211
#define __PNR_msgrcv -212
#define __PNR_msgget -213
#define __PNR_msgctl -214
#define __PNR_shmat -221
#define __PNR_shmdt -222
#define __PNR_shmget -223
#define __PNR_shmctl -224
#define __PNR_arch_prctl -10001
#define __PNR_bdflush -10002
#define __PNR_break -10003
#define __PNR_chown32 -10004
#define __PNR_epoll_ctl_old -10005
#define __PNR_epoll_wait_old -10006
#define __PNR_fadvise64_64 -10007
#define __PNR_fchown32 -10008
#define __PNR_fcntl64 -10009
#define __PNR_fstat64 -10010
#define __PNR_fstatat64 -10011
#define __PNR_fstatfs64 -10012
#define __PNR_ftime -10013
#define __PNR_ftruncate64 -10014
#define __PNR_getegid32 -10015
#define __PNR_geteuid32 -10016
#define __PNR_getgid32 -10017
#define __PNR_getgroups32 -10018
#define __PNR_getresgid32 -10019
#define __PNR_getresuid32 -10020
#define __PNR_getuid32 -10021
#define __PNR_gtty -10022
#define __PNR_idle -10023
#define __PNR_ipc -10024
#define __PNR_lchown32 -10025
#define __PNR__llseek -10026
#define __PNR_lock -10027
#define __PNR_lstat64 -10028
#define __PNR_mmap2 -10029
#define __PNR_mpx -10030
#define __PNR_newfstatat -10031
#define __PNR__newselect -10032
#define __PNR_nice -10033
#define __PNR_oldfstat -10034
#define __PNR_oldlstat -10035
#define __PNR_oldolduname -10036
#define __PNR_oldstat -10037
#define __PNR_olduname -10038
#define __PNR_prof -10039
#define __PNR_profil -10040
#define __PNR_readdir -10041
#define __PNR_security -10042
#define __PNR_sendfile64 -10043
#define __PNR_setfsgid32 -10044
#define __PNR_setfsuid32 -10045
#define __PNR_setgid32 -10046
#define __PNR_setgroups32 -10047
#define __PNR_setregid32 -10048
#define __PNR_setresgid32 -10049
#define __PNR_setresuid32 -10050
#define __PNR_setreuid32 -10051
#define __PNR_setuid32 -10052
#define __PNR_sgetmask -10053
#define __PNR_sigaction -10054
#define __PNR_signal -10055
#define __PNR_sigpending -10056
#define __PNR_sigprocmask -10057
#define __PNR_sigreturn -10058
#define __PNR_sigsuspend -10059
#define __PNR_socketcall -10060
#define __PNR_ssetmask -10061
#define __PNR_stat64 -10062
#define __PNR_statfs64 -10063
#define __PNR_stime -10064
#define __PNR_stty -10065
#define __PNR_truncate64 -10066
#define __PNR_tuxcall -10067
#define __PNR_ugetrlimit -10068
#define __PNR_ulimit -10069
#define __PNR_umount -10070
#define __PNR_vm86 -10071
#define __PNR_vm86old -10072
#define __PNR_waitpid -10073
#define __PNR_create_module -10074
#define __PNR_get_kernel_syms -10075
#define __PNR_get_thread_area -10076
#define __PNR_nfsservctl -10077
#define __PNR_query_module -10078
#define __PNR_set_thread_area -10079
#define __PNR__sysctl -10080
#define __PNR_uselib -10081
#define __PNR_vserver -10082
#define __PNR_arm_fadvise64_64 -10083
#define __PNR_arm_sync_file_range -10084
#define __PNR_pciconfig_iobase -10086
#define __PNR_pciconfig_read -10087
#define __PNR_pciconfig_write -10088
#define __PNR_sync_file_range2 -10089
#define __PNR_syscall -10090
#define __PNR_afs_syscall -10091
#define __PNR_fadvise64 -10092
#define __PNR_getpmsg -10093
#define __PNR_ioperm -10094
#define __PNR_iopl -10095
#define __PNR_migrate_pages -10097
#define __PNR_modify_ldt -10098
#define __PNR_putpmsg -10099
#define __PNR_sync_file_range -10100
#define __PNR_select -10101
#define __PNR_vfork -10102
#define __PNR_cachectl -10103
#define __PNR_cacheflush -10104
#define __PNR_sysmips -10106
#define __PNR_timerfd -10107
#define __PNR_time -10108
#define __PNR_getrandom -10109
#define __PNR_memfd_create -10110
#define __PNR_kexec_file_load -10111
#define __PNR_sysfs -10145
#define __PNR_oldwait4 -10146
#define __PNR_access -10147
#define __PNR_alarm -10148
#define __PNR_chmod -10149
#define __PNR_chown -10150
#define __PNR_creat -10151
#define __PNR_dup2 -10152
#define __PNR_epoll_create -10153
#define __PNR_epoll_wait -10154
#define __PNR_eventfd -10155
#define __PNR_fork -10156
#define __PNR_futimesat -10157
#define __PNR_getdents -10158
#define __PNR_getpgrp -10159
#define __PNR_inotify_init -10160
#define __PNR_lchown -10161
#define __PNR_link -10162
#define __PNR_lstat -10163
#define __PNR_mkdir -10164
#define __PNR_mknod -10165
#define __PNR_open -10166
#define __PNR_pause -10167
#define __PNR_pipe -10168
#define __PNR_poll -10169
#define __PNR_readlink -10170
#define __PNR_rename -10171
#define __PNR_rmdir -10172
#define __PNR_signalfd -10173
#define __PNR_stat -10174
#define __PNR_symlink -10175
#define __PNR_unlink -10176
#define __PNR_ustat -10177
#define __PNR_utime -10178
#define __PNR_utimes -10179
#define __PNR_getrlimit -10180
#define __PNR_mmap -10181
#define __PNR_breakpoint -10182
#define __PNR_set_tls -10183
#define __PNR_usr26 -10184
#define __PNR_usr32 -10185
#define __PNR_multiplexer -10186
#define __PNR_rtas -10187
#define __PNR_spu_create -10188
#define __PNR_spu_run -10189
#define __PNR_swapcontext -10190
#define __PNR_switch_endian -10191
#define __PNR_sys_debug_setcontext -10191
#define __PNR_get_mempolicy -10192
#define __PNR_move_pages -10193
#define __PNR_mbind -10194
#define __PNR_set_mempolicy -10195
#define __PNR_s390_runtime_instr -10196
#define __PNR_s390_pci_mmio_read -10197
#define __PNR_s390_pci_mmio_write -10198
#define __PNR_membarrier -10199
#define __PNR_userfaultfd -10200
#define __PNR_pkey_mprotect -10201
#define __PNR_pkey_alloc -10202
#define __PNR_pkey_free -10203
#define __PNR_get_tls -10204
#define __PNR_s390_guarded_storage -10205
#define __PNR_s390_sthyi -10206
#define __PNR_subpage_prot -10207
#define __PNR_statx -10208
#define __PNR_io_pgetevents -10209
#define __PNR_rseq -10210
#define __PNR_setrlimit -10211
#define __PNR_clock_adjtime64 -10212
#define __PNR_clock_getres_time64 -10213
#define __PNR_clock_gettime64 -10214
#define __PNR_clock_nanosleep_time64 -10215
#define __PNR_clock_settime64 -10216
#define __PNR_clone3 -10217
#define __PNR_fsconfig -10218
#define __PNR_fsmount -10219
#define __PNR_fsopen -10220
#define __PNR_fspick -10221
#define __PNR_futex_time64 -10222
#define __PNR_io_pgetevents_time64 -10223
#define __PNR_move_mount -10224
#define __PNR_mq_timedreceive_time64 -10225
#define __PNR_mq_timedsend_time64 -10226
#define __PNR_open_tree -10227
#define __PNR_pidfd_open -10228
#define __PNR_pidfd_send_signal -10229
#define __PNR_ppoll_time64 -10230
#define __PNR_pselect6_time64 -10231
#define __PNR_recvmmsg_time64 -10232
#define __PNR_rt_sigtimedwait_time64 -10233
#define __PNR_sched_rr_get_interval_time64 -10234
#define __PNR_semtimedop_time64 -10235
#define __PNR_timer_gettime64 -10236
#define __PNR_timer_settime64 -10237
#define __PNR_timerfd_gettime64 -10238
#define __PNR_timerfd_settime64 -10239
#define __PNR_utimensat_time64 -10240
#define __PNR_ppoll -10241
#define __PNR_renameat -10242
#define __PNR_riscv_flush_icache -10243
#define __PNR_memfd_secret -10244
#define __PNR_map_shadow_stack -10245
#define __PNR_fstat -10246
#define __PNR_atomic_barrier -10247
#define __PNR_atomic_cmpxchg_32 -10248
#define __PNR_getpagesize -10249
#define __PNR_riscv_hwprobe -10250
#define __PNR_uretprobe -10251
#define __PNR_listns -10252
#define __PNR_rseq_slice_yield -10253
#define __PNR_uprobe -10254

/*
 * Internal. _SCMP_NR() takes a call's number on every ABI, in the order of the columns of
 * crates/scmp/data/syscalls.csv, and gives that of the ABI compiled for. An ABI that lacks the call
 * has the pseudo number there. _SCMP_NR_ALL() is for calls with one number on all ABIs.
 */
#if defined(__i386__)
#define _SCMP_NR(x86, ...) x86
#elif defined(__x86_64__) && defined(__ILP32__)
#define _SCMP_NR(x86, x86_64, x32, ...) _SCMP_NR_FROM(0x40000000, x32)
#elif defined(__x86_64__)
#define _SCMP_NR(x86, x86_64, ...) x86_64
#elif defined(__arm__)
#define _SCMP_NR(x86, x86_64, x32, arm, ...) arm
#elif defined(__aarch64__)
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, ...) aarch64
#elif defined(__loongarch__) && __loongarch_grlen == 64
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, ...) loongarch64
#elif defined(__m68k__)
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, ...) m68k
#elif defined(__mips__) && _MIPS_SIM == 1 /* o32 */
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, mips, ...) _SCMP_NR_FROM(4000, mips)
#elif defined(__mips__) && _MIPS_SIM == 2 /* n32 */
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, mips, mips64, mips64n32, ...) _SCMP_NR_FROM(6000, mips64n32)
#elif defined(__mips__) && _MIPS_SIM == 3 /* n64 */
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, mips, mips64, ...) _SCMP_NR_FROM(5000, mips64)
#elif defined(__hppa__) && defined(__LP64__)
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, mips, mips64, mips64n32, parisc, parisc64, ...) parisc64
#elif defined(__hppa__)
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, mips, mips64, mips64n32, parisc, ...) parisc
#elif defined(__powerpc64__)
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, mips, mips64, mips64n32, parisc, parisc64, ppc, ppc64, ...) ppc64
#elif defined(__powerpc__)
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, mips, mips64, mips64n32, parisc, parisc64, ppc, ...) ppc
#elif defined(__riscv) && __riscv_xlen == 64
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, mips, mips64, mips64n32, parisc, parisc64, ppc, ppc64, riscv64, ...) riscv64
#elif defined(__s390x__)
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, mips, mips64, mips64n32, parisc, parisc64, ppc, ppc64, riscv64, s390, s390x, ...) s390x
#elif defined(__s390__)
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, mips, mips64, mips64n32, parisc, parisc64, ppc, ppc64, riscv64, s390, ...) s390
#elif defined(__sh__)
#define _SCMP_NR(x86, x86_64, x32, arm, aarch64, loongarch64, m68k, mips, mips64, mips64n32, parisc, parisc64, ppc, ppc64, riscv64, s390, s390x, sh) sh
#else /* no ABI of the library's */
#define _SCMP_NR(...) __NR_SCMP_UNDEF
#endif
#define _SCMP_NR_FROM(first, n) ((n) < 0 ? (n) : (first) + (n))
#define _SCMP_NR_ALL(n) _SCMP_NR(n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n)

/*
 * __SNR_x is the number of the call named x on the ABI compiled for, or __PNR_x if the ABI lacks
 * it. The kernel's header comes first; where it lacks the call, it may be too old, and the
 * library's number is taken.
 */

#if defined(__NR__llseek)
#define __SNR__llseek __NR__llseek
#else
#define __SNR__llseek _SCMP_NR(140, -10026, -10026, 140, -10026, -10026, 140, 140, -10026, -10026, 140, -10026, 140, 140, -10026, 140, -10026, 140)
#endif
#if defined(__NR__newselect)
#define __SNR__newselect __NR__newselect
#else
#define __SNR__newselect _SCMP_NR(142, -10032, -10032, 142, -10032, -10032, 142, 142, 22, 22, 142, 142, 142, 142, -10032, 142, -10032, 142)
#endif
#if defined(__NR__sysctl)
#define __SNR__sysctl __NR__sysctl
#else
#define __SNR__sysctl _SCMP_NR(149, 156, -10080, 149, -10080, -10080, 149, 153, 152, 152, 149, 149, 149, 149, -10080, 149, 149, 149)
#endif
#if defined(__NR_accept)
#define __SNR_accept __NR_accept
#else
#define __SNR_accept _SCMP_NR(-105, 43, 43, 285, 202, 202, -105, 168, 42, 42, 35, 35, 330, 330, 202, -105, -105, 344)
#endif
#if defined(__NR_accept4)
#define __SNR_accept4 __NR_accept4
#else
#define __SNR_accept4 _SCMP_NR(364, 288, 288, 366, 242, 242, 361, 334, 293, 297, 320, 320, 344, 344, 242, 364, 364, 358)
#endif
#if defined(__NR_access)
#define __SNR_access __NR_access
#else
#define __SNR_access _SCMP_NR(33, 21, 21, 33, -10147, -10147, 33, 33, 20, 20, 33, 33, 33, 33, -10147, 33, 33, 33)
#endif
#if defined(__NR_acct)
#define __SNR_acct __NR_acct
#else
#define __SNR_acct _SCMP_NR(51, 163, 163, 51, 89, 89, 51, 51, 158, 158, 51, 51, 51, 51, 89, 51, 51, 51)
#endif
#if defined(__NR_add_key)
#define __SNR_add_key __NR_add_key
#else
#define __SNR_add_key _SCMP_NR(286, 248, 248, 309, 217, 217, 279, 280, 239, 243, 264, 264, 269, 269, 217, 278, 278, 285)
#endif
#if defined(__NR_adjtimex)
#define __SNR_adjtimex __NR_adjtimex
#else
#define __SNR_adjtimex _SCMP_NR(124, 159, 159, 124, 171, 171, 124, 124, 154, 154, 124, 124, 124, 124, 171, 124, 124, 124)
#endif
#if defined(__NR_afs_syscall)
#define __SNR_afs_syscall __NR_afs_syscall
#else
#define __SNR_afs_syscall _SCMP_NR(137, 183, 183, -10091, -10091, -10091, -10091, 137, 176, 176, -10091, -10091, 137, 137, -10091, 137, 137, -10091)
#endif
#if defined(__NR_alarm)
#define __SNR_alarm __NR_alarm
#else
#define __SNR_alarm _SCMP_NR(27, 37, 37, -10148, -10148, -10148, 27, 27, 37, 37, 27, 27, 27, 27, -10148, 27, 27, 27)
#endif
#if defined(__NR_arch_prctl)
#define __SNR_arch_prctl __NR_arch_prctl
#else
#define __SNR_arch_prctl _SCMP_NR(384, 158, 158, -10001, -10001, -10001, -10001, -10001, -10001, -10001, -10001, -10001, -10001, -10001, -10001, -10001, -10001, -10001)
#endif
#if defined(__NR_arm_fadvise64_64)
#define __SNR_arm_fadvise64_64 __NR_arm_fadvise64_64
#else
#define __SNR_arm_fadvise64_64 _SCMP_NR(-10083, -10083, -10083, 270, -10083, -10083, -10083, -10083, -10083, -10083, -10083, -10083, -10083, -10083, -10083, -10083, -10083, -10083)
#endif
#if defined(__NR_arm_sync_file_range)
#define __SNR_arm_sync_file_range __NR_arm_sync_file_range
#else
#define __SNR_arm_sync_file_range _SCMP_NR(-10084, -10084, -10084, 341, -10084, -10084, -10084, -10084, -10084, -10084, -10084, -10084, -10084, -10084, -10084, -10084, -10084, -10084)
#endif
#if defined(__NR_atomic_barrier)
#define __SNR_atomic_barrier __NR_atomic_barrier
#else
#define __SNR_atomic_barrier _SCMP_NR(-10247, -10247, -10247, -10247, -10247, -10247, 336, -10247, -10247, -10247, -10247, -10247, -10247, -10247, -10247, -10247, -10247, -10247)
#endif
#if defined(__NR_atomic_cmpxchg_32)
#define __SNR_atomic_cmpxchg_32 __NR_atomic_cmpxchg_32
#else
#define __SNR_atomic_cmpxchg_32 _SCMP_NR(-10248, -10248, -10248, -10248, -10248, -10248, 335, -10248, -10248, -10248, -10248, -10248, -10248, -10248, -10248, -10248, -10248, -10248)
#endif
#if defined(__NR_bdflush)
#define __SNR_bdflush __NR_bdflush
#else
#define __SNR_bdflush _SCMP_NR(134, -10002, -10002, 134, -10002, -10002, 134, 134, -10002, -10002, 134, 134, 134, 134, -10002, 134, 134, 134)
#endif
#if defined(__NR_bind)
#define __SNR_bind __NR_bind
#else
#define __SNR_bind _SCMP_NR(361, 49, 49, 282, 200, 200, 358, 169, 48, 48, 22, 22, 327, 327, 200, 361, 361, 341)
#endif
#if defined(__NR_bpf)
#define __SNR_bpf __NR_bpf
#else
#define __SNR_bpf _SCMP_NR(357, 321, 321, 386, 280, 280, 354, 355, 315, 319, 341, 341, 361, 361, 280, 351, 351, 375)
#endif
#if defined(__NR_break)
#define __SNR_break __NR_break
#else
#define __SNR_break _SCMP_NR(17, -10003, -10003, -10003, -10003, -10003, -10003, 17, -10003, -10003, -10003, -10003, 17, 17, -10003, -10003, -10003, -10003)
#endif
#if defined(__ARM_NR_breakpoint)
#define __SNR_breakpoint __ARM_NR_breakpoint
#elif defined(__NR_breakpoint)
#define __SNR_breakpoint __NR_breakpoint
#else
#define __SNR_breakpoint _SCMP_NR(-10182, -10182, -10182, 983041, -10182, -10182, -10182, -10182, -10182, -10182, -10182, -10182, -10182, -10182, -10182, -10182, -10182, -10182)
#endif
#if defined(__NR_brk)
#define __SNR_brk __NR_brk
#else
#define __SNR_brk _SCMP_NR(45, 12, 12, 45, 214, 214, 45, 45, 12, 12, 45, 45, 45, 45, 214, 45, 45, 45)
#endif
#if defined(__NR_cachectl)
#define __SNR_cachectl __NR_cachectl
#else
#define __SNR_cachectl _SCMP_NR(-10103, -10103, -10103, -10103, -10103, -10103, -10103, 148, 198, 198, -10103, -10103, -10103, -10103, -10103, -10103, -10103, -10103)
#endif
#if defined(__ARM_NR_cacheflush)
#define __SNR_cacheflush __ARM_NR_cacheflush
#elif defined(__NR_cacheflush)
#define __SNR_cacheflush __NR_cacheflush
#else
#define __SNR_cacheflush _SCMP_NR(-10104, -10104, -10104, 983042, -10104, -10104, 123, 147, 197, 197, 356, 356, -10104, -10104, -10104, -10104, -10104, 123)
#endif
#if defined(__NR_cachestat)
#define __SNR_cachestat __NR_cachestat
#else
#define __SNR_cachestat _SCMP_NR_ALL(451)
#endif
#if defined(__NR_capget)
#define __SNR_capget __NR_capget
#else
#define __SNR_capget _SCMP_NR(184, 125, 125, 184, 90, 90, 184, 204, 123, 123, 106, 106, 183, 183, 90, 184, 184, 184)
#endif
#if defined(__NR_capset)
#define __SNR_capset __NR_capset
#else
#define __SNR_capset _SCMP_NR(185, 126, 126, 185, 91, 91, 185, 205, 124, 124, 107, 107, 184, 184, 91, 185, 185, 185)
#endif
#if defined(__NR_chdir)
#define __SNR_chdir __NR_chdir
#else
#define __SNR_chdir _SCMP_NR(12, 80, 80, 12, 49, 49, 12, 12, 78, 78, 12, 12, 12, 12, 49, 12, 12, 12)
#endif
#if defined(__NR_chmod)
#define __SNR_chmod __NR_chmod
#else
#define __SNR_chmod _SCMP_NR(15, 90, 90, 15, -10149, -10149, 15, 15, 88, 88, 15, 15, 15, 15, -10149, 15, 15, 15)
#endif
#if defined(__NR_chown)
#define __SNR_chown __NR_chown
#else
#define __SNR_chown _SCMP_NR(182, 92, 92, 182, -10150, -10150, 16, 202, 90, 90, 180, 180, 181, 181, -10150, 182, 212, 182)
#endif
#if defined(__NR_chown32)
#define __SNR_chown32 __NR_chown32
#else
#define __SNR_chown32 _SCMP_NR(212, -10004, -10004, 212, -10004, -10004, 198, -10004, -10004, -10004, -10004, -10004, -10004, -10004, -10004, 212, -10004, 212)
#endif
#if defined(__NR_chroot)
#define __SNR_chroot __NR_chroot
#else
#define __SNR_chroot _SCMP_NR(61, 161, 161, 61, 51, 51, 61, 61, 156, 156, 61, 61, 61, 61, 51, 61, 61, 61)
#endif
#if defined(__NR_clock_adjtime)
#define __SNR_clock_adjtime __NR_clock_adjtime
#else
#define __SNR_clock_adjtime _SCMP_NR(343, 305, 305, 372, 266, 266, 342, 341, 300, 305, 324, 324, 347, 347, 266, 337, 337, 361)
#endif
#if defined(__NR_clock_adjtime64)
#define __SNR_clock_adjtime64 __NR_clock_adjtime64
#else
#define __SNR_clock_adjtime64 _SCMP_NR(405, -10212, -10212, 405, -10212, -10212, 405, 405, -10212, 405, 405, -10212, 405, -10212, -10212, 405, -10212, 405)
#endif
#if defined(__NR_clock_getres)
#define __SNR_clock_getres __NR_clock_getres
#else
#define __SNR_clock_getres _SCMP_NR(266, 229, 229, 264, 114, 114, 261, 264, 223, 227, 257, 257, 247, 247, 114, 261, 261, 266)
#endif
#if defined(__NR_clock_getres_time64)
#define __SNR_clock_getres_time64 __NR_clock_getres_time64
#else
#define __SNR_clock_getres_time64 _SCMP_NR(406, -10213, -10213, 406, -10213, -10213, 406, 406, -10213, 406, 406, -10213, 406, -10213, -10213, 406, -10213, 406)
#endif
#if defined(__NR_clock_gettime)
#define __SNR_clock_gettime __NR_clock_gettime
#else
#define __SNR_clock_gettime _SCMP_NR(265, 228, 228, 263, 113, 113, 260, 263, 222, 226, 256, 256, 246, 246, 113, 260, 260, 265)
#endif
#if defined(__NR_clock_gettime64)
#define __SNR_clock_gettime64 __NR_clock_gettime64
#else
#define __SNR_clock_gettime64 _SCMP_NR(403, -10214, -10214, 403, -10214, -10214, 403, 403, -10214, 403, 403, -10214, 403, -10214, -10214, 403, -10214, 403)
#endif
#if defined(__NR_clock_nanosleep)
#define __SNR_clock_nanosleep __NR_clock_nanosleep
#else
#define __SNR_clock_nanosleep _SCMP_NR(267, 230, 230, 265, 115, 115, 262, 265, 224, 228, 258, 258, 248, 248, 115, 262, 262, 267)
#endif
#if defined(__NR_clock_nanosleep_time64)
#define __SNR_clock_nanosleep_time64 __NR_clock_nanosleep_time64
#else
#define __SNR_clock_nanosleep_time64 _SCMP_NR(407, -10215, -10215, 407, -10215, -10215, 407, 407, -10215, 407, 407, -10215, 407, -10215, -10215, 407, -10215, 407)
#endif
#if defined(__NR_clock_settime)
#define __SNR_clock_settime __NR_clock_settime
#else
#define __SNR_clock_settime _SCMP_NR(264, 227, 227, 262, 112, 112, 259, 262, 221, 225, 255, 255, 245, 245, 112, 259, 259, 264)
#endif
#if defined(__NR_clock_settime64)
#define __SNR_clock_settime64 __NR_clock_settime64
#else
#define __SNR_clock_settime64 _SCMP_NR(404, -10216, -10216, 404, -10216, -10216, 404, 404, -10216, 404, 404, -10216, 404, -10216, -10216, 404, -10216, 404)
#endif
#if defined(__NR_clone)
#define __SNR_clone __NR_clone
#else
#define __SNR_clone _SCMP_NR(120, 56, 56, 120, 220, 220, 120, 120, 55, 55, 120, 120, 120, 120, 220, 120, 120, 120)
#endif
#if defined(__NR_clone3)
#define __SNR_clone3 __NR_clone3
#else
#define __SNR_clone3 _SCMP_NR(435, 435, 435, 435, 435, 435, 435, 435, 435, 435, 435, 435, 435, 435, 435, 435, 435, -10217)
#endif
#if defined(__NR_close)
#define __SNR_close __NR_close
#else
#define __SNR_close _SCMP_NR(6, 3, 3, 6, 57, 57, 6, 6, 3, 3, 6, 6, 6, 6, 57, 6, 6, 6)
#endif
#if defined(__NR_close_range)
#define __SNR_close_range __NR_close_range
#else
#define __SNR_close_range _SCMP_NR_ALL(436)
#endif
#if defined(__NR_connect)
#define __SNR_connect __NR_connect
#else
#define __SNR_connect _SCMP_NR(362, 42, 42, 283, 203, 203, 359, 170, 41, 41, 31, 31, 328, 328, 203, 362, 362, 342)
#endif
#if defined(__NR_copy_file_range)
#define __SNR_copy_file_range __NR_copy_file_range
#else
#define __SNR_copy_file_range _SCMP_NR(377, 326, 326, 391, 285, 285, 376, 360, 320, 324, 346, 346, 379, 379, 285, 375, 375, 380)
#endif
#if defined(__NR_creat)
#define __SNR_creat __NR_creat
#else
#define __SNR_creat _SCMP_NR(8, 85, 85, 8, -10151, -10151, 8, 8, 83, 83, 8, 8, 8, 8, -10151, 8, 8, 8)
#endif
#if defined(__NR_create_module)
#define __SNR_create_module __NR_create_module
#else
#define __SNR_create_module _SCMP_NR(127, 174, -10074, -10074, -10074, -10074, 127, 127, 167, 167, -10074, -10074, 127, 127, -10074, 127, 127, -10074)
#endif
#if defined(__NR_delete_module)
#define __SNR_delete_module __NR_delete_module
#else
#define __SNR_delete_module _SCMP_NR(129, 176, 176, 129, 106, 106, 129, 129, 169, 169, 129, 129, 129, 129, 106, 129, 129, 129)
#endif
#if defined(__NR_dup)
#define __SNR_dup __NR_dup
#else
#define __SNR_dup _SCMP_NR(41, 32, 32, 41, 23, 23, 41, 41, 31, 31, 41, 41, 41, 41, 23, 41, 41, 41)
#endif
#if defined(__NR_dup2)
#define __SNR_dup2 __NR_dup2
#else
#define __SNR_dup2 _SCMP_NR(63, 33, 33, 63, -10152, -10152, 63, 63, 32, 32, 63, 63, 63, 63, -10152, 63, 63, 63)
#endif
#if defined(__NR_dup3)
#define __SNR_dup3 __NR_dup3
#else
#define __SNR_dup3 _SCMP_NR(330, 292, 292, 358, 24, 24, 326, 327, 286, 290, 312, 312, 316, 316, 24, 326, 326, 330)
#endif
#if defined(__NR_epoll_create)
#define __SNR_epoll_create __NR_epoll_create
#else
#define __SNR_epoll_create _SCMP_NR(254, 213, 213, 250, -10153, -10153, 249, 248, 207, 207, 224, 224, 236, 236, -10153, 249, 249, 254)
#endif
#if defined(__NR_epoll_create1)
#define __SNR_epoll_create1 __NR_epoll_create1
#else
#define __SNR_epoll_create1 _SCMP_NR(329, 291, 291, 357, 20, 20, 325, 326, 285, 289, 311, 311, 315, 315, 20, 327, 327, 329)
#endif
#if defined(__NR_epoll_ctl)
#define __SNR_epoll_ctl __NR_epoll_ctl
#else
#define __SNR_epoll_ctl _SCMP_NR(255, 233, 233, 251, 21, 21, 250, 249, 208, 208, 225, 225, 237, 237, 21, 250, 250, 255)
#endif
#if defined(__NR_epoll_ctl_old)
#define __SNR_epoll_ctl_old __NR_epoll_ctl_old
#else
#define __SNR_epoll_ctl_old _SCMP_NR(-10005, 214, -10005, -10005, -10005, -10005, -10005, -10005, -10005, -10005, -10005, -10005, -10005, -10005, -10005, -10005, -10005, -10005)
#endif
#if defined(__NR_epoll_pwait)
#define __SNR_epoll_pwait __NR_epoll_pwait
#else
#define __SNR_epoll_pwait _SCMP_NR(319, 281, 281, 346, 22, 22, 315, 313, 272, 276, 297, 297, 303, 303, 22, 312, 312, 319)
#endif
#if defined(__NR_epoll_pwait2)
#define __SNR_epoll_pwait2 __NR_epoll_pwait2
#else
#define __SNR_epoll_pwait2 _SCMP_NR_ALL(441)
#endif
#if defined(__NR_epoll_wait)
#define __SNR_epoll_wait __NR_epoll_wait
#else
#define __SNR_epoll_wait _SCMP_NR(256, 232, 232, 252, -10154, -10154, 251, 250, 209, 209, 226, 226, 238, 238, -10154, 251, 251, 256)
#endif
#if defined(__NR_epoll_wait_old)
#define __SNR_epoll_wait_old __NR_epoll_wait_old
#else
#define __SNR_epoll_wait_old _SCMP_NR(-10006, 215, -10006, -10006, -10006, -10006, -10006, -10006, -10006, -10006, -10006, -10006, -10006, -10006, -10006, -10006, -10006, -10006)
#endif
#if defined(__NR_eventfd)
#define __SNR_eventfd __NR_eventfd
#else
#define __SNR_eventfd _SCMP_NR(323, 284, 284, 351, -10155, -10155, 319, 319, 278, 282, 304, 304, 307, 307, -10155, 318, 318, 323)
#endif
#if defined(__NR_eventfd2)
#define __SNR_eventfd2 __NR_eventfd2
#else
#define __SNR_eventfd2 _SCMP_NR(328, 290, 290, 356, 19, 19, 324, 325, 284, 288, 310, 310, 314, 314, 19, 323, 323, 328)
#endif
#if defined(__NR_execve)
#define __SNR_execve __NR_execve
#else
#define __SNR_execve _SCMP_NR(11, 59, 520, 11, 221, 221, 11, 11, 57, 57, 11, 11, 11, 11, 221, 11, 11, 11)
#endif
#if defined(__NR_execveat)
#define __SNR_execveat __NR_execveat
#else
#define __SNR_execveat _SCMP_NR(358, 322, 545, 387, 281, 281, 355, 356, 316, 320, 342, 342, 362, 362, 281, 354, 354, 376)
#endif
#if defined(__NR_exit)
#define __SNR_exit __NR_exit
#else
#define __SNR_exit _SCMP_NR(1, 60, 60, 1, 93, 93, 1, 1, 58, 58, 1, 1, 1, 1, 93, 1, 1, 1)
#endif
#if defined(__NR_exit_group)
#define __SNR_exit_group __NR_exit_group
#else
#define __SNR_exit_group _SCMP_NR(252, 231, 231, 248, 94, 94, 247, 246, 205, 205, 222, 222, 234, 234, 94, 248, 248, 252)
#endif
#if defined(__NR_faccessat)
#define __SNR_faccessat __NR_faccessat
#else
#define __SNR_faccessat _SCMP_NR(307, 269, 269, 334, 48, 48, 300, 300, 259, 263, 287, 287, 298, 298, 48, 300, 300, 307)
#endif
#if defined(__NR_faccessat2)
#define __SNR_faccessat2 __NR_faccessat2
#else
#define __SNR_faccessat2 _SCMP_NR_ALL(439)
#endif
#if defined(__NR_fadvise64)
#define __SNR_fadvise64 __NR_fadvise64
#else
#define __SNR_fadvise64 _SCMP_NR(250, 221, 221, -10092, 223, 223, 246, 254, 215, 216, -10092, -10092, 233, 233, 223, 253, 253, 250)
#endif
#if defined(__NR_fadvise64_64)
#define __SNR_fadvise64_64 __NR_fadvise64_64
#else
#define __SNR_fadvise64_64 _SCMP_NR(272, -10007, -10007, -10007, -10007, -10007, 267, -10007, -10007, -10007, 236, 236, 254, -10007, -10007, 264, -10007, 272)
#endif
#if defined(__NR_fallocate)
#define __SNR_fallocate __NR_fallocate
#else
#define __SNR_fallocate _SCMP_NR(324, 285, 285, 352, 47, 47, 320, 320, 279, 283, 305, 305, 309, 309, 47, 314, 314, 324)
#endif
#if defined(__NR_fanotify_init)
#define __SNR_fanotify_init __NR_fanotify_init
#else
#define __SNR_fanotify_init _SCMP_NR(338, 300, 300, 367, 262, 262, 337, 336, 295, 300, 322, 322, 323, 323, 262, 332, 332, 337)
#endif
#if defined(__NR_fanotify_mark)
#define __SNR_fanotify_mark __NR_fanotify_mark
#else
#define __SNR_fanotify_mark _SCMP_NR(339, 301, 301, 368, 263, 263, 338, 337, 296, 301, 323, 323, 324, 324, 263, 333, 333, 338)
#endif
#if defined(__NR_fchdir)
#define __SNR_fchdir __NR_fchdir
#else
#define __SNR_fchdir _SCMP_NR(133, 81, 81, 133, 50, 50, 133, 133, 79, 79, 133, 133, 133, 133, 50, 133, 133, 133)
#endif
#if defined(__NR_fchmod)
#define __SNR_fchmod __NR_fchmod
#else
#define __SNR_fchmod _SCMP_NR(94, 91, 91, 94, 52, 52, 94, 94, 89, 89, 94, 94, 94, 94, 52, 94, 94, 94)
#endif
#if defined(__NR_fchmodat)
#define __SNR_fchmodat __NR_fchmodat
#else
#define __SNR_fchmodat _SCMP_NR(306, 268, 268, 333, 53, 53, 299, 299, 258, 262, 286, 286, 297, 297, 53, 299, 299, 306)
#endif
#if defined(__NR_fchmodat2)
#define __SNR_fchmodat2 __NR_fchmodat2
#else
#define __SNR_fchmodat2 _SCMP_NR_ALL(452)
#endif
#if defined(__NR_fchown)
#define __SNR_fchown __NR_fchown
#else
#define __SNR_fchown _SCMP_NR(95, 93, 93, 95, 55, 55, 95, 95, 91, 91, 95, 95, 95, 95, 55, 95, 207, 95)
#endif
#if defined(__NR_fchown32)
#define __SNR_fchown32 __NR_fchown32
#else
#define __SNR_fchown32 _SCMP_NR(207, -10008, -10008, 207, -10008, -10008, 207, -10008, -10008, -10008, -10008, -10008, -10008, -10008, -10008, 207, -10008, 207)
#endif
#if defined(__NR_fchownat)
#define __SNR_fchownat __NR_fchownat
#else
#define __SNR_fchownat _SCMP_NR(298, 260, 260, 325, 54, 54, 291, 291, 250, 254, 278, 278, 289, 289, 54, 291, 291, 298)
#endif
#if defined(__NR_fcntl)
#define __SNR_fcntl __NR_fcntl
#else
#define __SNR_fcntl _SCMP_NR(55, 72, 72, 55, 25, 25, 55, 55, 70, 70, 55, 55, 55, 55, 25, 55, 55, 55)
#endif
#if defined(__NR_fcntl64)
#define __SNR_fcntl64 __NR_fcntl64
#else
#define __SNR_fcntl64 _SCMP_NR(221, -10009, -10009, 221, -10009, -10009, 239, 220, -10009, 212, 202, 202, 204, -10009, -10009, 221, -10009, 221)
#endif
#if defined(__NR_fdatasync)
#define __SNR_fdatasync __NR_fdatasync
#else
#define __SNR_fdatasync _SCMP_NR(148, 75, 75, 148, 83, 83, 148, 152, 73, 73, 148, 148, 148, 148, 83, 148, 148, 148)
#endif
#if defined(__NR_fgetxattr)
#define __SNR_fgetxattr __NR_fgetxattr
#else
#define __SNR_fgetxattr _SCMP_NR(231, 193, 193, 231, 10, 10, 228, 229, 185, 185, 243, 243, 214, 214, 10, 229, 229, 231)
#endif
#if defined(__NR_file_getattr)
#define __SNR_file_getattr __NR_file_getattr
#else
#define __SNR_file_getattr _SCMP_NR_ALL(468)
#endif
#if defined(__NR_file_setattr)
#define __SNR_file_setattr __NR_file_setattr
#else
#define __SNR_file_setattr _SCMP_NR_ALL(469)
#endif
#if defined(__NR_finit_module)
#define __SNR_finit_module __NR_finit_module
#else
#define __SNR_finit_module _SCMP_NR(350, 313, 313, 379, 273, 273, 348, 348, 307, 312, 333, 333, 353, 353, 273, 344, 344, 368)
#endif
#if defined(__NR_flistxattr)
#define __SNR_flistxattr __NR_flistxattr
#else
#define __SNR_flistxattr _SCMP_NR(234, 196, 196, 234, 13, 13, 231, 232, 188, 188, 246, 246, 217, 217, 13, 232, 232, 234)
#endif
#if defined(__NR_flock)
#define __SNR_flock __NR_flock
#else
#define __SNR_flock _SCMP_NR(143, 73, 73, 143, 32, 32, 143, 143, 71, 71, 143, 143, 143, 143, 32, 143, 143, 143)
#endif
#if defined(__NR_fork)
#define __SNR_fork __NR_fork
#else
#define __SNR_fork _SCMP_NR(2, 57, 57, 2, -10156, -10156, 2, 2, 56, 56, 2, 2, 2, 2, -10156, 2, 2, 2)
#endif
#if defined(__NR_fremovexattr)
#define __SNR_fremovexattr __NR_fremovexattr
#else
#define __SNR_fremovexattr _SCMP_NR(237, 199, 199, 237, 16, 16, 234, 235, 191, 191, 249, 249, 220, 220, 16, 235, 235, 237)
#endif
#if defined(__NR_fsconfig)
#define __SNR_fsconfig __NR_fsconfig
#else
#define __SNR_fsconfig _SCMP_NR_ALL(431)
#endif
#if defined(__NR_fsetxattr)
#define __SNR_fsetxattr __NR_fsetxattr
#else
#define __SNR_fsetxattr _SCMP_NR(228, 190, 190, 228, 7, 7, 225, 226, 182, 182, 240, 240, 211, 211, 7, 226, 226, 228)
#endif
#if defined(__NR_fsmount)
#define __SNR_fsmount __NR_fsmount
#else
#define __SNR_fsmount _SCMP_NR_ALL(432)
#endif
#if defined(__NR_fsopen)
#define __SNR_fsopen __NR_fsopen
#else
#define __SNR_fsopen _SCMP_NR_ALL(430)
#endif
#if defined(__NR_fspick)
#define __SNR_fspick __NR_fspick
#else
#define __SNR_fspick _SCMP_NR_ALL(433)
#endif
#if defined(__NR_fstat)
#define __SNR_fstat __NR_fstat
#else
#define __SNR_fstat _SCMP_NR(108, 5, 5, 108, 80, 80, 108, 108, 5, 5, 28, 28, 108, 108, 80, 108, 108, 108)
#endif
#if defined(__NR_fstat64)
#define __SNR_fstat64 __NR_fstat64
#else
#define __SNR_fstat64 _SCMP_NR(197, -10010, -10010, 197, -10010, -10010, 197, 215, -10010, -10010, 112, 112, 197, -10010, -10010, 197, -10010, 197)
#endif
#if defined(__NR_fstatat64)
#define __SNR_fstatat64 __NR_fstatat64
#else
#define __SNR_fstatat64 _SCMP_NR(300, -10011, -10011, 327, -10011, -10011, 293, 293, -10011, -10011, 280, 280, 291, -10011, -10011, 293, -10011, 300)
#endif
#if defined(__NR_fstatfs)
#define __SNR_fstatfs __NR_fstatfs
#else
#define __SNR_fstatfs _SCMP_NR(100, 138, 138, 100, 44, 44, 100, 100, 135, 135, 100, 100, 100, 100, 44, 100, 100, 100)
#endif
#if defined(__NR_fstatfs64)
#define __SNR_fstatfs64 __NR_fstatfs64
#else
#define __SNR_fstatfs64 _SCMP_NR(269, -10012, -10012, 267, -10012, -10012, 264, 256, -10012, 218, 299, 299, 253, 253, -10012, 266, 266, 269)
#endif
#if defined(__NR_fsync)
#define __SNR_fsync __NR_fsync
#else
#define __SNR_fsync _SCMP_NR(118, 74, 74, 118, 82, 82, 118, 118, 72, 72, 118, 118, 118, 118, 82, 118, 118, 118)
#endif
#if defined(__NR_ftime)
#define __SNR_ftime __NR_ftime
#else
#define __SNR_ftime _SCMP_NR(35, -10013, -10013, -10013, -10013, -10013, -10013, 35, -10013, -10013, -10013, -10013, 35, 35, -10013, -10013, -10013, -10013)
#endif
#if defined(__NR_ftruncate)
#define __SNR_ftruncate __NR_ftruncate
#else
#define __SNR_ftruncate _SCMP_NR(93, 77, 77, 93, 46, 46, 93, 93, 75, 75, 93, 93, 93, 93, 46, 93, 93, 93)
#endif
#if defined(__NR_ftruncate64)
#define __SNR_ftruncate64 __NR_ftruncate64
#else
#define __SNR_ftruncate64 _SCMP_NR(194, -10014, -10014, 194, -10014, -10014, 194, 212, -10014, -10014, 200, 200, 194, -10014, -10014, 194, -10014, 194)
#endif
#if defined(__NR_futex)
#define __SNR_futex __NR_futex
#else
#define __SNR_futex _SCMP_NR(240, 202, 202, 240, 98, 98, 235, 238, 194, 194, 210, 210, 221, 221, 98, 238, 238, 240)
#endif
#if defined(__NR_futex_requeue)
#define __SNR_futex_requeue __NR_futex_requeue
#else
#define __SNR_futex_requeue _SCMP_NR_ALL(456)
#endif
#if defined(__NR_futex_time64)
#define __SNR_futex_time64 __NR_futex_time64
#else
#define __SNR_futex_time64 _SCMP_NR(422, -10222, -10222, 422, -10222, -10222, 422, 422, -10222, 422, 422, -10222, 422, -10222, -10222, 422, -10222, 422)
#endif
#if defined(__NR_futex_wait)
#define __SNR_futex_wait __NR_futex_wait
#else
#define __SNR_futex_wait _SCMP_NR_ALL(455)
#endif
#if defined(__NR_futex_waitv)
#define __SNR_futex_waitv __NR_futex_waitv
#else
#define __SNR_futex_waitv _SCMP_NR_ALL(449)
#endif
#if defined(__NR_futex_wake)
#define __SNR_futex_wake __NR_futex_wake
#else
#define __SNR_futex_wake _SCMP_NR_ALL(454)
#endif
#if defined(__NR_futimesat)
#define __SNR_futimesat __NR_futimesat
#else
#define __SNR_futimesat _SCMP_NR(299, 261, 261, 326, -10157, -10157, 292, 292, 251, 255, 279, 279, 290, 290, -10157, 292, 292, 299)
#endif
#if defined(__NR_get_kernel_syms)
#define __SNR_get_kernel_syms __NR_get_kernel_syms
#else
#define __SNR_get_kernel_syms _SCMP_NR(130, 177, -10075, -10075, -10075, -10075, 130, 130, 170, 170, -10075, -10075, 130, 130, -10075, 130, 130, -10075)
#endif
#if defined(__NR_get_mempolicy)
#define __SNR_get_mempolicy __NR_get_mempolicy
#else
#define __SNR_get_mempolicy _SCMP_NR(275, 239, 239, 320, 236, 236, 269, 269, 228, 232, 261, 261, 260, 260, 236, 269, 269, 275)
#endif
#if defined(__NR_get_robust_list)
#define __SNR_get_robust_list __NR_get_robust_list
#else
#define __SNR_get_robust_list _SCMP_NR(312, 274, 531, 339, 100, 100, 305, 310, 269, 273, 290, 290, 299, 299, 100, 305, 305, 312)
#endif
#if defined(__NR_get_thread_area)
#define __SNR_get_thread_area __NR_get_thread_area
#else
#define __SNR_get_thread_area _SCMP_NR(244, 211, -10076, -10076, -10076, -10076, 333, -10076, -10076, -10076, -10076, -10076, -10076, -10076, -10076, -10076, -10076, -10076)
#endif
#if defined(__ARM_NR_get_tls)
#define __SNR_get_tls __ARM_NR_get_tls
#elif defined(__NR_get_tls)
#define __SNR_get_tls __NR_get_tls
#else
#define __SNR_get_tls _SCMP_NR(-10204, -10204, -10204, 983046, -10204, -10204, -10204, -10204, -10204, -10204, -10204, -10204, -10204, -10204, -10204, -10204, -10204, -10204)
#endif
#if defined(__NR_getcpu)
#define __SNR_getcpu __NR_getcpu
#else
#define __SNR_getcpu _SCMP_NR(318, 309, 309, 345, 168, 168, 314, 312, 271, 275, 296, 296, 302, 302, 168, 311, 311, 318)
#endif
#if defined(__NR_getcwd)
#define __SNR_getcwd __NR_getcwd
#else
#define __SNR_getcwd _SCMP_NR(183, 79, 79, 183, 17, 17, 183, 203, 77, 77, 110, 110, 182, 182, 17, 183, 183, 183)
#endif
#if defined(__NR_getdents)
#define __SNR_getdents __NR_getdents
#else
#define __SNR_getdents _SCMP_NR(141, 78, 78, 141, -10158, -10158, 141, 141, 76, 76, 141, 141, 141, 141, -10158, 141, 141, 141)
#endif
#if defined(__NR_getdents64)
#define __SNR_getdents64 __NR_getdents64
#else
#define __SNR_getdents64 _SCMP_NR(220, 217, 217, 217, 61, 61, 220, 219, 308, 299, 201, 201, 202, 202, 61, 220, 220, 220)
#endif
#if defined(__NR_getegid)
#define __SNR_getegid __NR_getegid
#else
#define __SNR_getegid _SCMP_NR(50, 108, 108, 50, 177, 177, 50, 50, 106, 106, 50, 50, 50, 50, 177, 50, 202, 50)
#endif
#if defined(__NR_getegid32)
#define __SNR_getegid32 __NR_getegid32
#else
#define __SNR_getegid32 _SCMP_NR(202, -10015, -10015, 202, -10015, -10015, 202, -10015, -10015, -10015, -10015, -10015, -10015, -10015, -10015, 202, -10015, 202)
#endif
#if defined(__NR_geteuid)
#define __SNR_geteuid __NR_geteuid
#else
#define __SNR_geteuid _SCMP_NR(49, 107, 107, 49, 175, 175, 49, 49, 105, 105, 49, 49, 49, 49, 175, 49, 201, 49)
#endif
#if defined(__NR_geteuid32)
#define __SNR_geteuid32 __NR_geteuid32
#else
#define __SNR_geteuid32 _SCMP_NR(201, -10016, -10016, 201, -10016, -10016, 201, -10016, -10016, -10016, -10016, -10016, -10016, -10016, -10016, 201, -10016, 201)
#endif
#if defined(__NR_getgid)
#define __SNR_getgid __NR_getgid
#else
#define __SNR_getgid _SCMP_NR(47, 104, 104, 47, 176, 176, 47, 47, 102, 102, 47, 47, 47, 47, 176, 47, 200, 47)
#endif
#if defined(__NR_getgid32)
#define __SNR_getgid32 __NR_getgid32
#else
#define __SNR_getgid32 _SCMP_NR(200, -10017, -10017, 200, -10017, -10017, 200, -10017, -10017, -10017, -10017, -10017, -10017, -10017, -10017, 200, -10017, 200)
#endif
#if defined(__NR_getgroups)
#define __SNR_getgroups __NR_getgroups
#else
#define __SNR_getgroups _SCMP_NR(80, 115, 115, 80, 158, 158, 80, 80, 113, 113, 80, 80, 80, 80, 158, 80, 205, 80)
#endif
#if defined(__NR_getgroups32)
#define __SNR_getgroups32 __NR_getgroups32
#else
#define __SNR_getgroups32 _SCMP_NR(205, -10018, -10018, 205, -10018, -10018, 205, -10018, -10018, -10018, -10018, -10018, -10018, -10018, -10018, 205, -10018, 205)
#endif
#if defined(__NR_getitimer)
#define __SNR_getitimer __NR_getitimer
#else
#define __SNR_getitimer _SCMP_NR(105, 36, 36, 105, 102, 102, 105, 105, 35, 35, 105, 105, 105, 105, 102, 105, 105, 105)
#endif
#if defined(__NR_getpagesize)
#define __SNR_getpagesize __NR_getpagesize
#else
#define __SNR_getpagesize _SCMP_NR(-10249, -10249, -10249, -10249, -10249, -10249, 166, -10249, -10249, -10249, -10249, -10249, -10249, -10249, -10249, -10249, -10249, -10249)
#endif
#if defined(__NR_getpeername)
#define __SNR_getpeername __NR_getpeername
#else
#define __SNR_getpeername _SCMP_NR(368, 52, 52, 287, 205, 205, 365, 171, 51, 51, 53, 53, 332, 332, 205, 368, 368, 346)
#endif
#if defined(__NR_getpgid)
#define __SNR_getpgid __NR_getpgid
#else
#define __SNR_getpgid _SCMP_NR(132, 121, 121, 132, 155, 155, 132, 132, 119, 119, 132, 132, 132, 132, 155, 132, 132, 132)
#endif
#if defined(__NR_getpgrp)
#define __SNR_getpgrp __NR_getpgrp
#else
#define __SNR_getpgrp _SCMP_NR(65, 111, 111, 65, -10159, -10159, 65, 65, 109, 109, 65, 65, 65, 65, -10159, 65, 65, 65)
#endif
#if defined(__NR_getpid)
#define __SNR_getpid __NR_getpid
#else
#define __SNR_getpid _SCMP_NR(20, 39, 39, 20, 172, 172, 20, 20, 38, 38, 20, 20, 20, 20, 172, 20, 20, 20)
#endif
#if defined(__NR_getpmsg)
#define __SNR_getpmsg __NR_getpmsg
#else
#define __SNR_getpmsg _SCMP_NR(188, 181, 181, -10093, -10093, -10093, 188, 208, 174, 174, -10093, -10093, 187, 187, -10093, 188, 188, -10093)
#endif
#if defined(__NR_getppid)
#define __SNR_getppid __NR_getppid
#else
#define __SNR_getppid _SCMP_NR(64, 110, 110, 64, 173, 173, 64, 64, 108, 108, 64, 64, 64, 64, 173, 64, 64, 64)
#endif
#if defined(__NR_getpriority)
#define __SNR_getpriority __NR_getpriority
#else
#define __SNR_getpriority _SCMP_NR(96, 140, 140, 96, 141, 141, 96, 96, 137, 137, 96, 96, 96, 96, 141, 96, 96, 96)
#endif
#if defined(__NR_getrandom)
#define __SNR_getrandom __NR_getrandom
#else
#define __SNR_getrandom _SCMP_NR(355, 318, 318, 384, 278, 278, 352, 353, 313, 317, 339, 339, 359, 359, 278, 349, 349, 373)
#endif
#if defined(__NR_getresgid)
#define __SNR_getresgid __NR_getresgid
#else
#define __SNR_getresgid _SCMP_NR(171, 120, 120, 171, 150, 150, 171, 191, 118, 118, 171, 171, 170, 170, 150, 171, 211, 171)
#endif
#if defined(__NR_getresgid32)
#define __SNR_getresgid32 __NR_getresgid32
#else
#define __SNR_getresgid32 _SCMP_NR(211, -10019, -10019, 211, -10019, -10019, 211, -10019, -10019, -10019, -10019, -10019, -10019, -10019, -10019, 211, -10019, 211)
#endif
#if defined(__NR_getresuid)
#define __SNR_getresuid __NR_getresuid
#else
#define __SNR_getresuid _SCMP_NR(165, 118, 118, 165, 148, 148, 165, 186, 116, 116, 165, 165, 165, 165, 148, 165, 209, 165)
#endif
#if defined(__NR_getresuid32)
#define __SNR_getresuid32 __NR_getresuid32
#else
#define __SNR_getresuid32 _SCMP_NR(209, -10020, -10020, 209, -10020, -10020, 209, -10020, -10020, -10020, -10020, -10020, -10020, -10020, -10020, 209, -10020, 209)
#endif
#if defined(__NR_getrlimit)
#define __SNR_getrlimit __NR_getrlimit
#else
#define __SNR_getrlimit _SCMP_NR(76, 97, 97, -10180, 163, -10180, 76, 76, 95, 95, 76, 76, 76, 76, 163, 76, 191, 76)
#endif
#if defined(__NR_getrusage)
#define __SNR_getrusage __NR_getrusage
#else
#define __SNR_getrusage _SCMP_NR(77, 98, 98, 77, 165, 165, 77, 77, 96, 96, 77, 77, 77, 77, 165, 77, 77, 77)
#endif
#if defined(__NR_getsid)
#define __SNR_getsid __NR_getsid
#else
#define __SNR_getsid _SCMP_NR(147, 124, 124, 147, 156, 156, 147, 151, 122, 122, 147, 147, 147, 147, 156, 147, 147, 147)
#endif
#if defined(__NR_getsockname)
#define __SNR_getsockname __NR_getsockname
#else
#define __SNR_getsockname _SCMP_NR(367, 51, 51, 286, 204, 204, 364, 172, 50, 50, 44, 44, 331, 331, 204, 367, 367, 345)
#endif
#if defined(__NR_getsockopt)
#define __SNR_getsockopt __NR_getsockopt
#else
#define __SNR_getsockopt _SCMP_NR(365, 55, 542, 295, 209, 209, 362, 173, 54, 54, 182, 182, 340, 340, 209, 365, 365, 354)
#endif
#if defined(__NR_gettid)
#define __SNR_gettid __NR_gettid
#else
#define __SNR_gettid _SCMP_NR(224, 186, 186, 224, 178, 178, 221, 222, 178, 178, 206, 206, 207, 207, 178, 236, 236, 224)
#endif
#if defined(__NR_gettimeofday)
#define __SNR_gettimeofday __NR_gettimeofday
#else
#define __SNR_gettimeofday _SCMP_NR(78, 96, 96, 78, 169, 169, 78, 78, 94, 94, 78, 78, 78, 78, 169, 78, 78, 78)
#endif
#if defined(__NR_getuid)
#define __SNR_getuid __NR_getuid
#else
#define __SNR_getuid _SCMP_NR(24, 102, 102, 24, 174, 174, 24, 24, 100, 100, 24, 24, 24, 24, 174, 24, 199, 24)
#endif
#if defined(__NR_getuid32)
#define __SNR_getuid32 __NR_getuid32
#else
#define __SNR_getuid32 _SCMP_NR(199, -10021, -10021, 199, -10021, -10021, 199, -10021, -10021, -10021, -10021, -10021, -10021, -10021, -10021, 199, -10021, 199)
#endif
#if defined(__NR_getxattr)
#define __SNR_getxattr __NR_getxattr
#else
#define __SNR_getxattr _SCMP_NR(229, 191, 191, 229, 8, 8, 226, 227, 183, 183, 241, 241, 212, 212, 8, 227, 227, 229)
#endif
#if defined(__NR_getxattrat)
#define __SNR_getxattrat __NR_getxattrat
#else
#define __SNR_getxattrat _SCMP_NR_ALL(464)
#endif
#if defined(__NR_gtty)
#define __SNR_gtty __NR_gtty
#else
#define __SNR_gtty _SCMP_NR(32, -10022, -10022, -10022, -10022, -10022, -10022, 32, -10022, -10022, -10022, -10022, 32, 32, -10022, -10022, -10022, -10022)
#endif
#if defined(__NR_idle)
#define __SNR_idle __NR_idle
#else
#define __SNR_idle _SCMP_NR(112, -10023, -10023, -10023, -10023, -10023, -10023, 112, -10023, -10023, -10023, -10023, 112, 112, -10023, 112, 112, -10023)
#endif
#if defined(__NR_init_module)
#define __SNR_init_module __NR_init_module
#else
#define __SNR_init_module _SCMP_NR(128, 175, 175, 128, 105, 105, 128, 128, 168, 168, 128, 128, 128, 128, 105, 128, 128, 128)
#endif
#if defined(__NR_inotify_add_watch)
#define __SNR_inotify_add_watch __NR_inotify_add_watch
#else
#define __SNR_inotify_add_watch _SCMP_NR(292, 254, 254, 317, 27, 27, 285, 285, 244, 248, 270, 270, 276, 276, 27, 285, 285, 291)
#endif
#if defined(__NR_inotify_init)
#define __SNR_inotify_init __NR_inotify_init
#else
#define __SNR_inotify_init _SCMP_NR(291, 253, 253, 316, -10160, -10160, 284, 284, 243, 247, 269, 269, 275, 275, -10160, 284, 284, 290)
#endif
#if defined(__NR_inotify_init1)
#define __SNR_inotify_init1 __NR_inotify_init1
#else
#define __SNR_inotify_init1 _SCMP_NR(332, 294, 294, 360, 26, 26, 328, 329, 288, 292, 314, 314, 318, 318, 26, 324, 324, 332)
#endif
#if defined(__NR_inotify_rm_watch)
#define __SNR_inotify_rm_watch __NR_inotify_rm_watch
#else
#define __SNR_inotify_rm_watch _SCMP_NR(293, 255, 255, 318, 28, 28, 286, 286, 245, 249, 271, 271, 277, 277, 28, 286, 286, 292)
#endif
#if defined(__NR_io_cancel)
#define __SNR_io_cancel __NR_io_cancel
#else
#define __SNR_io_cancel _SCMP_NR(249, 210, 210, 247, 3, 3, 245, 245, 204, 204, 219, 219, 231, 231, 3, 247, 247, 249)
#endif
#if defined(__NR_io_destroy)
#define __SNR_io_destroy __NR_io_destroy
#else
#define __SNR_io_destroy _SCMP_NR(246, 207, 207, 244, 1, 1, 242, 242, 201, 201, 216, 216, 228, 228, 1, 244, 244, 246)
#endif
#if defined(__NR_io_getevents)
#define __SNR_io_getevents __NR_io_getevents
#else
#define __SNR_io_getevents _SCMP_NR(247, 208, 208, 245, 4, 4, 243, 243, 202, 202, 217, 217, 229, 229, 4, 245, 245, 247)
#endif
#if defined(__NR_io_pgetevents)
#define __SNR_io_pgetevents __NR_io_pgetevents
#else
#define __SNR_io_pgetevents _SCMP_NR(385, 333, 333, 399, 292, 292, -10209, 368, 328, 332, 350, 350, 388, 388, 292, 382, 382, -10209)
#endif
#if defined(__NR_io_pgetevents_time64)
#define __SNR_io_pgetevents_time64 __NR_io_pgetevents_time64
#else
#define __SNR_io_pgetevents_time64 _SCMP_NR(416, -10223, -10223, 416, -10223, -10223, 416, 416, -10223, 416, 416, -10223, 416, -10223, -10223, 416, -10223, 416)
#endif
#if defined(__NR_io_setup)
#define __SNR_io_setup __NR_io_setup
#else
#define __SNR_io_setup _SCMP_NR(245, 206, 543, 243, 0, 0, 241, 241, 200, 200, 215, 215, 227, 227, 0, 243, 243, 245)
#endif
#if defined(__NR_io_submit)
#define __SNR_io_submit __NR_io_submit
#else
#define __SNR_io_submit _SCMP_NR(248, 209, 544, 246, 2, 2, 244, 244, 203, 203, 218, 218, 230, 230, 2, 246, 246, 248)
#endif
#if defined(__NR_io_uring_enter)
#define __SNR_io_uring_enter __NR_io_uring_enter
#else
#define __SNR_io_uring_enter _SCMP_NR_ALL(426)
#endif
#if defined(__NR_io_uring_register)
#define __SNR_io_uring_register __NR_io_uring_register
#else
#define __SNR_io_uring_register _SCMP_NR_ALL(427)
#endif
#if defined(__NR_io_uring_setup)
#define __SNR_io_uring_setup __NR_io_uring_setup
#else
#define __SNR_io_uring_setup _SCMP_NR_ALL(425)
#endif
#if defined(__NR_ioctl)
#define __SNR_ioctl __NR_ioctl
#else
#define __SNR_ioctl _SCMP_NR(54, 16, 514, 54, 29, 29, 54, 54, 15, 15, 54, 54, 54, 54, 29, 54, 54, 54)
#endif
#if defined(__NR_ioperm)
#define __SNR_ioperm __NR_ioperm
#else
#define __SNR_ioperm _SCMP_NR(101, 173, 173, -10094, -10094, -10094, -10094, 101, -10094, -10094, -10094, -10094, 101, 101, -10094, 101, -10094, -10094)
#endif
#if defined(__NR_iopl)
#define __SNR_iopl __NR_iopl
#else
#define __SNR_iopl _SCMP_NR(110, 172, 172, -10095, -10095, -10095, -10095, 110, -10095, -10095, -10095, -10095, 110, 110, -10095, -10095, -10095, -10095)
#endif
#if defined(__NR_ioprio_get)
#define __SNR_ioprio_get __NR_ioprio_get
#else
#define __SNR_ioprio_get _SCMP_NR(290, 252, 252, 315, 31, 31, 283, 315, 274, 278, 268, 268, 274, 274, 31, 283, 283, 289)
#endif
#if defined(__NR_ioprio_set)
#define __SNR_ioprio_set __NR_ioprio_set
#else
#define __SNR_ioprio_set _SCMP_NR(289, 251, 251, 314, 30, 30, 282, 314, 273, 277, 267, 267, 273, 273, 30, 282, 282, 288)
#endif
#if defined(__NR_ipc)
#define __SNR_ipc __NR_ipc
#else
#define __SNR_ipc _SCMP_NR(117, -10024, -10024, -10024, -10024, -10024, 117, 117, -10024, -10024, -10024, -10024, 117, 117, -10024, 117, 117, 117)
#endif
#if defined(__NR_kcmp)
#define __SNR_kcmp __NR_kcmp
#else
#define __SNR_kcmp _SCMP_NR(349, 312, 312, 378, 272, 272, 347, 347, 306, 311, 332, 332, 354, 354, 272, 343, 343, 367)
#endif
#if defined(__NR_kexec_file_load)
#define __SNR_kexec_file_load __NR_kexec_file_load
#else
#define __SNR_kexec_file_load _SCMP_NR(-10111, 320, 320, 401, 294, 294, -10111, -10111, -10111, -10111, 355, 355, 382, 382, 294, 381, 381, -10111)
#endif
#if defined(__NR_kexec_load)
#define __SNR_kexec_load __NR_kexec_load
#else
#define __SNR_kexec_load _SCMP_NR(283, 246, 528, 347, 104, 104, 313, 311, 270, 274, 300, 300, 268, 268, 104, 277, 277, 283)
#endif
#if defined(__NR_keyctl)
#define __SNR_keyctl __NR_keyctl
#else
#define __SNR_keyctl _SCMP_NR(288, 250, 250, 311, 219, 219, 281, 282, 241, 245, 266, 266, 271, 271, 219, 280, 280, 287)
#endif
#if defined(__NR_kill)
#define __SNR_kill __NR_kill
#else
#define __SNR_kill _SCMP_NR(37, 62, 62, 37, 129, 129, 37, 37, 60, 60, 37, 37, 37, 37, 129, 37, 37, 37)
#endif
#if defined(__NR_landlock_add_rule)
#define __SNR_landlock_add_rule __NR_landlock_add_rule
#else
#define __SNR_landlock_add_rule _SCMP_NR_ALL(445)
#endif
#if defined(__NR_landlock_create_ruleset)
#define __SNR_landlock_create_ruleset __NR_landlock_create_ruleset
#else
#define __SNR_landlock_create_ruleset _SCMP_NR_ALL(444)
#endif
#if defined(__NR_landlock_restrict_self)
#define __SNR_landlock_restrict_self __NR_landlock_restrict_self
#else
#define __SNR_landlock_restrict_self _SCMP_NR_ALL(446)
#endif
#if defined(__NR_lchown)
#define __SNR_lchown __NR_lchown
#else
#define __SNR_lchown _SCMP_NR(16, 94, 94, 16, -10161, -10161, 182, 16, 92, 92, 16, 16, 16, 16, -10161, 16, 198, 16)
#endif
#if defined(__NR_lchown32)
#define __SNR_lchown32 __NR_lchown32
#else
#define __SNR_lchown32 _SCMP_NR(198, -10025, -10025, 198, -10025, -10025, 212, -10025, -10025, -10025, -10025, -10025, -10025, -10025, -10025, 198, -10025, 198)
#endif
#if defined(__NR_lgetxattr)
#define __SNR_lgetxattr __NR_lgetxattr
#else
#define __SNR_lgetxattr _SCMP_NR(230, 192, 192, 230, 9, 9, 227, 228, 184, 184, 242, 242, 213, 213, 9, 228, 228, 230)
#endif
#if defined(__NR_link)
#define __SNR_link __NR_link
#else
#define __SNR_link _SCMP_NR(9, 86, 86, 9, -10162, -10162, 9, 9, 84, 84, 9, 9, 9, 9, -10162, 9, 9, 9)
#endif
#if defined(__NR_linkat)
#define __SNR_linkat __NR_linkat
#else
#define __SNR_linkat _SCMP_NR(303, 265, 265, 330, 37, 37, 296, 296, 255, 259, 283, 283, 294, 294, 37, 296, 296, 303)
#endif
#if defined(__NR_listen)
#define __SNR_listen __NR_listen
#else
#define __SNR_listen _SCMP_NR(363, 50, 50, 284, 201, 201, 360, 174, 49, 49, 32, 32, 329, 329, 201, 363, 363, 343)
#endif
#if defined(__NR_listmount)
#define __SNR_listmount __NR_listmount
#else
#define __SNR_listmount _SCMP_NR_ALL(458)
#endif
#if defined(__NR_listns)
#define __SNR_listns __NR_listns
#else
#define __SNR_listns _SCMP_NR(470, 470, 470, 470, 470, 470, 470, 470, 470, 470, 470, 470, 470, 470, 470, -10252, 470, 470)
#endif
#if defined(__NR_listxattr)
#define __SNR_listxattr __NR_listxattr
#else
#define __SNR_listxattr _SCMP_NR(232, 194, 194, 232, 11, 11, 229, 230, 186, 186, 244, 244, 215, 215, 11, 230, 230, 232)
#endif
#if defined(__NR_listxattrat)
#define __SNR_listxattrat __NR_listxattrat
#else
#define __SNR_listxattrat _SCMP_NR_ALL(465)
#endif
#if defined(__NR_llistxattr)
#define __SNR_llistxattr __NR_llistxattr
#else
#define __SNR_llistxattr _SCMP_NR(233, 195, 195, 233, 12, 12, 230, 231, 187, 187, 245, 245, 216, 216, 12, 231, 231, 233)
#endif
#if defined(__NR_lock)
#define __SNR_lock __NR_lock
#else
#define __SNR_lock _SCMP_NR(53, -10027, -10027, -10027, -10027, -10027, -10027, 53, -10027, -10027, -10027, -10027, 53, 53, -10027, -10027, -10027, -10027)
#endif
#if defined(__NR_lookup_dcookie)
#define __SNR_lookup_dcookie __NR_lookup_dcookie
#else
#define __SNR_lookup_dcookie _SCMP_NR(253, 212, 212, 249, 18, 18, 248, 247, 206, 206, 223, 223, 235, 235, 18, 110, 110, 253)
#endif
#if defined(__NR_lremovexattr)
#define __SNR_lremovexattr __NR_lremovexattr
#else
#define __SNR_lremovexattr _SCMP_NR(236, 198, 198, 236, 15, 15, 233, 234, 190, 190, 248, 248, 219, 219, 15, 234, 234, 236)
#endif
#if defined(__NR_lseek)
#define __SNR_lseek __NR_lseek
#else
#define __SNR_lseek _SCMP_NR(19, 8, 8, 19, 62, 62, 19, 19, 8, 8, 19, 19, 19, 19, 62, 19, 19, 19)
#endif
#if defined(__NR_lsetxattr)
#define __SNR_lsetxattr __NR_lsetxattr
#else
#define __SNR_lsetxattr _SCMP_NR(227, 189, 189, 227, 6, 6, 224, 225, 181, 181, 239, 239, 210, 210, 6, 225, 225, 227)
#endif
#if defined(__NR_lsm_get_self_attr)
#define __SNR_lsm_get_self_attr __NR_lsm_get_self_attr
#else
#define __SNR_lsm_get_self_attr _SCMP_NR_ALL(459)
#endif
#if defined(__NR_lsm_list_modules)
#define __SNR_lsm_list_modules __NR_lsm_list_modules
#else
#define __SNR_lsm_list_modules _SCMP_NR_ALL(461)
#endif
#if defined(__NR_lsm_set_self_attr)
#define __SNR_lsm_set_self_attr __NR_lsm_set_self_attr
#else
#define __SNR_lsm_set_self_attr _SCMP_NR_ALL(460)
#endif
#if defined(__NR_lstat)
#define __SNR_lstat __NR_lstat
#else
#define __SNR_lstat _SCMP_NR(107, 6, 6, 107, -10163, -10163, 107, 107, 6, 6, 84, 84, 107, 107, -10163, 107, 107, 107)
#endif
#if defined(__NR_lstat64)
#define __SNR_lstat64 __NR_lstat64
#else
#define __SNR_lstat64 _SCMP_NR(196, -10028, -10028, 196, -10028, -10028, 196, 214, -10028, -10028, 198, 198, 196, -10028, -10028, 196, -10028, 196)
#endif
#if defined(__NR_madvise)
#define __SNR_madvise __NR_madvise
#else
#define __SNR_madvise _SCMP_NR(219, 28, 28, 220, 233, 233, 238, 218, 27, 27, 119, 119, 205, 205, 233, 219, 219, 219)
#endif
#if defined(__NR_map_shadow_stack)
#define __SNR_map_shadow_stack __NR_map_shadow_stack
#else
#define __SNR_map_shadow_stack _SCMP_NR_ALL(453)
#endif
#if defined(__NR_mbind)
#define __SNR_mbind __NR_mbind
#else
#define __SNR_mbind _SCMP_NR(274, 237, 237, 319, 235, 235, 268, 268, 227, 231, 260, 260, 259, 259, 235, 268, 268, 274)
#endif
#if defined(__NR_membarrier)
#define __SNR_membarrier __NR_membarrier
#else
#define __SNR_membarrier _SCMP_NR(375, 324, 324, 389, 283, 283, 374, 358, 318, 322, 343, 343, 365, 365, 283, 356, 356, 378)
#endif
#if defined(__NR_memfd_create)
#define __SNR_memfd_create __NR_memfd_create
#else
#define __SNR_memfd_create _SCMP_NR(356, 319, 319, 385, 279, 279, 353, 354, 314, 318, 340, 340, 360, 360, 279, 350, 350, 374)
#endif
#if defined(__NR_memfd_secret)
#define __SNR_memfd_secret __NR_memfd_secret
#else
#define __SNR_memfd_secret _SCMP_NR(447, 447, 447, -10244, 447, -10244, -10244, -10244, -10244, -10244, -10244, -10244, -10244, -10244, 447, 447, 447, -10244)
#endif
#if defined(__NR_migrate_pages)
#define __SNR_migrate_pages __NR_migrate_pages
#else
#define __SNR_migrate_pages _SCMP_NR(294, 256, 256, 400, 238, 238, 287, 287, 246, 250, 272, 272, 258, 258, 238, 287, 287, 294)
#endif
#if defined(__NR_mincore)
#define __SNR_mincore __NR_mincore
#else
#define __SNR_mincore _SCMP_NR(218, 27, 27, 219, 232, 232, 237, 217, 26, 26, 72, 72, 206, 206, 232, 218, 218, 218)
#endif
#if defined(__NR_mkdir)
#define __SNR_mkdir __NR_mkdir
#else
#define __SNR_mkdir _SCMP_NR(39, 83, 83, 39, -10164, -10164, 39, 39, 81, 81, 39, 39, 39, 39, -10164, 39, 39, 39)
#endif
#if defined(__NR_mkdirat)
#define __SNR_mkdirat __NR_mkdirat
#else
#define __SNR_mkdirat _SCMP_NR(296, 258, 258, 323, 34, 34, 289, 289, 248, 252, 276, 276, 287, 287, 34, 289, 289, 296)
#endif
#if defined(__NR_mknod)
#define __SNR_mknod __NR_mknod
#else
#define __SNR_mknod _SCMP_NR(14, 133, 133, 14, -10165, -10165, 14, 14, 131, 131, 14, 14, 14, 14, -10165, 14, 14, 14)
#endif
#if defined(__NR_mknodat)
#define __SNR_mknodat __NR_mknodat
#else
#define __SNR_mknodat _SCMP_NR(297, 259, 259, 324, 33, 33, 290, 290, 249, 253, 277, 277, 288, 288, 33, 290, 290, 297)
#endif
#if defined(__NR_mlock)
#define __SNR_mlock __NR_mlock
#else
#define __SNR_mlock _SCMP_NR(150, 149, 149, 150, 228, 228, 150, 154, 146, 146, 150, 150, 150, 150, 228, 150, 150, 150)
#endif
#if defined(__NR_mlock2)
#define __SNR_mlock2 __NR_mlock2
#else
#define __SNR_mlock2 _SCMP_NR(376, 325, 325, 390, 284, 284, 375, 359, 319, 323, 345, 345, 378, 378, 284, 374, 374, 379)
#endif
#if defined(__NR_mlockall)
#define __SNR_mlockall __NR_mlockall
#else
#define __SNR_mlockall _SCMP_NR(152, 151, 151, 152, 230, 230, 152, 156, 148, 148, 152, 152, 152, 152, 230, 152, 152, 152)
#endif
#if defined(__NR_mmap)
#define __SNR_mmap __NR_mmap
#else
#define __SNR_mmap _SCMP_NR(90, 9, 9, -10181, 222, 222, 90, 90, 9, 9, 90, 90, 90, 90, 222, 90, 90, 90)
#endif
#if defined(__NR_mmap2)
#define __SNR_mmap2 __NR_mmap2
#else
#define __SNR_mmap2 _SCMP_NR(192, -10029, -10029, 192, -10029, -10029, 192, 210, -10029, -10029, 89, 89, 192, -10029, -10029, 192, -10029, 192)
#endif
#if defined(__NR_modify_ldt)
#define __SNR_modify_ldt __NR_modify_ldt
#else
#define __SNR_modify_ldt _SCMP_NR(123, 154, 154, -10098, -10098, -10098, -10098, 123, -10098, -10098, -10098, -10098, 123, 123, -10098, -10098, -10098, -10098)
#endif
#if defined(__NR_mount)
#define __SNR_mount __NR_mount
#else
#define __SNR_mount _SCMP_NR(21, 165, 165, 21, 40, 40, 21, 21, 160, 160, 21, 21, 21, 21, 40, 21, 21, 21)
#endif
#if defined(__NR_mount_setattr)
#define __SNR_mount_setattr __NR_mount_setattr
#else
#define __SNR_mount_setattr _SCMP_NR_ALL(442)
#endif
#if defined(__NR_move_mount)
#define __SNR_move_mount __NR_move_mount
#else
#define __SNR_move_mount _SCMP_NR_ALL(429)
#endif
#if defined(__NR_move_pages)
#define __SNR_move_pages __NR_move_pages
#else
#define __SNR_move_pages _SCMP_NR(317, 279, 533, 344, 239, 239, 310, 308, 267, 271, 295, 295, 301, 301, 239, 310, 310, 317)
#endif
#if defined(__NR_mprotect)
#define __SNR_mprotect __NR_mprotect
#else
#define __SNR_mprotect _SCMP_NR(125, 10, 10, 125, 226, 226, 125, 125, 10, 10, 125, 125, 125, 125, 226, 125, 125, 125)
#endif
#if defined(__NR_mpx)
#define __SNR_mpx __NR_mpx
#else
#define __SNR_mpx _SCMP_NR(56, -10030, -10030, -10030, -10030, -10030, -10030, 56, -10030, -10030, -10030, -10030, 56, 56, -10030, -10030, -10030, -10030)
#endif
#if defined(__NR_mq_getsetattr)
#define __SNR_mq_getsetattr __NR_mq_getsetattr
#else
#define __SNR_mq_getsetattr _SCMP_NR(282, 245, 245, 279, 185, 185, 276, 276, 235, 239, 234, 234, 267, 267, 185, 276, 276, 282)
#endif
#if defined(__NR_mq_notify)
#define __SNR_mq_notify __NR_mq_notify
#else
#define __SNR_mq_notify _SCMP_NR(281, 244, 527, 278, 184, 184, 275, 275, 234, 238, 233, 233, 266, 266, 184, 275, 275, 281)
#endif
#if defined(__NR_mq_open)
#define __SNR_mq_open __NR_mq_open
#else
#define __SNR_mq_open _SCMP_NR(277, 240, 240, 274, 180, 180, 271, 271, 230, 234, 229, 229, 262, 262, 180, 271, 271, 277)
#endif
#if defined(__NR_mq_timedreceive)
#define __SNR_mq_timedreceive __NR_mq_timedreceive
#else
#define __SNR_mq_timedreceive _SCMP_NR(280, 243, 243, 277, 183, 183, 274, 274, 233, 237, 232, 232, 265, 265, 183, 274, 274, 280)
#endif
#if defined(__NR_mq_timedreceive_time64)
#define __SNR_mq_timedreceive_time64 __NR_mq_timedreceive_time64
#else
#define __SNR_mq_timedreceive_time64 _SCMP_NR(419, -10225, -10225, 419, -10225, -10225, 419, 419, -10225, 419, 419, -10225, 419, -10225, -10225, 419, -10225, 419)
#endif
#if defined(__NR_mq_timedsend)
#define __SNR_mq_timedsend __NR_mq_timedsend
#else
#define __SNR_mq_timedsend _SCMP_NR(279, 242, 242, 276, 182, 182, 273, 273, 232, 236, 231, 231, 264, 264, 182, 273, 273, 279)
#endif
#if defined(__NR_mq_timedsend_time64)
#define __SNR_mq_timedsend_time64 __NR_mq_timedsend_time64
#else
#define __SNR_mq_timedsend_time64 _SCMP_NR(418, -10226, -10226, 418, -10226, -10226, 418, 418, -10226, 418, 418, -10226, 418, -10226, -10226, 418, -10226, 418)
#endif
#if defined(__NR_mq_unlink)
#define __SNR_mq_unlink __NR_mq_unlink
#else
#define __SNR_mq_unlink _SCMP_NR(278, 241, 241, 275, 181, 181, 272, 272, 231, 235, 230, 230, 263, 263, 181, 272, 272, 278)
#endif
#if defined(__NR_mremap)
#define __SNR_mremap __NR_mremap
#else
#define __SNR_mremap _SCMP_NR(163, 25, 25, 163, 216, 216, 163, 167, 24, 24, 163, 163, 163, 163, 216, 163, 163, 163)
#endif
#if defined(__NR_mseal)
#define __SNR_mseal __NR_mseal
#else
#define __SNR_mseal _SCMP_NR_ALL(462)
#endif
#if defined(__NR_msgctl)
#define __SNR_msgctl __NR_msgctl
#else
#define __SNR_msgctl _SCMP_NR(402, 71, 71, 304, 187, 187, 402, 402, 69, 69, 191, 191, 402, 402, 187, 402, 402, 402)
#endif
#if defined(__NR_msgget)
#define __SNR_msgget __NR_msgget
#else
#define __SNR_msgget _SCMP_NR(399, 68, 68, 303, 186, 186, 399, 399, 66, 66, 190, 190, 399, 399, 186, 399, 399, 399)
#endif
#if defined(__NR_msgrcv)
#define __SNR_msgrcv __NR_msgrcv
#else
#define __SNR_msgrcv _SCMP_NR(401, 70, 70, 302, 188, 188, 401, 401, 68, 68, 189, 189, 401, 401, 188, 401, 401, 401)
#endif
#if defined(__NR_msgsnd)
#define __SNR_msgsnd __NR_msgsnd
#else
#define __SNR_msgsnd _SCMP_NR(400, 69, 69, 301, 189, 189, 400, 400, 67, 67, 188, 188, 400, 400, 189, 400, 400, 400)
#endif
#if defined(__NR_msync)
#define __SNR_msync __NR_msync
#else
#define __SNR_msync _SCMP_NR(144, 26, 26, 144, 227, 227, 144, 144, 25, 25, 144, 144, 144, 144, 227, 144, 144, 144)
#endif
#if defined(__NR_multiplexer)
#define __SNR_multiplexer __NR_multiplexer
#else
#define __SNR_multiplexer _SCMP_NR(-10186, -10186, -10186, -10186, -10186, -10186, -10186, -10186, -10186, -10186, -10186, -10186, 201, 201, -10186, -10186, -10186, -10186)
#endif
#if defined(__NR_munlock)
#define __SNR_munlock __NR_munlock
#else
#define __SNR_munlock _SCMP_NR(151, 150, 150, 151, 229, 229, 151, 155, 147, 147, 151, 151, 151, 151, 229, 151, 151, 151)
#endif
#if defined(__NR_munlockall)
#define __SNR_munlockall __NR_munlockall
#else
#define __SNR_munlockall _SCMP_NR(153, 152, 152, 153, 231, 231, 153, 157, 149, 149, 153, 153, 153, 153, 231, 153, 153, 153)
#endif
#if defined(__NR_munmap)
#define __SNR_munmap __NR_munmap
#else
#define __SNR_munmap _SCMP_NR(91, 11, 11, 91, 215, 215, 91, 91, 11, 11, 91, 91, 91, 91, 215, 91, 91, 91)
#endif
#if defined(__NR_name_to_handle_at)
#define __SNR_name_to_handle_at __NR_name_to_handle_at
#else
#define __SNR_name_to_handle_at _SCMP_NR(341, 303, 303, 370, 264, 264, 340, 339, 298, 303, 325, 325, 345, 345, 264, 335, 335, 359)
#endif
#if defined(__NR_nanosleep)
#define __SNR_nanosleep __NR_nanosleep
#else
#define __SNR_nanosleep _SCMP_NR(162, 35, 35, 162, 101, 101, 162, 166, 34, 34, 162, 162, 162, 162, 101, 162, 162, 162)
#endif
#if defined(__NR_newfstatat)
#define __SNR_newfstatat __NR_newfstatat
#else
#define __SNR_newfstatat _SCMP_NR(-10031, 262, 262, -10031, 79, 79, -10031, -10031, 252, 256, -10031, -10031, -10031, 291, 79, -10031, 293, -10031)
#endif
#if defined(__NR_nfsservctl)
#define __SNR_nfsservctl __NR_nfsservctl
#else
#define __SNR_nfsservctl _SCMP_NR(169, 180, -10077, 169, 42, 42, 169, 189, 173, 173, -10077, -10077, 168, 168, 42, 169, 169, 169)
#endif
#if defined(__NR_nice)
#define __SNR_nice __NR_nice
#else
#define __SNR_nice _SCMP_NR(34, -10033, -10033, 34, -10033, -10033, 34, 34, -10033, -10033, 34, 34, 34, 34, -10033, 34, 34, 34)
#endif
#if defined(__NR_oldfstat)
#define __SNR_oldfstat __NR_oldfstat
#else
#define __SNR_oldfstat _SCMP_NR(28, -10034, -10034, -10034, -10034, -10034, 28, -10034, -10034, -10034, -10034, -10034, 28, 28, -10034, -10034, -10034, 28)
#endif
#if defined(__NR_oldlstat)
#define __SNR_oldlstat __NR_oldlstat
#else
#define __SNR_oldlstat _SCMP_NR(84, -10035, -10035, -10035, -10035, -10035, 84, -10035, -10035, -10035, -10035, -10035, 84, 84, -10035, -10035, -10035, 84)
#endif
#if defined(__NR_oldolduname)
#define __SNR_oldolduname __NR_oldolduname
#else
#define __SNR_oldolduname _SCMP_NR(59, -10036, -10036, -10036, -10036, -10036, -10036, -10036, -10036, -10036, -10036, -10036, 59, 59, -10036, -10036, -10036, -10036)
#endif
#if defined(__NR_oldstat)
#define __SNR_oldstat __NR_oldstat
#else
#define __SNR_oldstat _SCMP_NR(18, -10037, -10037, -10037, -10037, -10037, 18, -10037, -10037, -10037, -10037, -10037, 18, 18, -10037, -10037, -10037, 18)
#endif
#if defined(__NR_olduname)
#define __SNR_olduname __NR_olduname
#else
#define __SNR_olduname _SCMP_NR(109, -10038, -10038, -10038, -10038, -10038, -10038, -10038, -10038, -10038, -10038, -10038, 109, 109, -10038, -10038, -10038, 109)
#endif
#if defined(__NR_open)
#define __SNR_open __NR_open
#else
#define __SNR_open _SCMP_NR(5, 2, 2, 5, -10166, -10166, 5, 5, 2, 2, 5, 5, 5, 5, -10166, 5, 5, 5)
#endif
#if defined(__NR_open_by_handle_at)
#define __SNR_open_by_handle_at __NR_open_by_handle_at
#else
#define __SNR_open_by_handle_at _SCMP_NR(342, 304, 304, 371, 265, 265, 341, 340, 299, 304, 326, 326, 346, 346, 265, 336, 336, 360)
#endif
#if defined(__NR_open_tree)
#define __SNR_open_tree __NR_open_tree
#else
#define __SNR_open_tree _SCMP_NR_ALL(428)
#endif
#if defined(__NR_open_tree_attr)
#define __SNR_open_tree_attr __NR_open_tree_attr
#else
#define __SNR_open_tree_attr _SCMP_NR_ALL(467)
#endif
#if defined(__NR_openat)
#define __SNR_openat __NR_openat
#else
#define __SNR_openat _SCMP_NR(295, 257, 257, 322, 56, 56, 288, 288, 247, 251, 275, 275, 286, 286, 56, 288, 288, 295)
#endif
#if defined(__NR_openat2)
#define __SNR_openat2 __NR_openat2
#else
#define __SNR_openat2 _SCMP_NR_ALL(437)
#endif
#if defined(__NR_pause)
#define __SNR_pause __NR_pause
#else
#define __SNR_pause _SCMP_NR(29, 34, 34, 29, -10167, -10167, 29, 29, 33, 33, 29, 29, 29, 29, -10167, 29, 29, 29)
#endif
#if defined(__NR_pciconfig_iobase)
#define __SNR_pciconfig_iobase __NR_pciconfig_iobase
#else
#define __SNR_pciconfig_iobase _SCMP_NR(-10086, -10086, -10086, 271, -10086, -10086, -10086, -10086, -10086, -10086, -10086, -10086, 200, 200, -10086, -10086, -10086, -10086)
#endif
#if defined(__NR_pciconfig_read)
#define __SNR_pciconfig_read __NR_pciconfig_read
#else
#define __SNR_pciconfig_read _SCMP_NR(-10087, -10087, -10087, 272, -10087, -10087, -10087, -10087, -10087, -10087, -10087, -10087, 198, 198, -10087, -10087, -10087, -10087)
#endif
#if defined(__NR_pciconfig_write)
#define __SNR_pciconfig_write __NR_pciconfig_write
#else
#define __SNR_pciconfig_write _SCMP_NR(-10088, -10088, -10088, 273, -10088, -10088, -10088, -10088, -10088, -10088, -10088, -10088, 199, 199, -10088, -10088, -10088, -10088)
#endif
#if defined(__NR_perf_event_open)
#define __SNR_perf_event_open __NR_perf_event_open
#else
#define __SNR_perf_event_open _SCMP_NR(336, 298, 298, 364, 241, 241, 332, 333, 292, 296, 318, 318, 319, 319, 241, 331, 331, 336)
#endif
#if defined(__NR_personality)
#define __SNR_personality __NR_personality
#else
#define __SNR_personality _SCMP_NR(136, 135, 135, 136, 92, 92, 136, 136, 132, 132, 136, 136, 136, 136, 92, 136, 136, 136)
#endif
#if defined(__NR_pidfd_getfd)
#define __SNR_pidfd_getfd __NR_pidfd_getfd
#else
#define __SNR_pidfd_getfd _SCMP_NR_ALL(438)
#endif
#if defined(__NR_pidfd_open)
#define __SNR_pidfd_open __NR_pidfd_open
#else
#define __SNR_pidfd_open _SCMP_NR_ALL(434)
#endif
#if defined(__NR_pidfd_send_signal)
#define __SNR_pidfd_send_signal __NR_pidfd_send_signal
#else
#define __SNR_pidfd_send_signal _SCMP_NR_ALL(424)
#endif
#if defined(__NR_pipe)
#define __SNR_pipe __NR_pipe
#else
#define __SNR_pipe _SCMP_NR(42, 22, 22, 42, -10168, -10168, 42, 42, 21, 21, 42, 42, 42, 42, -10168, 42, 42, 42)
#endif
#if defined(__NR_pipe2)
#define __SNR_pipe2 __NR_pipe2
#else
#define __SNR_pipe2 _SCMP_NR(331, 293, 293, 359, 59, 59, 327, 328, 287, 291, 313, 313, 317, 317, 59, 325, 325, 331)
#endif
#if defined(__NR_pivot_root)
#define __SNR_pivot_root __NR_pivot_root
#else
#define __SNR_pivot_root _SCMP_NR(217, 155, 155, 218, 41, 41, 217, 216, 151, 151, 67, 67, 203, 203, 41, 217, 217, 217)
#endif
#if defined(__NR_pkey_alloc)
#define __SNR_pkey_alloc __NR_pkey_alloc
#else
#define __SNR_pkey_alloc _SCMP_NR(381, 330, 330, 395, 289, 289, 382, 364, 324, 328, 352, 352, 384, 384, 289, 385, 385, 385)
#endif
#if defined(__NR_pkey_free)
#define __SNR_pkey_free __NR_pkey_free
#else
#define __SNR_pkey_free _SCMP_NR(382, 331, 331, 396, 290, 290, 383, 365, 325, 329, 353, 353, 385, 385, 290, 386, 386, 386)
#endif
#if defined(__NR_pkey_mprotect)
#define __SNR_pkey_mprotect __NR_pkey_mprotect
#else
#define __SNR_pkey_mprotect _SCMP_NR(380, 329, 329, 394, 288, 288, 381, 363, 323, 327, 351, 351, 386, 386, 288, 384, 384, 384)
#endif
#if defined(__NR_poll)
#define __SNR_poll __NR_poll
#else
#define __SNR_poll _SCMP_NR(168, 7, 7, 168, -10169, -10169, 168, 188, 7, 7, 168, 168, 167, 167, -10169, 168, 168, 168)
#endif
#if defined(__NR_ppoll)
#define __SNR_ppoll __NR_ppoll
#else
#define __SNR_ppoll _SCMP_NR(309, 271, 271, 336, 73, 73, 302, 302, 261, 265, 274, 274, 281, 281, 73, 302, 302, 309)
#endif
#if defined(__NR_ppoll_time64)
#define __SNR_ppoll_time64 __NR_ppoll_time64
#else
#define __SNR_ppoll_time64 _SCMP_NR(414, -10230, -10230, 414, -10230, -10230, 414, 414, -10230, 414, 414, -10230, 414, -10230, -10230, 414, -10230, 414)
#endif
#if defined(__NR_prctl)
#define __SNR_prctl __NR_prctl
#else
#define __SNR_prctl _SCMP_NR(172, 157, 157, 172, 167, 167, 172, 192, 153, 153, 172, 172, 171, 171, 167, 172, 172, 172)
#endif
#if defined(__NR_pread64)
#define __SNR_pread64 __NR_pread64
#else
#define __SNR_pread64 _SCMP_NR(180, 17, 17, 180, 67, 67, 180, 200, 16, 16, 108, 108, 179, 179, 67, 180, 180, 180)
#endif
#if defined(__NR_preadv)
#define __SNR_preadv __NR_preadv
#else
#define __SNR_preadv _SCMP_NR(333, 295, 534, 361, 69, 69, 329, 330, 289, 293, 315, 315, 320, 320, 69, 328, 328, 333)
#endif
#if defined(__NR_preadv2)
#define __SNR_preadv2 __NR_preadv2
#else
#define __SNR_preadv2 _SCMP_NR(378, 327, 546, 392, 286, 286, 377, 361, 321, 325, 347, 347, 380, 380, 286, 376, 376, 381)
#endif
#if defined(__NR_prlimit64)
#define __SNR_prlimit64 __NR_prlimit64
#else
#define __SNR_prlimit64 _SCMP_NR(340, 302, 302, 369, 261, 261, 339, 338, 297, 302, 321, 321, 325, 325, 261, 334, 334, 339)
#endif
#if defined(__NR_process_madvise)
#define __SNR_process_madvise __NR_process_madvise
#else
#define __SNR_process_madvise _SCMP_NR_ALL(440)
#endif
#if defined(__NR_process_mrelease)
#define __SNR_process_mrelease __NR_process_mrelease
#else
#define __SNR_process_mrelease _SCMP_NR_ALL(448)
#endif
#if defined(__NR_process_vm_readv)
#define __SNR_process_vm_readv __NR_process_vm_readv
#else
#define __SNR_process_vm_readv _SCMP_NR(347, 310, 539, 376, 270, 270, 345, 345, 304, 309, 330, 330, 351, 351, 270, 340, 340, 365)
#endif
#if defined(__NR_process_vm_writev)
#define __SNR_process_vm_writev __NR_process_vm_writev
#else
#define __SNR_process_vm_writev _SCMP_NR(348, 311, 540, 377, 271, 271, 346, 346, 305, 310, 331, 331, 352, 352, 271, 341, 341, 366)
#endif
#if defined(__NR_prof)
#define __SNR_prof __NR_prof
#else
#define __SNR_prof _SCMP_NR(44, -10039, -10039, -10039, -10039, -10039, -10039, 44, -10039, -10039, -10039, -10039, 44, 44, -10039, -10039, -10039, -10039)
#endif
#if defined(__NR_profil)
#define __SNR_profil __NR_profil
#else
#define __SNR_profil _SCMP_NR(98, -10040, -10040, -10040, -10040, -10040, -10040, 98, -10040, -10040, -10040, -10040, 98, 98, -10040, -10040, -10040, -10040)
#endif
#if defined(__NR_pselect6)
#define __SNR_pselect6 __NR_pselect6
#else
#define __SNR_pselect6 _SCMP_NR(308, 270, 270, 335, 72, 72, 301, 301, 260, 264, 273, 273, 280, 280, 72, 301, 301, 308)
#endif
#if defined(__NR_pselect6_time64)
#define __SNR_pselect6_time64 __NR_pselect6_time64
#else
#define __SNR_pselect6_time64 _SCMP_NR(413, -10231, -10231, 413, -10231, -10231, 413, 413, -10231, 413, 413, -10231, 413, -10231, -10231, 413, -10231, 413)
#endif
#if defined(__NR_ptrace)
#define __SNR_ptrace __NR_ptrace
#else
#define __SNR_ptrace _SCMP_NR(26, 101, 521, 26, 117, 117, 26, 26, 99, 99, 26, 26, 26, 26, 117, 26, 26, 26)
#endif
#if defined(__NR_putpmsg)
#define __SNR_putpmsg __NR_putpmsg
#else
#define __SNR_putpmsg _SCMP_NR(189, 182, 182, -10099, -10099, -10099, 189, 209, 175, 175, -10099, -10099, 188, 188, -10099, 189, 189, -10099)
#endif
#if defined(__NR_pwrite64)
#define __SNR_pwrite64 __NR_pwrite64
#else
#define __SNR_pwrite64 _SCMP_NR(181, 18, 18, 181, 68, 68, 181, 201, 17, 17, 109, 109, 180, 180, 68, 181, 181, 181)
#endif
#if defined(__NR_pwritev)
#define __SNR_pwritev __NR_pwritev
#else
#define __SNR_pwritev _SCMP_NR(334, 296, 535, 362, 70, 70, 330, 331, 290, 294, 316, 316, 321, 321, 70, 329, 329, 334)
#endif
#if defined(__NR_pwritev2)
#define __SNR_pwritev2 __NR_pwritev2
#else
#define __SNR_pwritev2 _SCMP_NR(379, 328, 547, 393, 287, 287, 378, 362, 322, 326, 348, 348, 381, 381, 287, 377, 377, 382)
#endif
#if defined(__NR_query_module)
#define __SNR_query_module __NR_query_module
#else
#define __SNR_query_module _SCMP_NR(167, 178, -10078, -10078, -10078, -10078, 167, 187, 171, 171, -10078, -10078, 166, 166, -10078, 167, 167, -10078)
#endif
#if defined(__NR_quotactl)
#define __SNR_quotactl __NR_quotactl
#else
#define __SNR_quotactl _SCMP_NR(131, 179, 179, 131, 60, 60, 131, 131, 172, 172, 131, 131, 131, 131, 60, 131, 131, 131)
#endif
#if defined(__NR_quotactl_fd)
#define __SNR_quotactl_fd __NR_quotactl_fd
#else
#define __SNR_quotactl_fd _SCMP_NR_ALL(443)
#endif
#if defined(__NR_read)
#define __SNR_read __NR_read
#else
#define __SNR_read _SCMP_NR(3, 0, 0, 3, 63, 63, 3, 3, 0, 0, 3, 3, 3, 3, 63, 3, 3, 3)
#endif
#if defined(__NR_readahead)
#define __SNR_readahead __NR_readahead
#else
#define __SNR_readahead _SCMP_NR(225, 187, 187, 225, 213, 213, 240, 223, 179, 179, 207, 207, 191, 191, 213, 222, 222, 225)
#endif
#if defined(__NR_readdir)
#define __SNR_readdir __NR_readdir
#else
#define __SNR_readdir _SCMP_NR(89, -10041, -10041, -10041, -10041, -10041, 89, 89, -10041, -10041, -10041, -10041, 89, 89, -10041, 89, 89, 89)
#endif
#if defined(__NR_readlink)
#define __SNR_readlink __NR_readlink
#else
#define __SNR_readlink _SCMP_NR(85, 89, 89, 85, -10170, -10170, 85, 85, 87, 87, 85, 85, 85, 85, -10170, 85, 85, 85)
#endif
#if defined(__NR_readlinkat)
#define __SNR_readlinkat __NR_readlinkat
#else
#define __SNR_readlinkat _SCMP_NR(305, 267, 267, 332, 78, 78, 298, 298, 257, 261, 285, 285, 296, 296, 78, 298, 298, 305)
#endif
#if defined(__NR_readv)
#define __SNR_readv __NR_readv
#else
#define __SNR_readv _SCMP_NR(145, 19, 515, 145, 65, 65, 145, 145, 18, 18, 145, 145, 145, 145, 65, 145, 145, 145)
#endif
#if defined(__NR_reboot)
#define __SNR_reboot __NR_reboot
#else
#define __SNR_reboot _SCMP_NR(88, 169, 169, 88, 142, 142, 88, 88, 164, 164, 88, 88, 88, 88, 142, 88, 88, 88)
#endif
#if defined(__NR_recv)
#define __SNR_recv __NR_recv
#else
#define __SNR_recv _SCMP_NR(-110, -110, -110, 291, -110, -110, -110, 175, -110, -110, 98, 98, 336, 336, -110, -110, -110, 350)
#endif
#if defined(__NR_recvfrom)
#define __SNR_recvfrom __NR_recvfrom
#else
#define __SNR_recvfrom _SCMP_NR(371, 45, 517, 292, 207, 207, 368, 176, 44, 44, 123, 123, 337, 337, 207, 371, 371, 351)
#endif
#if defined(__NR_recvmmsg)
#define __SNR_recvmmsg __NR_recvmmsg
#else
#define __SNR_recvmmsg _SCMP_NR(337, 299, 537, 365, 243, 243, 371, 335, 294, 298, 319, 319, 343, 343, 243, 357, 357, 357)
#endif
#if defined(__NR_recvmmsg_time64)
#define __SNR_recvmmsg_time64 __NR_recvmmsg_time64
#else
#define __SNR_recvmmsg_time64 _SCMP_NR(417, -10232, -10232, 417, -10232, -10232, 417, 417, -10232, 417, 417, -10232, 417, -10232, -10232, 417, -10232, 417)
#endif
#if defined(__NR_recvmsg)
#define __SNR_recvmsg __NR_recvmsg
#else
#define __SNR_recvmsg _SCMP_NR(372, 47, 519, 297, 212, 212, 369, 177, 46, 46, 184, 184, 342, 342, 212, 372, 372, 356)
#endif
#if defined(__NR_remap_file_pages)
#define __SNR_remap_file_pages __NR_remap_file_pages
#else
#define __SNR_remap_file_pages _SCMP_NR(257, 216, 216, 253, 234, 234, 252, 251, 210, 210, 227, 227, 239, 239, 234, 267, 267, 257)
#endif
#if defined(__NR_removexattr)
#define __SNR_removexattr __NR_removexattr
#else
#define __SNR_removexattr _SCMP_NR(235, 197, 197, 235, 14, 14, 232, 233, 189, 189, 247, 247, 218, 218, 14, 233, 233, 235)
#endif
#if defined(__NR_removexattrat)
#define __SNR_removexattrat __NR_removexattrat
#else
#define __SNR_removexattrat _SCMP_NR_ALL(466)
#endif
#if defined(__NR_rename)
#define __SNR_rename __NR_rename
#else
#define __SNR_rename _SCMP_NR(38, 82, 82, 38, -10171, -10171, 38, 38, 80, 80, 38, 38, 38, 38, -10171, 38, 38, 38)
#endif
#if defined(__NR_renameat)
#define __SNR_renameat __NR_renameat
#else
#define __SNR_renameat _SCMP_NR(302, 264, 264, 329, 38, -10242, 295, 295, 254, 258, 282, 282, 293, 293, -10242, 295, 295, 302)
#endif
#if defined(__NR_renameat2)
#define __SNR_renameat2 __NR_renameat2
#else
#define __SNR_renameat2 _SCMP_NR(353, 316, 316, 382, 276, 276, 351, 351, 311, 315, 337, 337, 357, 357, 276, 347, 347, 371)
#endif
#if defined(__NR_request_key)
#define __SNR_request_key __NR_request_key
#else
#define __SNR_request_key _SCMP_NR(287, 249, 249, 310, 218, 218, 280, 281, 240, 244, 265, 265, 270, 270, 218, 279, 279, 286)
#endif
#if defined(__NR_restart_syscall)
#define __SNR_restart_syscall __NR_restart_syscall
#else
#define __SNR_restart_syscall _SCMP_NR(0, 219, 219, 0, 128, 128, 0, 253, 213, 214, 0, 0, 0, 0, 128, 7, 7, 0)
#endif
#if defined(__NR_riscv_flush_icache)
#define __SNR_riscv_flush_icache __NR_riscv_flush_icache
#else
#define __SNR_riscv_flush_icache _SCMP_NR(-10243, -10243, -10243, -10243, -10243, -10243, -10243, -10243, -10243, -10243, -10243, -10243, -10243, -10243, 259, -10243, -10243, -10243)
#endif
#if defined(__NR_riscv_hwprobe)
#define __SNR_riscv_hwprobe __NR_riscv_hwprobe
#else
#define __SNR_riscv_hwprobe _SCMP_NR(-10250, -10250, -10250, -10250, -10250, -10250, -10250, -10250, -10250, -10250, -10250, -10250, -10250, -10250, 258, -10250, -10250, -10250)
#endif
#if defined(__NR_rmdir)
#define __SNR_rmdir __NR_rmdir
#else
#define __SNR_rmdir _SCMP_NR(40, 84, 84, 40, -10172, -10172, 40, 40, 82, 82, 40, 40, 40, 40, -10172, 40, 40, 40)
#endif
#if defined(__NR_rseq)
#define __SNR_rseq __NR_rseq
#else
#define __SNR_rseq _SCMP_NR(386, 334, 334, 398, 293, 293, 384, 367, 327, 331, 354, 354, 387, 387, 293, 383, 383, 387)
#endif
#if defined(__NR_rseq_slice_yield)
#define __SNR_rseq_slice_yield __NR_rseq_slice_yield
#else
#define __SNR_rseq_slice_yield _SCMP_NR(471, 471, 471, 471, 471, 471, 471, 471, 471, 471, 471, 471, 471, 471, 471, -10253, 471, 471)
#endif
#if defined(__NR_rt_sigaction)
#define __SNR_rt_sigaction __NR_rt_sigaction
#else
#define __SNR_rt_sigaction _SCMP_NR(174, 13, 512, 174, 134, 134, 174, 194, 13, 13, 174, 174, 173, 173, 134, 174, 174, 174)
#endif
#if defined(__NR_rt_sigpending)
#define __SNR_rt_sigpending __NR_rt_sigpending
#else
#define __SNR_rt_sigpending _SCMP_NR(176, 127, 522, 176, 136, 136, 176, 196, 125, 125, 176, 176, 175, 175, 136, 176, 176, 176)
#endif
#if defined(__NR_rt_sigprocmask)
#define __SNR_rt_sigprocmask __NR_rt_sigprocmask
#else
#define __SNR_rt_sigprocmask _SCMP_NR(175, 14, 14, 175, 135, 135, 175, 195, 14, 14, 175, 175, 174, 174, 135, 175, 175, 175)
#endif
#if defined(__NR_rt_sigqueueinfo)
#define __SNR_rt_sigqueueinfo __NR_rt_sigqueueinfo
#else
#define __SNR_rt_sigqueueinfo _SCMP_NR(178, 129, 524, 178, 138, 138, 178, 198, 127, 127, 178, 178, 177, 177, 138, 178, 178, 178)
#endif
#if defined(__NR_rt_sigreturn)
#define __SNR_rt_sigreturn __NR_rt_sigreturn
#else
#define __SNR_rt_sigreturn _SCMP_NR(173, 15, 513, 173, 139, 139, 173, 193, 211, 211, 173, 173, 172, 172, 139, 173, 173, 173)
#endif
#if defined(__NR_rt_sigsuspend)
#define __SNR_rt_sigsuspend __NR_rt_sigsuspend
#else
#define __SNR_rt_sigsuspend _SCMP_NR(179, 130, 130, 179, 133, 133, 179, 199, 128, 128, 179, 179, 178, 178, 133, 179, 179, 179)
#endif
#if defined(__NR_rt_sigtimedwait)
#define __SNR_rt_sigtimedwait __NR_rt_sigtimedwait
#else
#define __SNR_rt_sigtimedwait _SCMP_NR(177, 128, 523, 177, 137, 137, 177, 197, 126, 126, 177, 177, 176, 176, 137, 177, 177, 177)
#endif
#if defined(__NR_rt_sigtimedwait_time64)
#define __SNR_rt_sigtimedwait_time64 __NR_rt_sigtimedwait_time64
#else
#define __SNR_rt_sigtimedwait_time64 _SCMP_NR(421, -10233, -10233, 421, -10233, -10233, 421, 421, -10233, 421, 421, -10233, 421, -10233, -10233, 421, -10233, 421)
#endif
#if defined(__NR_rt_tgsigqueueinfo)
#define __SNR_rt_tgsigqueueinfo __NR_rt_tgsigqueueinfo
#else
#define __SNR_rt_tgsigqueueinfo _SCMP_NR(335, 297, 536, 363, 240, 240, 331, 332, 291, 295, 317, 317, 322, 322, 240, 330, 330, 335)
#endif
#if defined(__NR_rtas)
#define __SNR_rtas __NR_rtas
#else
#define __SNR_rtas _SCMP_NR(-10187, -10187, -10187, -10187, -10187, -10187, -10187, -10187, -10187, -10187, -10187, -10187, 255, 255, -10187, -10187, -10187, -10187)
#endif
#if defined(__NR_s390_guarded_storage)
#define __SNR_s390_guarded_storage __NR_s390_guarded_storage
#else
#define __SNR_s390_guarded_storage _SCMP_NR(-10205, -10205, -10205, -10205, -10205, -10205, -10205, -10205, -10205, -10205, -10205, -10205, -10205, -10205, -10205, 378, 378, -10205)
#endif
#if defined(__NR_s390_pci_mmio_read)
#define __SNR_s390_pci_mmio_read __NR_s390_pci_mmio_read
#else
#define __SNR_s390_pci_mmio_read _SCMP_NR(-10197, -10197, -10197, -10197, -10197, -10197, -10197, -10197, -10197, -10197, -10197, -10197, -10197, -10197, -10197, 353, 353, -10197)
#endif
#if defined(__NR_s390_pci_mmio_write)
#define __SNR_s390_pci_mmio_write __NR_s390_pci_mmio_write
#else
#define __SNR_s390_pci_mmio_write _SCMP_NR(-10198, -10198, -10198, -10198, -10198, -10198, -10198, -10198, -10198, -10198, -10198, -10198, -10198, -10198, -10198, 352, 352, -10198)
#endif
#if defined(__NR_s390_runtime_instr)
#define __SNR_s390_runtime_instr __NR_s390_runtime_instr
#else
#define __SNR_s390_runtime_instr _SCMP_NR(-10196, -10196, -10196, -10196, -10196, -10196, -10196, -10196, -10196, -10196, -10196, -10196, -10196, -10196, -10196, 342, 342, -10196)
#endif
#if defined(__NR_s390_sthyi)
#define __SNR_s390_sthyi __NR_s390_sthyi
#else
#define __SNR_s390_sthyi _SCMP_NR(-10206, -10206, -10206, -10206, -10206, -10206, -10206, -10206, -10206, -10206, -10206, -10206, -10206, -10206, -10206, 380, 380, -10206)
#endif
#if defined(__NR_sched_get_priority_max)
#define __SNR_sched_get_priority_max __NR_sched_get_priority_max
#else
#define __SNR_sched_get_priority_max _SCMP_NR(159, 146, 146, 159, 125, 125, 159, 163, 143, 143, 159, 159, 159, 159, 125, 159, 159, 159)
#endif
#if defined(__NR_sched_get_priority_min)
#define __SNR_sched_get_priority_min __NR_sched_get_priority_min
#else
#define __SNR_sched_get_priority_min _SCMP_NR(160, 147, 147, 160, 126, 126, 160, 164, 144, 144, 160, 160, 160, 160, 126, 160, 160, 160)
#endif
#if defined(__NR_sched_getaffinity)
#define __SNR_sched_getaffinity __NR_sched_getaffinity
#else
#define __SNR_sched_getaffinity _SCMP_NR(242, 204, 204, 242, 123, 123, 312, 240, 196, 196, 212, 212, 223, 223, 123, 240, 240, 242)
#endif
#if defined(__NR_sched_getattr)
#define __SNR_sched_getattr __NR_sched_getattr
#else
#define __SNR_sched_getattr _SCMP_NR(352, 315, 315, 381, 275, 275, 350, 350, 310, 314, 335, 335, 356, 356, 275, 346, 346, 369)
#endif
#if defined(__NR_sched_getparam)
#define __SNR_sched_getparam __NR_sched_getparam
#else
#define __SNR_sched_getparam _SCMP_NR(155, 143, 143, 155, 121, 121, 155, 159, 140, 140, 155, 155, 155, 155, 121, 155, 155, 155)
#endif
#if defined(__NR_sched_getscheduler)
#define __SNR_sched_getscheduler __NR_sched_getscheduler
#else
#define __SNR_sched_getscheduler _SCMP_NR(157, 145, 145, 157, 120, 120, 157, 161, 142, 142, 157, 157, 157, 157, 120, 157, 157, 157)
#endif
#if defined(__NR_sched_rr_get_interval)
#define __SNR_sched_rr_get_interval __NR_sched_rr_get_interval
#else
#define __SNR_sched_rr_get_interval _SCMP_NR(161, 148, 148, 161, 127, 127, 161, 165, 145, 145, 161, 161, 161, 161, 127, 161, 161, 161)
#endif
#if defined(__NR_sched_rr_get_interval_time64)
#define __SNR_sched_rr_get_interval_time64 __NR_sched_rr_get_interval_time64
#else
#define __SNR_sched_rr_get_interval_time64 _SCMP_NR(423, -10234, -10234, 423, -10234, -10234, 423, 423, -10234, 423, 423, -10234, 423, -10234, -10234, 423, -10234, 423)
#endif
#if defined(__NR_sched_setaffinity)
#define __SNR_sched_setaffinity __NR_sched_setaffinity
#else
#define __SNR_sched_setaffinity _SCMP_NR(241, 203, 203, 241, 122, 122, 311, 239, 195, 195, 211, 211, 222, 222, 122, 239, 239, 241)
#endif
#if defined(__NR_sched_setattr)
#define __SNR_sched_setattr __NR_sched_setattr
#else
#define __SNR_sched_setattr _SCMP_NR(351, 314, 314, 380, 274, 274, 349, 349, 309, 313, 334, 334, 355, 355, 274, 345, 345, 370)
#endif
#if defined(__NR_sched_setparam)
#define __SNR_sched_setparam __NR_sched_setparam
#else
#define __SNR_sched_setparam _SCMP_NR(154, 142, 142, 154, 118, 118, 154, 158, 139, 139, 154, 154, 154, 154, 118, 154, 154, 154)
#endif
#if defined(__NR_sched_setscheduler)
#define __SNR_sched_setscheduler __NR_sched_setscheduler
#else
#define __SNR_sched_setscheduler _SCMP_NR(156, 144, 144, 156, 119, 119, 156, 160, 141, 141, 156, 156, 156, 156, 119, 156, 156, 156)
#endif
#if defined(__NR_sched_yield)
#define __SNR_sched_yield __NR_sched_yield
#else
#define __SNR_sched_yield _SCMP_NR(158, 24, 24, 158, 124, 124, 158, 162, 23, 23, 158, 158, 158, 158, 124, 158, 158, 158)
#endif
#if defined(__NR_seccomp)
#define __SNR_seccomp __NR_seccomp
#else
#define __SNR_seccomp _SCMP_NR(354, 317, 317, 383, 277, 277, 380, 352, 312, 316, 338, 338, 358, 358, 277, 348, 348, 372)
#endif
#if defined(__NR_security)
#define __SNR_security __NR_security
#else
#define __SNR_security _SCMP_NR(-10042, 185, 185, -10042, -10042, -10042, -10042, -10042, -10042, -10042, -10042, -10042, -10042, -10042, -10042, -10042, -10042, -10042)
#endif
#if defined(__NR_select)
#define __SNR_select __NR_select
#else
#define __SNR_select _SCMP_NR(82, 23, 23, -10101, -10101, -10101, 82, -10101, -10101, -10101, -10101, -10101, 82, 82, -10101, -10101, 142, -10101)
#endif
#if defined(__NR_semctl)
#define __SNR_semctl __NR_semctl
#else
#define __SNR_semctl _SCMP_NR(394, 66, 66, 300, 191, 191, 394, 394, 64, 64, 187, 187, 394, 394, 191, 394, 394, 394)
#endif
#if defined(__NR_semget)
#define __SNR_semget __NR_semget
#else
#define __SNR_semget _SCMP_NR(393, 64, 64, 299, 190, 190, 393, 393, 62, 62, 186, 186, 393, 393, 190, 393, 393, 393)
#endif
#if defined(__NR_semop)
#define __SNR_semop __NR_semop
#else
#define __SNR_semop _SCMP_NR(-201, 65, 65, 298, 193, 193, -201, -201, 63, 63, 185, 185, -201, -201, 193, -201, -201, -201)
#endif
#if defined(__NR_semtimedop)
#define __SNR_semtimedop __NR_semtimedop
#else
#define __SNR_semtimedop _SCMP_NR(-204, 220, 220, 312, 192, 192, -204, -204, 214, 215, 228, 228, -204, 392, 192, -204, 392, -204)
#endif
#if defined(__NR_semtimedop_time64)
#define __SNR_semtimedop_time64 __NR_semtimedop_time64
#else
#define __SNR_semtimedop_time64 _SCMP_NR(420, -10235, -10235, 420, -10235, -10235, 420, 420, -10235, 420, 420, -10235, 420, -10235, -10235, 420, -10235, 420)
#endif
#if defined(__NR_send)
#define __SNR_send __NR_send
#else
#define __SNR_send _SCMP_NR(-109, -109, -109, 289, -109, -109, -109, 178, -109, -109, 58, 58, 334, 334, -109, -109, -109, 348)
#endif
#if defined(__NR_sendfile)
#define __SNR_sendfile __NR_sendfile
#else
#define __SNR_sendfile _SCMP_NR(187, 40, 40, 187, 71, 71, 187, 207, 39, 39, 122, 122, 186, 186, 71, 187, 187, 187)
#endif
#if defined(__NR_sendfile64)
#define __SNR_sendfile64 __NR_sendfile64
#else
#define __SNR_sendfile64 _SCMP_NR(239, -10043, -10043, 239, -10043, -10043, 236, 237, -10043, 219, 209, 209, 226, -10043, -10043, 223, -10043, 239)
#endif
#if defined(__NR_sendmmsg)
#define __SNR_sendmmsg __NR_sendmmsg
#else
#define __SNR_sendmmsg _SCMP_NR(345, 307, 538, 374, 269, 269, 372, 343, 302, 307, 329, 329, 349, 349, 269, 358, 358, 363)
#endif
#if defined(__NR_sendmsg)
#define __SNR_sendmsg __NR_sendmsg
#else
#define __SNR_sendmsg _SCMP_NR(370, 46, 518, 296, 211, 211, 367, 179, 45, 45, 183, 183, 341, 341, 211, 370, 370, 355)
#endif
#if defined(__NR_sendto)
#define __SNR_sendto __NR_sendto
#else
#define __SNR_sendto _SCMP_NR(369, 44, 44, 290, 206, 206, 366, 180, 43, 43, 82, 82, 335, 335, 206, 369, 369, 349)
#endif
#if defined(__NR_set_mempolicy)
#define __SNR_set_mempolicy __NR_set_mempolicy
#else
#define __SNR_set_mempolicy _SCMP_NR(276, 238, 238, 321, 237, 237, 270, 270, 229, 233, 262, 262, 261, 261, 237, 270, 270, 276)
#endif
#if defined(__NR_set_mempolicy_home_node)
#define __SNR_set_mempolicy_home_node __NR_set_mempolicy_home_node
#else
#define __SNR_set_mempolicy_home_node _SCMP_NR_ALL(450)
#endif
#if defined(__NR_set_robust_list)
#define __SNR_set_robust_list __NR_set_robust_list
#else
#define __SNR_set_robust_list _SCMP_NR(311, 273, 530, 338, 99, 99, 304, 309, 268, 272, 289, 289, 300, 300, 99, 304, 304, 311)
#endif
#if defined(__NR_set_thread_area)
#define __SNR_set_thread_area __NR_set_thread_area
#else
#define __SNR_set_thread_area _SCMP_NR(243, 205, -10079, -10079, -10079, -10079, 334, 283, 242, 246, -10079, -10079, -10079, -10079, -10079, -10079, -10079, -10079)
#endif
#if defined(__NR_set_tid_address)
#define __SNR_set_tid_address __NR_set_tid_address
#else
#define __SNR_set_tid_address _SCMP_NR(258, 218, 218, 256, 96, 96, 253, 252, 212, 213, 237, 237, 232, 232, 96, 252, 252, 258)
#endif
#if defined(__ARM_NR_set_tls)
#define __SNR_set_tls __ARM_NR_set_tls
#elif defined(__NR_set_tls)
#define __SNR_set_tls __NR_set_tls
#else
#define __SNR_set_tls _SCMP_NR(-10183, -10183, -10183, 983045, -10183, -10183, -10183, -10183, -10183, -10183, -10183, -10183, -10183, -10183, -10183, -10183, -10183, -10183)
#endif
#if defined(__NR_setdomainname)
#define __SNR_setdomainname __NR_setdomainname
#else
#define __SNR_setdomainname _SCMP_NR(121, 171, 171, 121, 162, 162, 121, 121, 166, 166, 121, 121, 121, 121, 162, 121, 121, 121)
#endif
#if defined(__NR_setfsgid)
#define __SNR_setfsgid __NR_setfsgid
#else
#define __SNR_setfsgid _SCMP_NR(139, 123, 123, 139, 152, 152, 139, 139, 121, 121, 139, 139, 139, 139, 152, 139, 216, 139)
#endif
#if defined(__NR_setfsgid32)
#define __SNR_setfsgid32 __NR_setfsgid32
#else
#define __SNR_setfsgid32 _SCMP_NR(216, -10044, -10044, 216, -10044, -10044, 216, -10044, -10044, -10044, -10044, -10044, -10044, -10044, -10044, 216, -10044, 216)
#endif
#if defined(__NR_setfsuid)
#define __SNR_setfsuid __NR_setfsuid
#else
#define __SNR_setfsuid _SCMP_NR(138, 122, 122, 138, 151, 151, 138, 138, 120, 120, 138, 138, 138, 138, 151, 138, 215, 138)
#endif
#if defined(__NR_setfsuid32)
#define __SNR_setfsuid32 __NR_setfsuid32
#else
#define __SNR_setfsuid32 _SCMP_NR(215, -10045, -10045, 215, -10045, -10045, 215, -10045, -10045, -10045, -10045, -10045, -10045, -10045, -10045, 215, -10045, 215)
#endif
#if defined(__NR_setgid)
#define __SNR_setgid __NR_setgid
#else
#define __SNR_setgid _SCMP_NR(46, 106, 106, 46, 144, 144, 46, 46, 104, 104, 46, 46, 46, 46, 144, 46, 214, 46)
#endif
#if defined(__NR_setgid32)
#define __SNR_setgid32 __NR_setgid32
#else
#define __SNR_setgid32 _SCMP_NR(214, -10046, -10046, 214, -10046, -10046, 214, -10046, -10046, -10046, -10046, -10046, -10046, -10046, -10046, 214, -10046, 214)
#endif
#if defined(__NR_setgroups)
#define __SNR_setgroups __NR_setgroups
#else
#define __SNR_setgroups _SCMP_NR(81, 116, 116, 81, 159, 159, 81, 81, 114, 114, 81, 81, 81, 81, 159, 81, 206, 81)
#endif
#if defined(__NR_setgroups32)
#define __SNR_setgroups32 __NR_setgroups32
#else
#define __SNR_setgroups32 _SCMP_NR(206, -10047, -10047, 206, -10047, -10047, 206, -10047, -10047, -10047, -10047, -10047, -10047, -10047, -10047, 206, -10047, 206)
#endif
#if defined(__NR_sethostname)
#define __SNR_sethostname __NR_sethostname
#else
#define __SNR_sethostname _SCMP_NR(74, 170, 170, 74, 161, 161, 74, 74, 165, 165, 74, 74, 74, 74, 161, 74, 74, 74)
#endif
#if defined(__NR_setitimer)
#define __SNR_setitimer __NR_setitimer
#else
#define __SNR_setitimer _SCMP_NR(104, 38, 38, 104, 103, 103, 104, 104, 36, 36, 104, 104, 104, 104, 103, 104, 104, 104)
#endif
#if defined(__NR_setns)
#define __SNR_setns __NR_setns
#else
#define __SNR_setns _SCMP_NR(346, 308, 308, 375, 268, 268, 344, 344, 303, 308, 328, 328, 350, 350, 268, 339, 339, 364)
#endif
#if defined(__NR_setpgid)
#define __SNR_setpgid __NR_setpgid
#else
#define __SNR_setpgid _SCMP_NR(57, 109, 109, 57, 154, 154, 57, 57, 107, 107, 57, 57, 57, 57, 154, 57, 57, 57)
#endif
#if defined(__NR_setpriority)
#define __SNR_setpriority __NR_setpriority
#else
#define __SNR_setpriority _SCMP_NR(97, 141, 141, 97, 140, 140, 97, 97, 138, 138, 97, 97, 97, 97, 140, 97, 97, 97)
#endif
#if defined(__NR_setregid)
#define __SNR_setregid __NR_setregid
#else
#define __SNR_setregid _SCMP_NR(71, 114, 114, 71, 143, 143, 71, 71, 112, 112, 71, 71, 71, 71, 143, 71, 204, 71)
#endif
#if defined(__NR_setregid32)
#define __SNR_setregid32 __NR_setregid32
#else
#define __SNR_setregid32 _SCMP_NR(204, -10048, -10048, 204, -10048, -10048, 204, -10048, -10048, -10048, -10048, -10048, -10048, -10048, -10048, 204, -10048, 204)
#endif
#if defined(__NR_setresgid)
#define __SNR_setresgid __NR_setresgid
#else
#define __SNR_setresgid _SCMP_NR(170, 119, 119, 170, 149, 149, 170, 190, 117, 117, 170, 170, 169, 169, 149, 170, 210, 170)
#endif
#if defined(__NR_setresgid32)
#define __SNR_setresgid32 __NR_setresgid32
#else
#define __SNR_setresgid32 _SCMP_NR(210, -10049, -10049, 210, -10049, -10049, 210, -10049, -10049, -10049, -10049, -10049, -10049, -10049, -10049, 210, -10049, 210)
#endif
#if defined(__NR_setresuid)
#define __SNR_setresuid __NR_setresuid
#else
#define __SNR_setresuid _SCMP_NR(164, 117, 117, 164, 147, 147, 164, 185, 115, 115, 164, 164, 164, 164, 147, 164, 208, 164)
#endif
#if defined(__NR_setresuid32)
#define __SNR_setresuid32 __NR_setresuid32
#else
#define __SNR_setresuid32 _SCMP_NR(208, -10050, -10050, 208, -10050, -10050, 208, -10050, -10050, -10050, -10050, -10050, -10050, -10050, -10050, 208, -10050, 208)
#endif
#if defined(__NR_setreuid)
#define __SNR_setreuid __NR_setreuid
#else
#define __SNR_setreuid _SCMP_NR(70, 113, 113, 70, 145, 145, 70, 70, 111, 111, 70, 70, 70, 70, 145, 70, 203, 70)
#endif
#if defined(__NR_setreuid32)
#define __SNR_setreuid32 __NR_setreuid32
#else
#define __SNR_setreuid32 _SCMP_NR(203, -10051, -10051, 203, -10051, -10051, 203, -10051, -10051, -10051, -10051, -10051, -10051, -10051, -10051, 203, -10051, 203)
#endif
#if defined(__NR_setrlimit)
#define __SNR_setrlimit __NR_setrlimit
#else
#define __SNR_setrlimit _SCMP_NR(75, 160, 160, 75, 164, -10211, 75, 75, 155, 155, 75, 75, 75, 75, 164, 75, 75, 75)
#endif
#if defined(__NR_setsid)
#define __SNR_setsid __NR_setsid
#else
#define __SNR_setsid _SCMP_NR(66, 112, 112, 66, 157, 157, 66, 66, 110, 110, 66, 66, 66, 66, 157, 66, 66, 66)
#endif
#if defined(__NR_setsockopt)
#define __SNR_setsockopt __NR_setsockopt
#else
#define __SNR_setsockopt _SCMP_NR(366, 54, 541, 294, 208, 208, 363, 181, 53, 53, 181, 181, 339, 339, 208, 366, 366, 353)
#endif
#if defined(__NR_settimeofday)
#define __SNR_settimeofday __NR_settimeofday
#else
#define __SNR_settimeofday _SCMP_NR(79, 164, 164, 79, 170, 170, 79, 79, 159, 159, 79, 79, 79, 79, 170, 79, 79, 79)
#endif
#if defined(__NR_setuid)
#define __SNR_setuid __NR_setuid
#else
#define __SNR_setuid _SCMP_NR(23, 105, 105, 23, 146, 146, 23, 23, 103, 103, 23, 23, 23, 23, 146, 23, 213, 23)
#endif
#if defined(__NR_setuid32)
#define __SNR_setuid32 __NR_setuid32
#else
#define __SNR_setuid32 _SCMP_NR(213, -10052, -10052, 213, -10052, -10052, 213, -10052, -10052, -10052, -10052, -10052, -10052, -10052, -10052, 213, -10052, 213)
#endif
#if defined(__NR_setxattr)
#define __SNR_setxattr __NR_setxattr
#else
#define __SNR_setxattr _SCMP_NR(226, 188, 188, 226, 5, 5, 223, 224, 180, 180, 238, 238, 209, 209, 5, 224, 224, 226)
#endif
#if defined(__NR_setxattrat)
#define __SNR_setxattrat __NR_setxattrat
#else
#define __SNR_setxattrat _SCMP_NR_ALL(463)
#endif
#if defined(__NR_sgetmask)
#define __SNR_sgetmask __NR_sgetmask
#else
#define __SNR_sgetmask _SCMP_NR(68, -10053, -10053, -10053, -10053, -10053, 68, 68, -10053, -10053, 68, 68, 68, 68, -10053, -10053, -10053, 68)
#endif
#if defined(__NR_shmat)
#define __SNR_shmat __NR_shmat
#else
#define __SNR_shmat _SCMP_NR(397, 30, 30, 305, 196, 196, 397, 397, 29, 29, 192, 192, 397, 397, 196, 397, 397, 397)
#endif
#if defined(__NR_shmctl)
#define __SNR_shmctl __NR_shmctl
#else
#define __SNR_shmctl _SCMP_NR(396, 31, 31, 308, 195, 195, 396, 396, 30, 30, 195, 195, 396, 396, 195, 396, 396, 396)
#endif
#if defined(__NR_shmdt)
#define __SNR_shmdt __NR_shmdt
#else
#define __SNR_shmdt _SCMP_NR(398, 67, 67, 306, 197, 197, 398, 398, 65, 65, 193, 193, 398, 398, 197, 398, 398, 398)
#endif
#if defined(__NR_shmget)
#define __SNR_shmget __NR_shmget
#else
#define __SNR_shmget _SCMP_NR(395, 29, 29, 307, 194, 194, 395, 395, 28, 28, 194, 194, 395, 395, 194, 395, 395, 395)
#endif
#if defined(__NR_shutdown)
#define __SNR_shutdown __NR_shutdown
#else
#define __SNR_shutdown _SCMP_NR(373, 48, 48, 293, 210, 210, 370, 182, 47, 47, 117, 117, 338, 338, 210, 373, 373, 352)
#endif
#if defined(__NR_sigaction)
#define __SNR_sigaction __NR_sigaction
#else
#define __SNR_sigaction _SCMP_NR(67, -10054, -10054, 67, -10054, -10054, 67, 67, -10054, -10054, -10054, -10054, 67, 67, -10054, 67, 67, 67)
#endif
#if defined(__NR_sigaltstack)
#define __SNR_sigaltstack __NR_sigaltstack
#else
#define __SNR_sigaltstack _SCMP_NR(186, 131, 525, 186, 132, 132, 186, 206, 129, 129, 166, 166, 185, 185, 132, 186, 186, 186)
#endif
#if defined(__NR_signal)
#define __SNR_signal __NR_signal
#else
#define __SNR_signal _SCMP_NR(48, -10055, -10055, -10055, -10055, -10055, 48, 48, -10055, -10055, 48, 48, 48, 48, -10055, 48, 48, 48)
#endif
#if defined(__NR_signalfd)
#define __SNR_signalfd __NR_signalfd
#else
#define __SNR_signalfd _SCMP_NR(321, 282, 282, 349, -10173, -10173, 317, 317, 276, 280, 302, 302, 305, 305, -10173, 316, 316, 321)
#endif
#if defined(__NR_signalfd4)
#define __SNR_signalfd4 __NR_signalfd4
#else
#define __SNR_signalfd4 _SCMP_NR(327, 289, 289, 355, 74, 74, 323, 324, 283, 287, 309, 309, 313, 313, 74, 322, 322, 327)
#endif
#if defined(__NR_sigpending)
#define __SNR_sigpending __NR_sigpending
#else
#define __SNR_sigpending _SCMP_NR(73, -10056, -10056, 73, -10056, -10056, 73, 73, -10056, -10056, 73, 73, 73, 73, -10056, 73, 73, 73)
#endif
#if defined(__NR_sigprocmask)
#define __SNR_sigprocmask __NR_sigprocmask
#else
#define __SNR_sigprocmask _SCMP_NR(126, -10057, -10057, 126, -10057, -10057, 126, 126, -10057, -10057, 126, 126, 126, 126, -10057, 126, 126, 126)
#endif
#if defined(__NR_sigreturn)
#define __SNR_sigreturn __NR_sigreturn
#else
#define __SNR_sigreturn _SCMP_NR(119, -10058, -10058, 119, -10058, -10058, 119, 119, -10058, -10058, -10058, -10058, 119, 119, -10058, 119, 119, 119)
#endif
#if defined(__NR_sigsuspend)
#define __SNR_sigsuspend __NR_sigsuspend
#else
#define __SNR_sigsuspend _SCMP_NR(72, -10059, -10059, 72, -10059, -10059, 72, 72, -10059, -10059, -10059, -10059, 72, 72, -10059, 72, 72, 72)
#endif
#if defined(__NR_socket)
#define __SNR_socket __NR_socket
#else
#define __SNR_socket _SCMP_NR(359, 41, 41, 281, 198, 198, 356, 183, 40, 40, 17, 17, 326, 326, 198, 359, 359, 340)
#endif
#if defined(__NR_socketcall)
#define __SNR_socketcall __NR_socketcall
#else
#define __SNR_socketcall _SCMP_NR(102, -10060, -10060, -10060, -10060, -10060, 102, 102, -10060, -10060, -10060, -10060, 102, 102, -10060, 102, 102, 102)
#endif
#if defined(__NR_socketpair)
#define __SNR_socketpair __NR_socketpair
#else
#define __SNR_socketpair _SCMP_NR(360, 53, 53, 288, 199, 199, 357, 184, 52, 52, 56, 56, 333, 333, 199, 360, 360, 347)
#endif
#if defined(__NR_splice)
#define __SNR_splice __NR_splice
#else
#define __SNR_splice _SCMP_NR(313, 275, 275, 340, 76, 76, 306, 304, 263, 267, 291, 291, 283, 283, 76, 306, 306, 313)
#endif
#if defined(__NR_spu_create)
#define __SNR_spu_create __NR_spu_create
#else
#define __SNR_spu_create _SCMP_NR(-10188, -10188, -10188, -10188, -10188, -10188, -10188, -10188, -10188, -10188, -10188, -10188, 279, 279, -10188, -10188, -10188, -10188)
#endif
#if defined(__NR_spu_run)
#define __SNR_spu_run __NR_spu_run
#else
#define __SNR_spu_run _SCMP_NR(-10189, -10189, -10189, -10189, -10189, -10189, -10189, -10189, -10189, -10189, -10189, -10189, 278, 278, -10189, -10189, -10189, -10189)
#endif
#if defined(__NR_ssetmask)
#define __SNR_ssetmask __NR_ssetmask
#else
#define __SNR_ssetmask _SCMP_NR(69, -10061, -10061, -10061, -10061, -10061, 69, 69, -10061, -10061, 69, 69, 69, 69, -10061, -10061, -10061, 69)
#endif
#if defined(__NR_stat)
#define __SNR_stat __NR_stat
#else
#define __SNR_stat _SCMP_NR(106, 4, 4, 106, -10174, -10174, 106, 106, 4, 4, 18, 18, 106, 106, -10174, 106, 106, 106)
#endif
#if defined(__NR_stat64)
#define __SNR_stat64 __NR_stat64
#else
#define __SNR_stat64 _SCMP_NR(195, -10062, -10062, 195, -10062, -10062, 195, 213, -10062, -10062, 101, 101, 195, -10062, -10062, 195, -10062, 195)
#endif
#if defined(__NR_statfs)
#define __SNR_statfs __NR_statfs
#else
#define __SNR_statfs _SCMP_NR(99, 137, 137, 99, 43, 43, 99, 99, 134, 134, 99, 99, 99, 99, 43, 99, 99, 99)
#endif
#if defined(__NR_statfs64)
#define __SNR_statfs64 __NR_statfs64
#else
#define __SNR_statfs64 _SCMP_NR(268, -10063, -10063, 266, -10063, -10063, 263, 255, -10063, 217, 298, 298, 252, 252, -10063, 265, 265, 268)
#endif
#if defined(__NR_statmount)
#define __SNR_statmount __NR_statmount
#else
#define __SNR_statmount _SCMP_NR_ALL(457)
#endif
#if defined(__NR_statx)
#define __SNR_statx __NR_statx
#else
#define __SNR_statx _SCMP_NR(383, 332, 332, 397, 291, 291, 379, 366, 326, 330, 349, 349, 383, 383, 291, 379, 379, 383)
#endif
#if defined(__NR_stime)
#define __SNR_stime __NR_stime
#else
#define __SNR_stime _SCMP_NR(25, -10064, -10064, -10064, -10064, -10064, 25, 25, -10064, -10064, 25, 25, 25, 25, -10064, 25, -10064, 25)
#endif
#if defined(__NR_stty)
#define __SNR_stty __NR_stty
#else
#define __SNR_stty _SCMP_NR(31, -10065, -10065, -10065, -10065, -10065, -10065, 31, -10065, -10065, -10065, -10065, 31, 31, -10065, -10065, -10065, -10065)
#endif
#if defined(__NR_subpage_prot)
#define __SNR_subpage_prot __NR_subpage_prot
#else
#define __SNR_subpage_prot _SCMP_NR(-10207, -10207, -10207, -10207, -10207, -10207, -10207, -10207, -10207, -10207, -10207, -10207, 310, 310, -10207, -10207, -10207, -10207)
#endif
#if defined(__NR_swapcontext)
#define __SNR_swapcontext __NR_swapcontext
#else
#define __SNR_swapcontext _SCMP_NR(-10190, -10190, -10190, -10190, -10190, -10190, -10190, -10190, -10190, -10190, -10190, -10190, 249, 249, -10190, -10190, -10190, -10190)
#endif
#if defined(__NR_swapoff)
#define __SNR_swapoff __NR_swapoff
#else
#define __SNR_swapoff _SCMP_NR(115, 168, 168, 115, 225, 225, 115, 115, 163, 163, 115, 115, 115, 115, 225, 115, 115, 115)
#endif
#if defined(__NR_swapon)
#define __SNR_swapon __NR_swapon
#else
#define __SNR_swapon _SCMP_NR(87, 167, 167, 87, 224, 224, 87, 87, 162, 162, 87, 87, 87, 87, 224, 87, 87, 87)
#endif
#if defined(__NR_switch_endian)
#define __SNR_switch_endian __NR_switch_endian
#else
#define __SNR_switch_endian _SCMP_NR(-10191, -10191, -10191, -10191, -10191, -10191, -10191, -10191, -10191, -10191, -10191, -10191, 363, 363, -10191, -10191, -10191, -10191)
#endif
#if defined(__NR_symlink)
#define __SNR_symlink __NR_symlink
#else
#define __SNR_symlink _SCMP_NR(83, 88, 88, 83, -10175, -10175, 83, 83, 86, 86, 83, 83, 83, 83, -10175, 83, 83, 83)
#endif
#if defined(__NR_symlinkat)
#define __SNR_symlinkat __NR_symlinkat
#else
#define __SNR_symlinkat _SCMP_NR(304, 266, 266, 331, 36, 36, 297, 297, 256, 260, 284, 284, 295, 295, 36, 297, 297, 304)
#endif
#if defined(__NR_sync)
#define __SNR_sync __NR_sync
#else
#define __SNR_sync _SCMP_NR(36, 162, 162, 36, 81, 81, 36, 36, 157, 157, 36, 36, 36, 36, 81, 36, 36, 36)
#endif
#if defined(__NR_sync_file_range)
#define __SNR_sync_file_range __NR_sync_file_range
#else
#define __SNR_sync_file_range _SCMP_NR(314, 277, 277, -10100, 84, 84, 307, 305, 264, 268, 292, 292, -10100, -10100, 84, 307, 307, 314)
#endif
#if defined(__NR_sync_file_range2)
#define __SNR_sync_file_range2 __NR_sync_file_range2
#else
#define __SNR_sync_file_range2 _SCMP_NR(-10089, -10089, -10089, -10089, -10089, -10089, -10089, -10089, -10089, -10089, -10089, -10089, 308, 308, -10089, -10089, -10089, 388)
#endif
#if defined(__NR_syncfs)
#define __SNR_syncfs __NR_syncfs
#else
#define __SNR_syncfs _SCMP_NR(344, 306, 306, 373, 267, 267, 343, 342, 301, 306, 327, 327, 348, 348, 267, 338, 338, 362)
#endif
#if defined(__NR_sys_debug_setcontext)
#define __SNR_sys_debug_setcontext __NR_sys_debug_setcontext
#else
#define __SNR_sys_debug_setcontext _SCMP_NR(-10191, -10191, -10191, -10191, -10191, -10191, -10191, -10191, -10191, -10191, -10191, -10191, 256, 256, -10191, -10191, -10191, -10191)
#endif
#if defined(__NR_syscall)
#define __SNR_syscall __NR_syscall
#else
#define __SNR_syscall _SCMP_NR(-10090, -10090, -10090, -10090, -10090, -10090, -10090, 0, -10090, -10090, -10090, -10090, -10090, -10090, -10090, -10090, -10090, -10090)
#endif
#if defined(__NR_sysfs)
#define __SNR_sysfs __NR_sysfs
#else
#define __SNR_sysfs _SCMP_NR(135, 139, 139, 135, -10145, -10145, 135, 135, 136, 136, 135, 135, 135, 135, -10145, 135, 135, 135)
#endif
#if defined(__NR_sysinfo)
#define __SNR_sysinfo __NR_sysinfo
#else
#define __SNR_sysinfo _SCMP_NR(116, 99, 99, 116, 179, 179, 116, 116, 97, 97, 116, 116, 116, 116, 179, 116, 116, 116)
#endif
#if defined(__NR_syslog)
#define __SNR_syslog __NR_syslog
#else
#define __SNR_syslog _SCMP_NR(103, 103, 103, 103, 116, 116, 103, 103, 101, 101, 103, 103, 103, 103, 116, 103, 103, 103)
#endif
#if defined(__NR_sysmips)
#define __SNR_sysmips __NR_sysmips
#else
#define __SNR_sysmips _SCMP_NR(-10106, -10106, -10106, -10106, -10106, -10106, -10106, 149, 199, 199, -10106, -10106, -10106, -10106, -10106, -10106, -10106, -10106)
#endif
#if defined(__NR_tee)
#define __SNR_tee __NR_tee
#else
#define __SNR_tee _SCMP_NR(315, 276, 276, 342, 77, 77, 308, 306, 265, 269, 293, 293, 284, 284, 77, 308, 308, 315)
#endif
#if defined(__NR_tgkill)
#define __SNR_tgkill __NR_tgkill
#else
#define __SNR_tgkill _SCMP_NR(270, 234, 234, 268, 131, 131, 265, 266, 225, 229, 259, 259, 250, 250, 131, 241, 241, 270)
#endif
#if defined(__NR_time)
#define __SNR_time __NR_time
#else
#define __SNR_time _SCMP_NR(13, 201, 201, -10108, -10108, -10108, 13, 13, -10108, -10108, 13, 13, 13, 13, -10108, 13, -10108, 13)
#endif
#if defined(__NR_timer_create)
#define __SNR_timer_create __NR_timer_create
#else
#define __SNR_timer_create _SCMP_NR(259, 222, 526, 257, 107, 107, 254, 257, 216, 220, 250, 250, 240, 240, 107, 254, 254, 259)
#endif
#if defined(__NR_timer_delete)
#define __SNR_timer_delete __NR_timer_delete
#else
#define __SNR_timer_delete _SCMP_NR(263, 226, 226, 261, 111, 111, 258, 261, 220, 224, 254, 254, 244, 244, 111, 258, 258, 263)
#endif
#if defined(__NR_timer_getoverrun)
#define __SNR_timer_getoverrun __NR_timer_getoverrun
#else
#define __SNR_timer_getoverrun _SCMP_NR(262, 225, 225, 260, 109, 109, 257, 260, 219, 223, 253, 253, 243, 243, 109, 257, 257, 262)
#endif
#if defined(__NR_timer_gettime)
#define __SNR_timer_gettime __NR_timer_gettime
#else
#define __SNR_timer_gettime _SCMP_NR(261, 224, 224, 259, 108, 108, 256, 259, 218, 222, 252, 252, 242, 242, 108, 256, 256, 261)
#endif
#if defined(__NR_timer_gettime64)
#define __SNR_timer_gettime64 __NR_timer_gettime64
#else
#define __SNR_timer_gettime64 _SCMP_NR(408, -10236, -10236, 408, -10236, -10236, 408, 408, -10236, 408, 408, -10236, 408, -10236, -10236, 408, -10236, 408)
#endif
#if defined(__NR_timer_settime)
#define __SNR_timer_settime __NR_timer_settime
#else
#define __SNR_timer_settime _SCMP_NR(260, 223, 223, 258, 110, 110, 255, 258, 217, 221, 251, 251, 241, 241, 110, 255, 255, 260)
#endif
#if defined(__NR_timer_settime64)
#define __SNR_timer_settime64 __NR_timer_settime64
#else
#define __SNR_timer_settime64 _SCMP_NR(409, -10237, -10237, 409, -10237, -10237, 409, 409, -10237, 409, 409, -10237, 409, -10237, -10237, 409, -10237, 409)
#endif
#if defined(__NR_timerfd)
#define __SNR_timerfd __NR_timerfd
#else
#define __SNR_timerfd _SCMP_NR(-10107, -10107, -10107, -10107, -10107, -10107, -10107, 318, 277, 281, -10107, -10107, -10107, -10107, -10107, 317, 317, -10107)
#endif
#if defined(__NR_timerfd_create)
#define __SNR_timerfd_create __NR_timerfd_create
#else
#define __SNR_timerfd_create _SCMP_NR(322, 283, 283, 350, 85, 85, 318, 321, 280, 284, 306, 306, 306, 306, 85, 319, 319, 322)
#endif
#if defined(__NR_timerfd_gettime)
#define __SNR_timerfd_gettime __NR_timerfd_gettime
#else
#define __SNR_timerfd_gettime _SCMP_NR(326, 287, 287, 354, 87, 87, 322, 322, 281, 285, 308, 308, 312, 312, 87, 321, 321, 326)
#endif
#if defined(__NR_timerfd_gettime64)
#define __SNR_timerfd_gettime64 __NR_timerfd_gettime64
#else
#define __SNR_timerfd_gettime64 _SCMP_NR(410, -10238, -10238, 410, -10238, -10238, 410, 410, -10238, 410, 410, -10238, 410, -10238, -10238, 410, -10238, 410)
#endif
#if defined(__NR_timerfd_settime)
#define __SNR_timerfd_settime __NR_timerfd_settime
#else
#define __SNR_timerfd_settime _SCMP_NR(325, 286, 286, 353, 86, 86, 321, 323, 282, 286, 307, 307, 311, 311, 86, 320, 320, 325)
#endif
#if defined(__NR_timerfd_settime64)
#define __SNR_timerfd_settime64 __NR_timerfd_settime64
#else
#define __SNR_timerfd_settime64 _SCMP_NR(411, -10239, -10239, 411, -10239, -10239, 411, 411, -10239, 411, 411, -10239, 411, -10239, -10239, 411, -10239, 411)
#endif
#if defined(__NR_times)
#define __SNR_times __NR_times
#else
#define __SNR_times _SCMP_NR(43, 100, 100, 43, 153, 153, 43, 43, 98, 98, 43, 43, 43, 43, 153, 43, 43, 43)
#endif
#if defined(__NR_tkill)
#define __SNR_tkill __NR_tkill
#else
#define __SNR_tkill _SCMP_NR(238, 200, 200, 238, 130, 130, 222, 236, 192, 192, 208, 208, 208, 208, 130, 237, 237, 238)
#endif
#if defined(__NR_truncate)
#define __SNR_truncate __NR_truncate
#else
#define __SNR_truncate _SCMP_NR(92, 76, 76, 92, 45, 45, 92, 92, 74, 74, 92, 92, 92, 92, 45, 92, 92, 92)
#endif
#if defined(__NR_truncate64)
#define __SNR_truncate64 __NR_truncate64
#else
#define __SNR_truncate64 _SCMP_NR(193, -10066, -10066, 193, -10066, -10066, 193, 211, -10066, -10066, 199, 199, 193, -10066, -10066, 193, -10066, 193)
#endif
#if defined(__NR_tuxcall)
#define __SNR_tuxcall __NR_tuxcall
#else
#define __SNR_tuxcall _SCMP_NR(-10067, 184, 184, -10067, -10067, -10067, -10067, -10067, -10067, -10067, -10067, -10067, 225, 225, -10067, -10067, -10067, -10067)
#endif
#if defined(__NR_ugetrlimit)
#define __SNR_ugetrlimit __NR_ugetrlimit
#else
#define __SNR_ugetrlimit _SCMP_NR(191, -10068, -10068, 191, -10068, -10068, 191, -10068, -10068, -10068, -10068, -10068, 190, 190, -10068, 191, -10068, 191)
#endif
#if defined(__NR_ulimit)
#define __SNR_ulimit __NR_ulimit
#else
#define __SNR_ulimit _SCMP_NR(58, -10069, -10069, -10069, -10069, -10069, -10069, 58, -10069, -10069, -10069, -10069, 58, 58, -10069, -10069, -10069, -10069)
#endif
#if defined(__NR_umask)
#define __SNR_umask __NR_umask
#else
#define __SNR_umask _SCMP_NR(60, 95, 95, 60, 166, 166, 60, 60, 93, 93, 60, 60, 60, 60, 166, 60, 60, 60)
#endif
#if defined(__NR_umount)
#define __SNR_umount __NR_umount
#else
#define __SNR_umount _SCMP_NR(22, -10070, -10070, -10070, -10070, -10070, 22, 22, -10070, -10070, -10070, -10070, 22, 22, -10070, 22, 22, 22)
#endif
#if defined(__NR_umount2)
#define __SNR_umount2 __NR_umount2
#else
#define __SNR_umount2 _SCMP_NR(52, 166, 166, 52, 39, 39, 52, 52, 161, 161, 52, 52, 52, 52, 39, 52, 52, 52)
#endif
#if defined(__NR_uname)
#define __SNR_uname __NR_uname
#else
#define __SNR_uname _SCMP_NR(122, 63, 63, 122, 160, 160, 122, 122, 61, 61, 59, 59, 122, 122, 160, 122, 122, 122)
#endif
#if defined(__NR_unlink)
#define __SNR_unlink __NR_unlink
#else
#define __SNR_unlink _SCMP_NR(10, 87, 87, 10, -10176, -10176, 10, 10, 85, 85, 10, 10, 10, 10, -10176, 10, 10, 10)
#endif
#if defined(__NR_unlinkat)
#define __SNR_unlinkat __NR_unlinkat
#else
#define __SNR_unlinkat _SCMP_NR(301, 263, 263, 328, 35, 35, 294, 294, 253, 257, 281, 281, 292, 292, 35, 294, 294, 301)
#endif
#if defined(__NR_unshare)
#define __SNR_unshare __NR_unshare
#else
#define __SNR_unshare _SCMP_NR(310, 272, 272, 337, 97, 97, 303, 303, 262, 266, 288, 288, 282, 282, 97, 303, 303, 310)
#endif
#if defined(__NR_uprobe)
#define __SNR_uprobe __NR_uprobe
#else
#define __SNR_uprobe _SCMP_NR(-10254, 336, 336, -10254, -10254, -10254, -10254, -10254, -10254, -10254, -10254, -10254, -10254, -10254, -10254, -10254, -10254, -10254)
#endif
#if defined(__NR_uretprobe)
#define __SNR_uretprobe __NR_uretprobe
#else
#define __SNR_uretprobe _SCMP_NR(-10251, 335, 335, -10251, -10251, -10251, -10251, -10251, -10251, -10251, -10251, -10251, -10251, -10251, -10251, -10251, -10251, -10251)
#endif
#if defined(__NR_uselib)
#define __SNR_uselib __NR_uselib
#else
#define __SNR_uselib _SCMP_NR(86, 134, -10081, 86, -10081, -10081, 86, 86, -10081, -10081, 86, 86, 86, 86, -10081, 86, 86, 86)
#endif
#if defined(__NR_userfaultfd)
#define __SNR_userfaultfd __NR_userfaultfd
#else
#define __SNR_userfaultfd _SCMP_NR(374, 323, 323, 388, 282, 282, 373, 357, 317, 321, 344, 344, 364, 364, 282, 355, 355, 377)
#endif
#if defined(__ARM_NR_usr26)
#define __SNR_usr26 __ARM_NR_usr26
#elif defined(__NR_usr26)
#define __SNR_usr26 __NR_usr26
#else
#define __SNR_usr26 _SCMP_NR(-10184, -10184, -10184, 983043, -10184, -10184, -10184, -10184, -10184, -10184, -10184, -10184, -10184, -10184, -10184, -10184, -10184, -10184)
#endif
#if defined(__ARM_NR_usr32)
#define __SNR_usr32 __ARM_NR_usr32
#elif defined(__NR_usr32)
#define __SNR_usr32 __NR_usr32
#else
#define __SNR_usr32 _SCMP_NR(-10185, -10185, -10185, 983044, -10185, -10185, -10185, -10185, -10185, -10185, -10185, -10185, -10185, -10185, -10185, -10185, -10185, -10185)
#endif
#if defined(__NR_ustat)
#define __SNR_ustat __NR_ustat
#else
#define __SNR_ustat _SCMP_NR(62, 136, 136, 62, -10177, -10177, 62, 62, 133, 133, 62, 62, 62, 62, -10177, 62, 62, 62)
#endif
#if defined(__NR_utime)
#define __SNR_utime __NR_utime
#else
#define __SNR_utime _SCMP_NR(30, 132, 132, -10178, -10178, -10178, 30, 30, 130, 130, 30, 30, 30, 30, -10178, 30, 30, 30)
#endif
#if defined(__NR_utimensat)
#define __SNR_utimensat __NR_utimensat
#else
#define __SNR_utimensat _SCMP_NR(320, 280, 280, 348, 88, 88, 316, 316, 275, 279, 301, 301, 304, 304, 88, 315, 315, 320)
#endif
#if defined(__NR_utimensat_time64)
#define __SNR_utimensat_time64 __NR_utimensat_time64
#else
#define __SNR_utimensat_time64 _SCMP_NR(412, -10240, -10240, 412, -10240, -10240, 412, 412, -10240, 412, 412, -10240, 412, -10240, -10240, 412, -10240, 412)
#endif
#if defined(__NR_utimes)
#define __SNR_utimes __NR_utimes
#else
#define __SNR_utimes _SCMP_NR(271, 235, 235, 269, -10179, -10179, 266, 267, 226, 230, 336, 336, 251, 251, -10179, 313, 313, 271)
#endif
#if defined(__NR_vfork)
#define __SNR_vfork __NR_vfork
#else
#define __SNR_vfork _SCMP_NR(190, 58, 58, 190, -10102, -10102, 190, -10102, -10102, -10102, 113, 113, 189, 189, -10102, 190, 190, 190)
#endif
#if defined(__NR_vhangup)
#define __SNR_vhangup __NR_vhangup
#else
#define __SNR_vhangup _SCMP_NR(111, 153, 153, 111, 58, 58, 111, 111, 150, 150, 111, 111, 111, 111, 58, 111, 111, 111)
#endif
#if defined(__NR_vm86)
#define __SNR_vm86 __NR_vm86
#else
#define __SNR_vm86 _SCMP_NR(166, -10071, -10071, -10071, -10071, -10071, -10071, 113, -10071, -10071, -10071, -10071, 113, 113, -10071, -10071, -10071, -10071)
#endif
#if defined(__NR_vm86old)
#define __SNR_vm86old __NR_vm86old
#else
#define __SNR_vm86old _SCMP_NR(113, -10072, -10072, -10072, -10072, -10072, -10072, -10072, -10072, -10072, -10072, -10072, -10072, -10072, -10072, -10072, -10072, -10072)
#endif
#if defined(__NR_vmsplice)
#define __SNR_vmsplice __NR_vmsplice
#else
#define __SNR_vmsplice _SCMP_NR(316, 278, 532, 343, 75, 75, 309, 307, 266, 270, 294, 294, 285, 285, 75, 309, 309, 316)
#endif
#if defined(__NR_vserver)
#define __SNR_vserver __NR_vserver
#else
#define __SNR_vserver _SCMP_NR(273, 236, -10082, 313, -10082, -10082, -10082, 277, 236, 240, -10082, -10082, -10082, -10082, -10082, -10082, -10082, -10082)
#endif
#if defined(__NR_wait4)
#define __SNR_wait4 __NR_wait4
#else
#define __SNR_wait4 _SCMP_NR(114, 61, 61, 114, 260, 260, 114, 114, 59, 59, 114, 114, 114, 114, 260, 114, 114, 114)
#endif
#if defined(__NR_waitid)
#define __SNR_waitid __NR_waitid
#else
#define __SNR_waitid _SCMP_NR(284, 247, 529, 280, 95, 95, 277, 278, 237, 241, 235, 235, 272, 272, 95, 281, 281, 284)
#endif
#if defined(__NR_waitpid)
#define __SNR_waitpid __NR_waitpid
#else
#define __SNR_waitpid _SCMP_NR(7, -10073, -10073, -10073, -10073, -10073, 7, 7, -10073, -10073, 7, 7, 7, 7, -10073, -10073, -10073, 7)
#endif
#if defined(__NR_write)
#define __SNR_write __NR_write
#else
#define __SNR_write _SCMP_NR(4, 1, 1, 4, 64, 64, 4, 4, 1, 1, 4, 4, 4, 4, 64, 4, 4, 4)
#endif
#if defined(__NR_writev)
#define __SNR_writev __NR_writev
#else
#define __SNR_writev _SCMP_NR(146, 20, 516, 146, 66, 66, 146, 146, 19, 19, 146, 146, 146, 146, 66, 146, 146, 146)
#endif
