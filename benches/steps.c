// SPDX-License-Identifier: LGPL-2.1-only
/* How long programs are, and how much of them runs. */
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "bench.h"

enum { NUMBERS = 1024 };

/* Instructions until the answer, for a call without arguments. */
static unsigned int steps(const struct program *program, int number, uint32_t *answer)
{
	const struct seccomp_data data = { .nr = number, .arch = AUDIT_ARCH_X86_64 };
	uint32_t a = 0, count = 0;
	size_t at = 0;

	while (at < program->length) {
		const struct sock_filter *i = &program->instructions[at++];

		count++;
		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const char *)&data + i->k, sizeof(a));
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= i->k;
			break;
		case BPF_JMP | BPF_JA:
			at += i->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			at += a == i->k ? i->jt : i->jf;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			at += a > i->k ? i->jt : i->jf;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			at += a >= i->k ? i->jt : i->jf;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			at += a & i->k ? i->jt : i->jf;
			break;
		case BPF_RET | BPF_K:
			*answer = i->k;
			return count;
		default:
			die("instruction %zu: code %#x", at - 1, i->code);
		}
	}
	die("a program without an end");
}

/* Calls of the profile that x86_64 has, each counted once. */
static int native_calls(const char *path, const struct profile *profile, unsigned char *has)
{
	const struct library *library = open_library(path);
	int at, number, count = 0;

	for (at = 0; at < profile->step_count; at++) {
		number = library->syscall_resolve_name(profile->calls[profile->steps[at].call]);
		if (number >= 0 && number < NUMBERS && !has[number]) {
			has[number] = 1;
			count++;
		}
	}
	return count;
}

void measure_programs(const char *const paths[2], const struct profile *profile)
{
	unsigned char *has = shared_memory(NUMBERS);
	int level, which, number, count = native_calls(paths[0], profile, has);

	for (level = 1; level <= 2; level++) {
		int accepted[2];

		for (which = 0; which < 2; which++) {
			struct program *program = compile(paths[which], profile, level);
			uint64_t executed = 0;
			uint32_t answer;

			for (number = 0; number < NUMBERS; number++)
				if (has[number])
					executed += steps(program, number, &answer);
			accepted[which] = program->accepted;
			printf("program\t%s\t%s-%d\t%zu\t%.2f\t%d\n", profile->name,
			       which ? "ours" : "c", level, program->length,
			       count ? (double)executed / count : 0.0, program->accepted);
			munmap(program, sizeof(*program));
		}
		if (accepted[0] != accepted[1])
			die("%s: not the same rules are taken: %d, %d", profile->name, accepted[0],
			    accepted[1]);
	}
}
