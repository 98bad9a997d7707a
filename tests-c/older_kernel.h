/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Another kernel, for a child process: filters that answer seccomp(2) as a kernel does
 * that does not know all of it, or that tell which flags it was given.
 */
#ifndef OLDER_KERNEL_H
#define OLDER_KERNEL_H

#include <stddef.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include "tap.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LOW_HALF(argument) offsetof(struct seccomp_data, args[argument])
#else
#define LOW_HALF(argument) (offsetof(struct seccomp_data, args[argument]) + 4)
#endif

#define INSTALL(code)                                                                    \
	do {                                                                            \
		struct sock_fprog program_ = { sizeof(code) / sizeof(code[0]), code };  \
		NEED(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);                      \
		NEED(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program_) == 0);       \
	} while (0)

/* From here on seccomp(2) fails for operations from this one on, and where a filter is
 * given one of these flags, with this error; all others are the running kernel's. */
static inline void kernel_refuses(uint32_t operations, uint32_t flags, uint16_t error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 6),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF(0)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, operations, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SECCOMP_SET_MODE_FILTER, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF(1)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, flags, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	INSTALL(code);
}

static inline void kernel_answers_flags(uint32_t flags, uint16_t error)
{
	kernel_refuses(UINT32_MAX, flags, error);
}

/* As a kernel that does not know them. */
static inline void kernel_without_flags(uint32_t flags)
{
	kernel_answers_flags(flags, EINVAL);
}

/*
 * The oldest kernel of an API level. Linux before 3.17 lacks seccomp(2), before 4.14
 * SECCOMP_GET_ACTION_AVAIL, before 5.0 SECCOMP_GET_NOTIF_SIZES; each level from 2 on
 * has brought one flag, in the order of their bits.
 */
static inline void kernel_of_level(unsigned int level)
{
	static const uint32_t operations[] = { 0, 0, 2, 3, 3, 4, 4, 4 };

	kernel_refuses(operations[level], UINT32_MAX << (level - 1), level == 1 ? ENOSYS : EINVAL);
}

/* Found in a child, so that the library has not yet asked in this process. */
static inline unsigned int level_of_this_kernel(void)
{
	int status = IN_CHILD(exit((int)seccomp_api_get()));

	return WIFEXITED(status) ? (unsigned int)WEXITSTATUS(status) : 0;
}

#define FLAGS_TOLD 0x100

/* From here on no filter is loaded: errno is FLAGS_TOLD with the flags that were given. */
static inline void kernel_tells_flags(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF(0)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SECCOMP_SET_MODE_FILTER, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF(1)),
		BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO | FLAGS_TOLD),
		BPF_STMT(BPF_RET | BPF_A, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	INSTALL(code);
}

#endif
