#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-only
"""constants.py HEADERS SOURCE: prints the named constants of the kernel's headers.

HEADERS is an unpacked linux-libc-dev that has all architectures (6.12 or later), SOURCE an
unpacked linux-source. gcc for x86 evaluates each architecture's headers; options give it
that architecture's sizes and alignments, so no cross compiler is needed.
"""
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HEADERS, SOURCE = map(Path, sys.argv[1:3])
# The kernel's headers include some of libc's, from which they need nothing that matters here.
EMPTY = Path(tempfile.mkdtemp())
for name in "stdint.h stddef.h stdbool.h stdlib.h string.h endian.h byteswap.h time.h sys/ioctl.h sys/socket.h sys/time.h sys/types.h".split():
    (EMPTY / name).parent.mkdir(exist_ok=True)
    (EMPTY / name).touch()

# ABI, as in crates/scmp/data/syscalls.csv: the kernel's name of the architecture, and what
# makes gcc for x86 see its sizes, alignments and macros. A long long of i386 and sh is
# aligned to 4 bytes, everything of m68k to 2, other 32-bit architectures align to 8.
ILP32 = ["-m32", "-malign-double", "-U__i386__"]
LP64 = ["-m64", "-U__x86_64__"]
MIPS = ["-D__mips__", "-D__MIPSEB__", "-D_ABIO32=1", "-D_ABIN32=2", "-D_ABI64=3"]
ABIS = {
    "x86": ("x86", ["-m32"]),
    "x86_64": ("x86", ["-m64"]),
    "x32": ("x86", ["-mx32"]),
    "arm": ("arm", [*ILP32, "-D__arm__", "-D__ARM_EABI__"]),
    "aarch64": ("arm64", [*LP64, "-D__aarch64__"]),
    "loongarch64": ("loongarch", [*LP64, "-D__loongarch__", "-D__loongarch_lp64"]),
    "m68k": ("m68k", ["-m32", "-fpack-struct=2", "-U__i386__", "-D__m68k__"]),
    "mips": ("mips", [*ILP32, *MIPS, "-D_MIPS_SIM=_ABIO32", "-D_MIPS_SZLONG=32"]),
    "mips64": ("mips", [*LP64, *MIPS, "-D_MIPS_SIM=_ABI64", "-D_MIPS_SZLONG=64"]),
    "mips64n32": ("mips", [*ILP32, *MIPS, "-D_MIPS_SIM=_ABIN32", "-D_MIPS_SZLONG=32"]),
    "parisc": ("parisc", [*ILP32, "-D__hppa__"]),
    "parisc64": ("parisc", [*LP64, "-D__hppa__"]),
    "ppc": ("powerpc", [*ILP32, "-D__powerpc__"]),
    "ppc64": ("powerpc", [*LP64, "-D__powerpc__", "-D__powerpc64__"]),
    "riscv64": ("riscv", [*LP64, "-D__riscv", "-D__riscv_xlen=64"]),
    "s390": ("s390", [*ILP32, "-D__s390__"]),
    "s390x": ("s390", [*LP64, "-D__s390__", "-D__s390x__"]),
    "sh": ("sh", ["-m32", "-U__i386__", "-D__sh__"]),
}

# Headers whose names are of use in a filter: arguments of system calls and requests of
# ioctl(2). Those of a single driver are left out.
INCLUDE = """
asm/errno.h asm/fcntl.h asm/ioctls.h asm/mman.h asm/poll.h asm/resource.h asm/signal.h
asm/siginfo.h asm/socket.h asm/sockios.h asm/stat.h asm/termbits.h asm/termios.h
linux/acct.h linux/aio_abi.h linux/audit.h linux/binfmts.h linux/blkpg.h
linux/blktrace_api.h linux/blkzoned.h linux/bpf.h linux/btrfs.h linux/capability.h
linux/cdrom.h linux/close_range.h linux/dm-ioctl.h linux/dma-buf.h linux/dma-heap.h
linux/dqblk_xfs.h linux/elf.h linux/eventfd.h linux/eventpoll.h linux/fadvise.h
linux/falloc.h linux/fanotify.h linux/fb.h linux/fcntl.h linux/fd.h linux/fiemap.h
linux/filter.h linux/fs.h linux/fscrypt.h linux/fsmap.h linux/fsverity.h linux/fuse.h
linux/futex.h linux/gpio.h linux/hdreg.h linux/hidraw.h linux/hiddev.h linux/i2c-dev.h
linux/if.h linux/if_alg.h linux/if_arp.h linux/if_bridge.h linux/if_ether.h
linux/if_packet.h linux/if_ppp.h linux/if_tun.h linux/if_vlan.h linux/if_xdp.h linux/in.h
linux/in6.h linux/inotify.h linux/input.h linux/io_uring.h linux/ioctl.h linux/iommufd.h
linux/ioprio.h linux/ipc.h linux/kcmp.h linux/kd.h linux/kexec.h linux/keyctl.h linux/kvm.h
linux/landlock.h linux/limits.h linux/lirc.h linux/loop.h linux/lp.h linux/lsm.h
linux/magic.h linux/media.h linux/membarrier.h linux/memfd.h linux/mempolicy.h linux/mii.h
linux/mman.h linux/module.h linux/mount.h linux/mqueue.h linux/msg.h linux/mtio.h
linux/nbd.h linux/ndctl.h linux/net.h linux/net_tstamp.h linux/netlink.h linux/nsfs.h
linux/ntsync.h linux/nvme_ioctl.h linux/oom.h linux/openat2.h linux/perf_event.h
linux/personality.h linux/pidfd.h linux/poll.h linux/ppdev.h linux/ppp-ioctl.h linux/pps.h
linux/pr.h linux/prctl.h linux/ptp_clock.h linux/ptrace.h linux/quota.h linux/random.h
linux/reboot.h linux/resource.h linux/rfkill.h linux/route.h linux/rseq.h linux/rtc.h
linux/sched.h linux/sched/types.h linux/seccomp.h linux/securebits.h linux/sem.h
linux/serial.h linux/shm.h linux/signal.h linux/signalfd.h linux/socket.h linux/sockios.h
linux/stat.h linux/suspend_ioctls.h linux/sync_file.h linux/sysctl.h linux/tcp.h
linux/tee.h linux/termios.h linux/time.h linux/timerfd.h linux/timex.h linux/tiocl.h
linux/tls.h linux/tty.h linux/udmabuf.h linux/udp.h linux/uhid.h linux/uinput.h linux/un.h
linux/unistd.h linux/usbdevice_fs.h linux/userfaultfd.h linux/utsname.h linux/vduse.h
linux/vfio.h linux/vhost.h linux/videodev2.h linux/virtio_ids.h linux/vm_sockets.h linux/vt.h
linux/vtpm_proxy.h linux/wait.h linux/watch_queue.h linux/watchdog.h linux/wireless.h
linux/xattr.h drm/drm.h drm/virtgpu_drm.h sound/asound.h
""".split()
# These exist on some architectures only.
SOME = "asm/prctl.h asm/ptrace.h asm/cachectl.h asm/sysmips.h asm/ldt.h asm/hwprobe.h".split()
# A header that only the architectures with this other one can include.
NEEDS = {"linux/kvm.h": "asm/kvm.h"}

# Names that programs get from libc and the kernel's headers lack. POSIX or the manual
# pages define the numbers.
LIBC = """
F_OK=0 X_OK=1 W_OK=2 R_OK=4 F_ULOCK=0 F_LOCK=1 F_TLOCK=2 F_TEST=3
SHUT_RD=0 SHUT_WR=1 SHUT_RDWR=2 SCHED_OTHER=0 RUSAGE_LWP=RUSAGE_THREAD
O_ASYNC=FASYNC O_FSYNC=O_SYNC O_RSYNC=O_SYNC F_GETLK64=F_GETLK F_SETLK64=F_SETLK
F_SETLKW64=F_SETLKW MAP_ANON=MAP_ANONYMOUS
S_IREAD=S_IRUSR S_IWRITE=S_IWUSR S_IEXEC=S_IXUSR ENOTSUP=EOPNOTSUPP
SIGCLD=SIGCHLD RLIMIT_OFILE=RLIMIT_NOFILE RLIMIT_NLIMITS=RLIM_NLIMITS
POSIX_MADV_NORMAL=0 POSIX_MADV_RANDOM=1 POSIX_MADV_SEQUENTIAL=2 POSIX_MADV_WILLNEED=3
POSIX_MADV_DONTNEED=4 PTRACE_ATTACH=16 PTRACE_DETACH=17 PTRACE_TRACEME=0
SHM_R=0400 SHM_W=0200 ITIMER_REAL=0 ITIMER_VIRTUAL=1 ITIMER_PROF=2
AF_FILE=AF_UNIX PF_FILE=AF_UNIX PF_ROUTE=AF_NETLINK PF_LOCAL=AF_UNIX
MNT_FORCE=1 MNT_DETACH=2 MNT_EXPIRE=4 UMOUNT_NOFOLLOW=8
SWAP_FLAG_PREFER=0x8000 SWAP_FLAG_PRIO_MASK=0x7fff SWAP_FLAG_DISCARD=0x10000
SWAP_FLAG_DISCARD_ONCE=0x20000 SWAP_FLAG_DISCARD_PAGES=0x40000
KEXEC_ARCH_DEFAULT=0 MSG_EOR=0x80
""".split()

NAME = re.compile(r"[A-Z][A-Za-z0-9_]+|__W[A-Z]+")
# Not numbers that an argument has: contents of structures, keys, ELF, drivers' registers.
NOT_WANTED = re.compile(
    r"KEY_(?!CTL|SPEC)|BTN_|ABS_|REL_|SW_|MSC_|LED_|SND_|SNDRV_(?!.*IOCTL)|REP_|BUS_|FF_|MT_"
    r"|V4L2_|DRM_FORMAT|NT_|EM_|[RB]_(?!OK)[A-Z0-9]+$|STT_|ST[BVO]_|SHT_|SHN_|DT_|PT_[A-Z0-9]+$"
    r"|PORT_|CDROM_ERROR|GPCMD|IW_(?!.*IOCTL)|VIRTIO_ID|BITS_PER|.*_FILENAME|XATTR_NAME|WIN_"
    r"|MEDIA_(?!IOC)|WDC_|INT_MAX|ELF|SHF_|PN_|IFLA_|NET_|KERN_|ETH_|ETHTOOL_(?!.*IOCTL)|X86_"
    r"|HWCAP|PSR_|PSCI_|RISCV_|ARPHRD_|MDBA?_|BRIDGE_|LPA_|ADVERTISE_|FB_|NETLINK_(?!ADD|DROP)"
    r"|AUDIT_(?!ARCH)|PERF_(?!FLAG|EVENT_IOC)|LIRC_|IFM_|ICMPV?6?_|NUD_|MII_|ATTR_|BR_|TEE_(?!IOC)"
    r"|ND_|IFF_.*_BIT|INPUT_|UHID_|VIRTGPU_|MPTCP_|AD[DV]_|SUBCMD|AUX_|CDC_|RAW_IO|PKT_"
)
# Requests of ioctl(2) whose prefix other constants share: their second byte.
IOCTL_TYPES = {
    "BTRFS_": 0x94, "CDROM": 0x53, "DM_": 0xFD, "DRM_": 0x64, "DVD_": 0x53, "FD": 0x02,
    "HDIO_": 0x03, "I2C_": 0x07, "IOMMU_": 0x3B, "KD": 0x4B, "KVM_": 0xAE, "LOOP_": 0x4C,
    "NBD_": 0xAB, "PTP_": 0x3D, "RTC_": 0x70, "SG_": 0x22, "TEE_": 0xA4, "UI_": 0x55,
    "USBDEVFS_": 0x55, "VFIO_": 0x3B, "VHOST_": 0xAF, "VT_": 0x56,
}
# Names of structures that only an ioctl takes.
IN_STRUCTURES = re.compile(r"(?:KVM|VFIO|VHOST|IOMMU|BPF|FUSE|DRM|BTRFS|ETHTOOL|USBDEVFS|HDIO|FUTEX_OP)_")
# The family of a name; the first that matches. Families matter for the arguments of
# crates/scmp-cli/data/argument-constants.csv; other names have the family "other".
FAMILIES = [(family, re.compile(rf"(?:{regex})$")) for family, regex in (line.split(None, 1) for line in r"""
errno_alias (?:EWOULDBLOCK|EDEADLOCK|ENOTSUP|ECANCELLED|EFSBADCRC|EFSCORRUPTED|EREFUSED)
errno E(?!VIOC|LF|TH|POLL|V_|XT|M_|CHO|XIF|BPF|PIOC|INIT$|[ABCD]X$|BP$|[DS]I$|FL$|IP$|S$)[A-Z0-9]+
signal SIG(?!_|EV|RTM|CLD|POLL|IOT|UNUSED|STKSZ|SWI)[A-Z0-9]+
sig_how SIG_(?:BLOCK|UNBLOCK|SETMASK)
af AF_(?!MAX|LOCAL|FILE|ROUTE)\w+
pf PF_(?!MAX|[RWX]$)\w+
sock_type SOCK_(?:STREAM|DGRAM|RAW|RDM|SEQPACKET|DCCP|PACKET)
sock_flag SOCK_(?:CLOEXEC|NONBLOCK)
sol SOL_\w+
so SO_(?!VM_|STYLE|GET_FILTER|DETACH_BPF)\w+
msg MSG_(?!STAT|NOERROR|EXCEPT|COPY|INFO|INTERNAL|HDR|NO_SHARED|SPLICE|SENDPAGE|BATCH|CMSG_COMPAT|TRYHARD|EOF)\w+
msgop MSG_(?:NOERROR|EXCEPT|COPY)
shutdown SHUT_\w+
sys_socketcall SYS_(?:SOCKET|BIND|CONNECT|LISTEN|ACCEPT|GETSOCKNAME|GETPEERNAME|SOCKETPAIR|SEND|RECV|SENDTO|RECVFROM|SHUTDOWN|SETSOCKOPT|GETSOCKOPT|SENDMSG|RECVMSG|ACCEPT4|RECVMMSG|SENDMMSG)
ipc_call (?:SEM(?:OP|GET|CTL|TIMEDOP)|MSG(?:SND|RCV|GET|CTL)|SHM(?:AT|DT|GET|CTL))
ipc_flag IPC_(?:CREAT|EXCL|NOWAIT)
ipc_cmd IPC_(?:RMID|SET|STAT|INFO)
sem_cmd (?:GETPID|GETVAL|GETALL|GETNCNT|GETZCNT|SETVAL|SETALL|SEM_STAT|SEM_INFO|SEM_STAT_ANY)
shm_cmd SHM_(?:LOCK|UNLOCK|STAT|INFO|STAT_ANY)
msg_cmd MSG_(?:STAT|INFO|STAT_ANY)
shmat SHM_(?:RDONLY|RND|REMAP|EXEC)
shm_huge SHM_HUGE_\d+[KMG]B
shmget SHM_(?:HUGETLB|NORESERVE)
open_mode O_(?:RDONLY|WRONLY|RDWR)
open O_(?!ACCMODE|NDELAY|FSYNC|RSYNC|ASYNC)[A-Z]+
seek SEEK_(?!MAX)\w+
access [RWX]_OK
at AT_(?:SYMLINK_NOFOLLOW|NO_AUTOMOUNT|EMPTY_PATH)
at_link AT_SYMLINK_FOLLOW
at_unlink AT_REMOVEDIR
at_access AT_EACCESS
at_recursive AT_RECURSIVE
at_statx AT_STATX_(?:FORCE|DONT)_SYNC
at_handle AT_HANDLE_\w+
at_execve AT_EXECVE_CHECK
at_fd (?:AT_FDCWD|PIDFD_SELF\w*)
file_type S_IF(?:SOCK|LNK|REG|BLK|DIR|CHR|IFO)
renameat2 RENAME_\w+
fcntl F_(?:DUPFD|GETFD|SETFD|GETFL|SETFL|GETLK|SETLK|SETLKW|GETLK64|SETLK64|SETLKW64|SETOWN|GETOWN|SETSIG|GETSIG|SETOWN_EX|GETOWN_EX|GETOWNER_UIDS|OFD_\w+|SETLEASE|GETLEASE|NOTIFY|DUPFD_\w+|CANCELLK|SETPIPE_SZ|GETPIPE_SZ|ADD_SEALS|GET_SEALS|GET_RW_HINT|SET_RW_HINT|GET_FILE_RW_HINT|SET_FILE_RW_HINT|CREATED_QUERY|GETDELEG|SETDELEG)
fd_flag FD_CLOEXEC
flock LOCK_(?:SH|EX|NB|UN|MAND|READ|WRITE|RW)
falloc FALLOC_FL_\w+
fadvise POSIX_FADV_\w+
sync_file_range SYNC_FILE_RANGE_\w+
splice SPLICE_F_\w+
rwf RWF_(?!SUPPORTED|WRITE_LIFE)\w+
statx STATX_(?!_|ATTR|ALL)\w+
xattr XATTR_(?:CREATE|REPLACE)
mount MS_(?!ASYNC|SYNC|INVALIDATE|RMT|VERBOSE|MGC_MSK|ACTIVE|BORN|KERNMOUNT|NOREMOTELOCK|NOSEC|NOUSER|SUBMOUNT)[A-Z]+
umount (?:MNT_(?:FORCE|DETACH|EXPIRE)|UMOUNT_NOFOLLOW)
fsopen FSOPEN_\w+
fsmount FSMOUNT_\w+
fspick FSPICK_\w+
fsconfig FSCONFIG_\w+
open_tree OPEN_TREE_\w+
move_mount MOVE_MOUNT_(?!_)\w+
mount_attr MOUNT_ATTR_(?!SIZE|_ATIME)\w+
resolve RESOLVE_\w+
inotify_init IN_(?:CLOEXEC|NONBLOCK)
inotify IN_(?!CLASS|LOOP|MULTI|EXP|ADDR)[A-Z_]+
fanotify_init FAN_(?:CLOEXEC|NONBLOCK|CLASS_\w+|UNLIMITED_\w+|ENABLE_AUDIT|REPORT_\w+)
fanotify_mark FAN_MARK_\w+
fanotify_event FAN_(?!ALL|EVENT_INFO|EVENT_METADATA|RESPONSE|NOFD|NOPIDFD|INFO)\w+
epoll_create EPOLL_CLOEXEC
epoll_ctl EPOLL_CTL_\w+
eventfd EFD_\w+
signalfd SFD_\w+
timerfd_create TFD_(?:CLOEXEC|NONBLOCK)
timerfd_settime TFD_TIMER_\w+
prot PROT_\w+
map_type MAP_(?:SHARED|PRIVATE|SHARED_VALIDATE)
map_huge MAP_HUGE_\d+[KMG]B
map MAP_(?!TYPE|HUGE_|ANON$|FILE|RENAME|AUTO|LOCAL)[A-Z0-9_]+
msync MS_(?:ASYNC|SYNC|INVALIDATE)
mremap MREMAP_\w+
madvise MADV_\w+
mlockall MCL_\w+
mlock2 MLOCK_\w+
mpol_mode MPOL_(?:DEFAULT|PREFERRED|BIND|INTERLEAVE|LOCAL|PREFERRED_MANY|WEIGHTED_INTERLEAVE)
mpol_flag MPOL_F_(?:STATIC_NODES|RELATIVE_NODES|NUMA_BALANCING)
mpol_get MPOL_F_(?:NODE|ADDR|MEMS_ALLOWED)
mpol_mf MPOL_MF_(?:STRICT|MOVE|MOVE_ALL|LAZY)
memfd_huge MFD_HUGE_\d+[KMG]B
memfd MFD_(?!HUGE_)\w+
userfaultfd (?:UFFD_USER_MODE_ONLY)
pkey PKEY_(?!ACCESS_MASK|UNRESTRICTED)\w+
clone CLONE_(?!ARGS)\w+
waitid_option W(?:STOPPED|EXITED)
wait W(?:NOHANG|UNTRACED|CONTINUED|NOWAIT)
wait_clone __W\w+
waitid P_(?:ALL|PID|PGID|PIDFD)
prctl PR_(?:[GS]ET_(?!MM_|VMA_|PTRACER_)\w+|SET_PTRACER|CAPBSET_\w+|TASK_\w+|MCE_KILL(?:_GET)?|CAP_AMBIENT|SVE_\w+_VL|SME_\w+_VL|PAC_RESET_KEYS|PAC_[GS]ET_ENABLED_KEYS|SCHED_CORE|MPX_\w+|RISCV_V_[GS]ET_CONTROL|RISCV_SET_ICACHE_FLUSH_CTX|PPC_[GS]ET_DEXCR|TIMER_CREATE_RESTORE_IDS|FUTEX_HASH|RSEQ_SLICE_EXTENSION|LOCK_SHADOW_STACK_STATUS)
arch_prctl ARCH_(?!REQ_XCOMP_GUEST_NONE|VDSO|SHSTK_(?:SHSTK|WRSS)|XCOMP_TILE)\w+
personality PER_(?!MASK|CLEAR|EM_)\w+
personality_flag (?:UNAME26|ADDR_NO_RANDOMIZE|FDPIC_FUNCPTRS|MMAP_PAGE_ZERO|ADDR_COMPAT_LAYOUT|READ_IMPLIES_EXEC|ADDR_LIMIT_32BIT|SHORT_INODE|WHOLE_SECONDS|STICKY_TIMEOUTS|ADDR_LIMIT_3GB)
ptrace (?:PTRACE_(?!EVENT|O_|SYSCALL_INFO|SEIZE_|PEEKSIGINFO_|CFI_|GETFDPIC_)\w+)
seccomp_op SECCOMP_(?:SET_MODE_\w+|GET_ACTION_AVAIL|GET_NOTIF_SIZES)
seccomp_flag SECCOMP_FILTER_FLAG_\w+
seccomp_mode SECCOMP_MODE_\w+
bpf_cmd BPF_(?:MAP_(?:CREATE|LOOKUP_ELEM|UPDATE_ELEM|DELETE_ELEM|GET_NEXT_KEY|GET_NEXT_ID|GET_FD_BY_ID|LOOKUP_AND_DELETE_ELEM|FREEZE|LOOKUP_BATCH|LOOKUP_AND_DELETE_BATCH|UPDATE_BATCH|DELETE_BATCH)|PROG_(?:LOAD|ATTACH|DETACH|TEST_RUN|RUN|GET_NEXT_ID|GET_FD_BY_ID|QUERY|BIND_MAP|STREAM_READ_BY_FD|ASSOC_STRUCT_OPS)|OBJ_(?:PIN|GET|GET_INFO_BY_FD)|RAW_TRACEPOINT_OPEN|BTF_(?:LOAD|GET_FD_BY_ID|GET_NEXT_ID)|TASK_FD_QUERY|LINK_(?:CREATE|UPDATE|GET_FD_BY_ID|GET_NEXT_ID|DETACH)|ENABLE_STATS|ITER_CREATE|TOKEN_CREATE)
keyctl KEYCTL_(?:GET_KEYRING_ID|JOIN_SESSION_KEYRING|UPDATE|REVOKE|CHOWN|SETPERM|DESCRIBE|CLEAR|LINK|UNLINK|SEARCH|READ|INSTANTIATE|NEGATE|SET_REQKEY_KEYRING|SET_TIMEOUT|ASSUME_AUTHORITY|GET_SECURITY|SESSION_TO_PARENT|REJECT|INSTANTIATE_IOV|INVALIDATE|GET_PERSISTENT|DH_COMPUTE|PKEY_\w+|RESTRICT_KEYRING|MOVE|CAPABILITIES|WATCH_KEY)
key_spec KEY_SPEC_\w+
futex_op FUTEX_(?:WAIT|WAKE|FD|REQUEUE|CMP_REQUEUE|WAKE_OP|LOCK_PI|UNLOCK_PI|TRYLOCK_PI|WAIT_BITSET|WAKE_BITSET|WAIT_REQUEUE_PI|CMP_REQUEUE_PI|LOCK_PI2)
futex_flag FUTEX_(?:PRIVATE_FLAG|CLOCK_REALTIME)
futex2_size FUTEX2_SIZE_U\w+
futex2 FUTEX2_(?:NUMA|MPOL|PRIVATE)
kcmp KCMP_(?!TYPES)\w+
rlimit RLIMIT_(?!NLIMITS|OFILE)\w+
rusage RUSAGE_(?:SELF|CHILDREN|BOTH|THREAD)
prio PRIO_(?:PROCESS|PGRP|USER)
grnd GRND_\w+
clock CLOCK_(?!SGI|DEFAULT|EXT|INT|TX|AUX_LAST)\w+
timer TIMER_ABSTIME
itimer ITIMER_\w+
sched SCHED_(?:NORMAL|FIFO|RR|BATCH|ISO|IDLE|DEADLINE|EXT)
sched_flag SCHED_RESET_ON_FORK
reboot_magic1 LINUX_REBOOT_MAGIC1
reboot_magic2 LINUX_REBOOT_MAGIC2[ABC]?
reboot LINUX_REBOOT_CMD_\w+
perf PERF_FLAG_\w+
landlock_rule LANDLOCK_RULE_\w+
landlock_create LANDLOCK_CREATE_RULESET_\w+
landlock_restrict LANDLOCK_RESTRICT_SELF_\w+
membarrier MEMBARRIER_CMD_(?!FLAG|SHARED)\w+
membarrier_flag MEMBARRIER_CMD_FLAG_\w+
close_range CLOSE_RANGE_\w+
pidfd_open PIDFD_(?:NONBLOCK|THREAD)
pidfd_signal PIDFD_SIGNAL_\w+
kexec_file KEXEC_FILE_\w+
kexec KEXEC_(?:ON_CRASH|PRESERVE_CONTEXT|UPDATE_ELFCOREHDR|CRASH_HOTPLUG_SUPPORT)
module_init MODULE_INIT_\w+
quota Q_(?:SYNC|QUOTAON|QUOTAOFF|GETFMT|GETINFO|SETINFO|GETQUOTA|SETQUOTA|GETNEXTQUOTA|X\w+)
io_uring_enter IORING_ENTER_\w+
io_uring_register IORING_(?:REGISTER_(?!LAST|USE|DST_|SRC_|FILES_SKIP)\w+|UNREGISTER_\w+)
io_uring_setup IORING_SETUP_\w+
ioprio_who IOPRIO_WHO_\w+
rseq RSEQ_FLAG_\w+
swap SWAP_FLAG_(?!PRIO_MASK)\w+
lsm_attr LSM_ATTR_\w+
cachectl (?:ICACHE|DCACHE|BCACHE)
sysmips (?:MIPS_\w+|SETNAME|FLUSH_CACHE)
ipproto IPPROTO_(?!MAX|HOPOPTS)\w+
ioctl (?:T[CI][A-Z0-9]+|TIO[A-Z0-9]+|FIO[A-Z]+|SIO[A-Z0-9_]+|BLK[A-Z0-9]+|FS_IOC\w+|FI(?:BMAP|GETBSZ|FREEZE|THAW|TRIM|CLONE\w*|DEDUPERANGE)|KVM_(?!CAP|REG|MEM|EXIT|IRQCHIP_|MAX|MP_STATE|HC|GUESTDBG)\w+|VHOST_\w+|TUN[GS]ET\w+|TUNATTACHFILTER|TUNDETACHFILTER|RND[A-Z]+|EVIOC\w+|UI_\w+|DRM_IOCTL_\w+|SNDRV_\w*IOCTL\w*|VIDIOC_\w+|MEDIA_IOC_\w+|LOOP_\w+|DM_[A-Z_]+|FUSE_DEV_IOC\w+|NS_(?:GET|MNT_GET)\w+|PERF_EVENT_IOC_\w+|SECCOMP_IOCTL_\w+|UFFDIO_\w+|USERFAULTFD_IOC\w*|BTRFS_IOC_\w+|HDIO_\w+|CDROM[A-Z_]+|DVD_[A-Z_]+|FD[A-Z]{4,}|VT_[A-Z]+|KD[A-Z]+|PIO_\w+|GIO_\w+|RTC_[A-Z_]+|WDIOC_\w+|PPPIOC\w+|USBDEVFS_\w+|DMA_BUF_IOCTL\w+|DMA_HEAP_IOCTL\w+|SYNC_IOC\w+|UDMABUF_\w+|VFIO_\w+|IOMMU_\w+|GPIO_\w*IOCTL|HIDIOC\w+|I2C_[A-Z]+|NBD_[A-Z_]+|NVME_IOCTL\w+|PTP_\w+|PAGEMAP_SCAN|PROCMAP_QUERY|PIDFD_GET_\w+|EPIOC\w+|SG_[A-Z_]+|FBIO\w+|ATM_\w+|MTIOC\w+|VTPM_PROXY_IOC\w+|TEE_IOC_\w+)
""".strip().splitlines())]


def family(name, value):
    found = next((f for f, regex in FAMILIES if regex.match(name)), "other")
    if found == "ioctl":
        kind = next((t for prefix, t in IOCTL_TYPES.items() if name.startswith(prefix)), None)
        if kind is not None and value >> 8 & 0xFF != kind:
            return "other"
    return found


def run(flags, arch, text, *mode):
    dirs = [HEADERS / "usr/lib/linux/uapi" / arch, HEADERS / "usr/include", EMPTY]
    command = ["gcc", "-w", "-fmax-errors=0", "-nostdinc", *flags, *(f"-I{d}" for d in dirs)]
    return subprocess.run(
        [*command, *mode, "-x", "c", "-"], input=text, capture_output=True, text=True, check=False
    )


def socket_definitions(arch):
    """The address families, levels and message flags, which only the source defines."""
    text = (SOURCE / "include/linux/socket.h").read_text()
    lines = re.findall(r"^#define\s+((?:AF|PF|SOL|MSG)_\w+)\s+([\w|()+ ]+)", text, re.M)
    out = [f"#define {name} {value}" for name, value in lines]
    generic = (SOURCE / "include/linux/net.h").read_text()
    own = SOURCE / "arch" / arch / "include/asm/socket.h"
    own = own.read_text() if own.exists() else ""
    types = own if "enum sock_type" in own else generic
    body = re.search(r"enum sock_type \{(.*?)\}", types, re.S).group(1)
    out += [f"#define {n} {v}" for n, v in re.findall(r"(SOCK_\w+)\s*=\s*(\d+)", body)]
    nonblock = re.search(r"#define\s+SOCK_NONBLOCK\s+(\w+)", own)
    out.append(f"#define SOCK_NONBLOCK {nonblock.group(1) if nonblock else 'O_NONBLOCK'}")
    out.append("#define SOCK_CLOEXEC O_CLOEXEC")
    return "\n".join(out)


def evaluate(abi):
    """The value of each name on one ABI."""
    arch, flags = ABIS[abi]
    # The headers are for programs with a libc, which declares these.
    prologue = """
    #include <linux/types.h>
    #include <linux/posix_types.h>
    #define offsetof __builtin_offsetof
    #define INT_MAX 0x7fffffff
    typedef __kernel_size_t size_t; typedef __kernel_ssize_t ssize_t; typedef long time_t;
    typedef unsigned short sa_family_t;
    typedef unsigned char uint8_t; typedef unsigned short uint16_t; typedef unsigned uint32_t;
    typedef unsigned long long uint64_t; typedef long long int64_t; typedef int int32_t;
    #include <linux/time.h>
    struct sockaddr { unsigned short sa_family; char sa_data[14]; };
    #include <asm/ioctl.h>
    """
    includes = "".join(
        f"#if __has_include(<{NEEDS.get(h, h)}>)\n#include <{h}>\n#endif\n"
        for h in [*INCLUDE, *SOME]
    )
    libc = "\n".join(
        f"#ifndef {name}\n#define {name} {value}\n#endif"
        for name, value in (line.split("=") for line in LIBC)
    )
    text = prologue + includes + socket_definitions(arch) + "\n" + libc + "\n"
    base = run(flags, arch, text, "-fsyntax-only")
    if base.returncode:
        sys.exit(f"{abi}: {base.stderr[:2000]}")
    macros = run(flags, arch, text, "-E", "-dM")
    names = set()
    for line in macros.stdout.splitlines():
        name, _, body = line.removeprefix("#define ").partition(" ")
        if body.strip() and NAME.fullmatch(name):
            names.add(name)
    source = run(flags, arch, text, "-E", "-P").stdout
    for body in re.findall(r"\benum\b\s*\w*\s*\{([^{}]*)\}", source):
        names.update(
            item.split("=")[0].strip() for item in re.sub(r"\([^()]*\)", "", body).split(",")
        )
    names = sorted(n for n in names if NAME.fullmatch(n) and not NOT_WANTED.match(n))
    # Names whose text is no constant are found by the errors about their lines.
    while True:
        first = text.count("\n") + 1
        lines = [f"enum {{ v_{name} = 1 }}; long long const c_{name} = ({name});" for name in names]
        result = run(flags, arch, text + "\n".join(lines) + "\n", "-S", "-O0", "-o", "-")
        bad = {int(n) for n in re.findall(r"^<stdin>:(\d+):\d+: ", result.stderr, re.M)}
        bad = {n for n in bad if n >= first}
        if not bad:
            break
        names = [n for i, n in enumerate(names) if i + first not in bad]
    if result.returncode:
        sys.exit(f"{abi}: {result.stderr[:2000]}")
    values, current = {}, None
    for line in result.stdout.splitlines():
        if match := re.match(r"c_(\w+):", line):
            current = match.group(1)
        elif current and (match := re.match(r"\s+\.(quad|long|zero)\s+(-?\d+)", line)):
            kind, number = match.group(1), int(match.group(2))
            if kind == "zero":
                values[current] = 0
            elif kind == "quad":
                values[current] = number % 2**64
            else:  # two halves, low first
                half = number % 2**32
                values[current] = half if current not in values else values[current] | half << 32
    return values


def exceptions(values, usual):
    """`abi abi=value`, the ABIs with one value together, - where there is no such name."""
    by_value = {}
    for abi in ABIS:
        value = values.get(abi)
        if value != usual:
            by_value.setdefault(value, []).append(abi)
    return ";".join(
        f"{' '.join(abis)}={'-' if value is None else hex(value)}"
        for value, abis in sorted(by_value.items(), key=lambda item: (item[0] is None, item[0] or 0))
    )


def main():
    table = {}
    for abi in ABIS:
        values = evaluate(abi)
        print(f"{abi}: {len(values)} names", file=sys.stderr)
        for name, value in values.items():
            table.setdefault(name, {})[abi] = value
    rows = []
    for name, values in table.items():
        usual = Counter(values.values()).most_common(1)[0][0]
        kind = family(name, usual)
        if kind != "other" or not IN_STRUCTURES.match(name):
            rows.append((kind, name, hex(usual), exceptions(values, usual)))
    print("family,name,value,exceptions")
    for row in sorted(rows):
        print(",".join(row))


main()
