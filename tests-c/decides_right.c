/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Five filters whose program libseccomp 2.5.4 to 2.6.1 get wrong, or never
 * finish. Rules that all allow, on one call whose default is to kill: what no
 * rule matches must be killed, what one matches allowed, at either
 * optimization level. A filter that is never finished is a failure.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include "tap.h"

#define NE SCMP_CMP_NE
#define LT SCMP_CMP_LT
#define LE SCMP_CMP_LE
#define GT SCMP_CMP_GT
#define EQUAL SCMP_CMP_EQ

struct rule {
	unsigned int count;
	struct scmp_arg_cmp cmp[2];
};

static const struct rule cases[5][2] = {
	{ { 1, { { 0, LT, 1 } } }, { 1, { { 0, GT, 0x100000002 } } } },
	{ { 1, { { 0, LE, 2 } } }, { 1, { { 0, LT, 0x100000002 } } } },
	{ { 2, { { 0, NE, 1 }, { 1, EQUAL, 3 } } }, { 2, { { 0, NE, 2 }, { 1, EQUAL, 1 } } } },
	{ { 2, { { 0, NE, 1 }, { 1, NE, 2 } } }, { 2, { { 0, NE, 1 }, { 1, NE, 0x100000002 } } } },
	{ { 2, { { 0, NE, 1 }, { 1, NE, 0x100000002 } } }, { 2, { { 0, NE, 1 }, { 1, NE, 2 } } } },
};

static bool holds(const struct scmp_arg_cmp *cmp, const uint64_t *args)
{
	uint64_t value = args[cmp->arg];

	switch ((int)cmp->op) {
	case NE: return value != cmp->datum_a;
	case LT: return value < cmp->datum_a;
	case LE: return value <= cmp->datum_a;
	case GT: return value > cmp->datum_a;
	default: return value == cmp->datum_a;
	}
}

/* What the rules say, without any program. */
static uint32_t decision(const struct rule *rules, const uint64_t *args)
{
	for (int i = 0; i < 2; i++) {
		bool all = true;

		for (unsigned int c = 0; c < rules[i].count; c++)
			all = all && holds(&rules[i].cmp[c], args);
		if (all)
			return SCMP_ACT_ALLOW;
	}
	return SCMP_ACT_KILL;
}

/* What a program answers, of the instructions that the library uses. */
static uint32_t run(const struct sock_filter *program, size_t count, const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < count; pc++) {
		const struct sock_filter *i = &program[pc];
		bool holds;

		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			NEED(i->k % 4 == 0 && i->k < sizeof(*data));
			memcpy(&a, (const char *)data + i->k, 4);
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= i->k;
			continue;
		case BPF_RET | BPF_K:
			return i->k;
		case BPF_JMP | BPF_JA:
			pc += i->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			holds = a == i->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			holds = a > i->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			holds = a >= i->k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			holds = (a & i->k) != 0;
			break;
		default:
			abort();
		}
		pc += holds ? i->jt : i->jf;
	}
	abort();
}

static void check(int number, int level)
{
	static const uint64_t values[] = {
		0, 1, 2, 3, 4, 0xffffffff, 0x100000000, 0x100000001, 0x100000002,
		0x100000003, 0x200000001, 0x200000002, UINT64_MAX,
	};
	const size_t count = sizeof(values) / sizeof(values[0]);
	const struct rule *rules = cases[number];
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_KILL);
	struct sock_filter *program;
	size_t len, wrong = 0;

	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, level), 0);
	for (int i = 0; i < 2; i++) {
		alarm(10);
		EQ(seccomp_rule_add_exact_array(ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl),
						rules[i].count, rules[i].cmp), 0);
		alarm(0);
	}
	alarm(10);
	program = export_copy(ctx, &len);
	alarm(0);
	for (size_t i = 0; i < count * count; i++) {
		struct seccomp_data data = {
			.nr = SCMP_SYS(ioctl), .arch = seccomp_arch_native(),
			.args = { values[i / count], values[i % count] },
		};
		uint64_t args[2] = { data.args[0], data.args[1] };

		if (run(program, len / 8, &data) == decision(rules, args))
			continue;
		if (wrong++ == 0)
			tap_ok(false, "case %d, level %d: a0 = %#llx, a1 = %#llx", number, level,
			       (unsigned long long)args[0], (unsigned long long)args[1]);
	}
	tap_ok(wrong == 0, "case %d, level %d: %zu of %zu inputs wrong", number, level, wrong,
	       count * count);
	free(program);
	seccomp_release(ctx);
}

int main(void)
{
	if (seccomp_arch_native() == SCMP_ARCH_X86 || seccomp_arch_native() == SCMP_ARCH_ARM) {
		tap_ok(true, "no case is for a 32-bit architecture: it compares the low word only");
		return tap_end();
	}
	for (int level = 1; level <= 2; level++)
		for (int number = 0; number < 5; number++)
			tap_ok(ended_well(IN_CHILD(check(number, level))), "case %d at level %d",
			       number, level);
	return tap_end();
}
