# SPDX-License-Identifier: LGPL-2.1-only
# What qemu -sandbox on with everything denied forbids: obsolete calls, changes of
# identity, processes (threads are made with all of nine flags), scheduling.
arch x86_64
default allow
kill-process reboot swapon swapoff syslog mount umount kexec_load afs_syscall break ftime getpmsg
kill-process gtty lock mpx prof profil putpmsg security stty tuxcall ulimit vserver
kill-process readdir _sysctl bdflush create_module get_kernel_syms query_module sgetmask ssetmask
kill-process sysfs uselib ustat
kill-process setuid setgid setpgid setsid setreuid setregid setresuid setresgid setfsuid setfsgid
kill-process fork vfork execve execveat
kill-process clone(a0 & 0x100 == 0) clone(a0 & 0x200 == 0) clone(a0 & 0x400 == 0)
kill-process clone(a0 & 0x800 == 0) clone(a0 & 0x10000 == 0) clone(a0 & 0x40000 == 0)
kill-process clone(a0 & 0x80000 == 0) clone(a0 & 0x100000 == 0) clone(a0 & 0x200000 == 0)
errno 38 clone3
errno 1 setpriority sched_setparam sched_setaffinity sched_setscheduler(a1 != 5)
