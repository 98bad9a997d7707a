/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Over the kernel's 4096 instructions a filter is built and exported, and
 * loading it gives -ECANCELED, or the kernel's own error where the caller asked
 * for it. Over the 65535 that the format holds there is no program at all:
 * -EFAULT, nothing written where it should not be, and the context still good.
 *
 * A filter that loads at level 1 loads at level 2, too, where a search among
 * thousands of values would need more than 4096 instructions.
 */
#include <sys/ioctl.h>
#include <sys/mman.h>
#include "tap.h"

/* Where arguments have 32 bits, a comparison takes half as many instructions. */
#define MORE (sizeof(long) == 4 ? 2 : 1)

/* Rules of six comparisons that share no instructions: some 24 each, or 12. */
static void add_rules(scmp_filter_ctx ctx, unsigned int per_call, unsigned int calls)
{
	for (unsigned int call = 0; call < calls; call++) {
		for (unsigned int i = 0; i < per_call; i++) {
			struct scmp_arg_cmp cmp[6];

			for (unsigned int arg = 0; arg < 6; arg++)
				cmp[arg] = SCMP_CMP(arg, SCMP_CMP_EQ,
						    (call * 1000ULL + i) * 0x100000001 + arg);
			NEED(seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(1), (int)call, 6, cmp) == 0);
		}
	}
}

static void load_is_refused(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);
	size_t len = 0;

	add_rules(ctx, 4 * MORE, 60);
	EQ(seccomp_export_bpf_mem(ctx, NULL, &len), 0);
	tap_ok(len > 4096 * 8, "%zu instructions", len / 8);
	errno = 0;
	EQ(seccomp_load(ctx), -ECANCELED);
	EQ(errno, EINVAL);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_API_SYSRAWRC, 1), 0);
	EQ(seccomp_load(ctx), -EINVAL);
	seccomp_release(ctx);
}

static void no_program(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW), small = new_filter(SCMP_ACT_ALLOW);
	size_t len = 12345;
	int fd = memfd_create("export", 0);
	char byte;

	NEED(fd >= 0);
	add_rules(ctx, 2, 4);
	add_rules(small, 2, 4);
	EQ(seccomp_transaction_start(ctx), 0);
	add_rules(ctx, 12 * MORE, 300);
	EQ(seccomp_export_bpf_mem(ctx, NULL, &len), -EFAULT);
	EQ(seccomp_precompute(ctx), -EFAULT);
	EQ(seccomp_export_bpf(ctx, fd), -EFAULT);
	NEED(lseek(fd, 0, SEEK_SET) == 0);
	EQ(read(fd, &byte, 1), 0);
	EQ(seccomp_load(ctx), -EFAULT);
	seccomp_transaction_reject(ctx);
	OK(same_export(ctx, small));
	seccomp_release(ctx);
	seccomp_release(small);
	close(fd);
}

enum { VALUES = 3000, SPREAD = 3 };

static void many_values(int level)
{
	/* valgrind knows some of the requests, and what they read. */
	static char data[65536];
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	NEED(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, level) == 0);
	for (int i = 0; i < VALUES; i++)
		NEED(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EXDEV), SCMP_SYS(ioctl), 1,
				      SCMP_A1(SCMP_CMP_EQ, SPREAD * i)) == 0);
	NEED(seccomp_load(ctx) == 0);
	for (int i = -2; i < SPREAD * VALUES + 2; i++) {
		bool denied = i >= 0 && i < SPREAD * VALUES && i % SPREAD == 0;

		NEED(error_of(ioctl(-1, (unsigned int)i, data)) == (denied ? EXDEV : EBADF));
	}
	seccomp_release(ctx);
}

int main(void)
{
	load_is_refused();
	if (takes_filters("many_values")) {
		OK(ended_well(IN_CHILD(many_values(1))));
		OK(ended_well(IN_CHILD(many_values(2))));
	}
	OK(ended_well(IN_CHILD(no_program())));
	return tap_end();
}
