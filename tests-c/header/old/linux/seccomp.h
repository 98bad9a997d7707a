/* SPDX-License-Identifier: LGPL-2.1-only */
/* Stands in for a kernel header from before notifications: only what a filter reads. */

#include <linux/types.h>

struct seccomp_data {
	int nr;
	__u32 arch;
	__u64 instruction_pointer;
	__u64 args[6];
};
