/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * An older kernel, for a child process: a filter that answers seccomp(2) as a
 * kernel does which does not know some flags of SECCOMP_SET_MODE_FILTER.
 */
#ifndef OLDER_KERNEL_H
#define OLDER_KERNEL_H

#include <stddef.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include "tap.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LOW_HALF(argument) offsetof(struct seccomp_data, args[argument])
#else
#define LOW_HALF(argument) (offsetof(struct seccomp_data, args[argument]) + 4)
#endif

/* From here on seccomp(2) fails where one of the flags is given. */
static inline void kernel_answers_flags(uint32_t flags, uint16_t error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF(0)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SECCOMP_SET_MODE_FILTER, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF(1)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, flags, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	NEED(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	NEED(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0);
}

/* As a kernel that does not know them. */
static inline void kernel_without_flags(uint32_t flags)
{
	kernel_answers_flags(flags, EINVAL);
}

#endif
