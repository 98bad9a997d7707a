/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A rejected transaction leaves the filter as it was at its start, a committed
 * one as it is now; they nest; a rule that is refused inside changes nothing.
 */
#include "tap.h"

static scmp_filter_ctx ctx;

static void add(int call)
{
	NEED(seccomp_rule_add(ctx, SCMP_ACT_ERRNO(1), call, 1, SCMP_A0(SCMP_CMP_EQ, 3)) == 0);
}

static void *bytes;
static size_t length;

static void remember(void)
{
	free(bytes);
	bytes = export_copy(ctx, &length);
}

static bool as_remembered(void)
{
	size_t len;
	void *now = export_copy(ctx, &len);
	bool same = len == length && memcmp(now, bytes, len) == 0;

	free(now);
	return same;
}

int main(void)
{
	size_t inner_length;
	void *inner;

	ctx = new_filter(SCMP_ACT_ALLOW);
	add(SCMP_SYS(dup));
	remember();

	EQ(seccomp_transaction_start(ctx), 0);
	add(SCMP_SYS(dup3));
	add(SCMP_SYS(close));
	OK(!as_remembered());
	seccomp_transaction_reject(ctx);
	tap_ok(as_remembered(), "reject restores");

	EQ(seccomp_transaction_start(ctx), 0);
	add(SCMP_SYS(dup3));
	EQ(seccomp_rule_add(ctx, SCMP_ACT_TRAP, SCMP_SYS(dup3), 1, SCMP_A0(SCMP_CMP_EQ, 3)), -EEXIST);
	EQ(seccomp_transaction_commit(ctx), 0);
	OK(!as_remembered());
	remember();
	seccomp_transaction_reject(ctx);
	tap_ok(as_remembered(), "nothing is left to reject after a commit");

	/* outer { a, inner { b } rejected, c } committed */
	EQ(seccomp_transaction_start(ctx), 0);
	add(SCMP_SYS(close));
	inner = export_copy(ctx, &inner_length);
	EQ(seccomp_transaction_start(ctx), 0);
	add(SCMP_SYS(fchdir));
	seccomp_transaction_reject(ctx);
	free(bytes);
	bytes = inner;
	length = inner_length;
	tap_ok(as_remembered(), "the inner reject keeps the outer's rules");
	add(SCMP_SYS(fsync));
	remember();
	EQ(seccomp_transaction_commit(ctx), 0);
	tap_ok(as_remembered(), "the outer commit keeps everything");

	/* outer { a, inner { b } committed } rejected */
	EQ(seccomp_transaction_start(ctx), 0);
	add(SCMP_SYS(fdatasync));
	EQ(seccomp_transaction_start(ctx), 0);
	add(SCMP_SYS(fchmod));
	EQ(seccomp_transaction_commit(ctx), 0);
	OK(!as_remembered());
	seccomp_transaction_reject(ctx);
	tap_ok(as_remembered(), "the outer reject takes back what the inner committed");

	/* architectures and priorities belong to the transaction too */
	if (seccomp_arch_native() == SCMP_ARCH_X86_64) {
		EQ(seccomp_transaction_start(ctx), 0);
		EQ(seccomp_arch_add(ctx, SCMP_ARCH_X86), 0);
		add(SCMP_SYS(fchmod));
		seccomp_transaction_reject(ctx);
		EQ(seccomp_arch_exist(ctx, SCMP_ARCH_X86), -EEXIST);
		tap_ok(as_remembered(), "reject takes back an architecture");
	}

	/* release in the middle of one, and reset */
	EQ(seccomp_transaction_start(ctx), 0);
	add(SCMP_SYS(fchmod));
	EQ(seccomp_reset(ctx, SCMP_ACT_ALLOW), 0);
	remember();
	seccomp_transaction_reject(ctx);
	tap_ok(as_remembered(), "reset ends open transactions");
	EQ(seccomp_transaction_start(ctx), 0);
	add(SCMP_SYS(fchmod));
	seccomp_release(ctx);
	free(bytes);
	return tap_end();
}
