# SPDX-License-Identifier: LGPL-2.1-only
# What flatpak forbids inside of its sandbox.
arch x86_64
default allow
errno 1 syslog uselib acct quotactl add_key keyctl request_key move_pages mbind get_mempolicy
errno 1 set_mempolicy migrate_pages unshare setns mount umount umount2 pivot_root chroot
errno 1 clone(a0 & 0x10000000 == 0x10000000) ioctl(a1 & 0xffffffff == 0x5412)
errno 1 ioctl(a1 & 0xffffffff == 0x541c)
errno 38 clone3 open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
errno 1 modify_ldt perf_event_open personality(a0 != 0) ptrace
errno 97 socket(a0 == 3) socket(a0 == 4) socket(a0 == 5) socket(a0 == 6) socket(a0 == 7)
errno 97 socket(a0 == 8) socket(a0 == 9) socket(a0 == 11) socket(a0 == 12) socket(a0 == 13)
errno 97 socket(a0 == 14) socket(a0 == 15) socket(a0 >= 17)
