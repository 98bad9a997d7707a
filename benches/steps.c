// SPDX-License-Identifier: LGPL-2.1-only
/* How long programs are, and how much of them runs. */
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "bench.h"

/* Instructions until the answer, for a call without arguments. */
static unsigned int steps(const struct program *program, uint32_t arch, int number)
{
	const int x32 = arch == SCMP_ARCH_X32;
	const struct seccomp_data data = { .nr = x32 ? number | X32_BIT : number,
					   .arch = x32 ? AUDIT_ARCH_X86_64 : arch };
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
			return count;
		default:
			die("instruction %zu: code %#x", at - 1, i->code);
		}
	}
	die("a program without an end");
}

static double average(const struct program *program, uint32_t arch, const struct calls *calls)
{
	uint64_t executed = 0;
	int number;

	for (number = 0; number < MOST_NUMBERS; number++)
		if (calls->times[number])
			executed += (uint64_t)calls->times[number] * steps(program, arch, number);
	return calls->all ? (double)executed / calls->all : 0;
}

/* The profile's own calls, each once. */
static void own_calls(const struct library *library, const struct profile *profile, uint32_t arch,
		      struct calls *calls)
{
	int at, number;

	memset(calls, 0, sizeof(*calls));
	for (at = 0; at < profile->step_count; at++)
		add_calls(calls, library->syscall_resolve_name_arch(
					 arch, profile->calls[profile->steps[at].call]), 1);
	calls->all = 0;
	for (number = 0; number < MOST_NUMBERS; number++)
		calls->all += calls->times[number] = !!calls->times[number];
}

/* All calls are of the profile's first architecture. */
void measure_programs(const char *const paths[2], const struct profile *profile)
{
	static struct calls own, traces[TRACES];
	const struct library *library = open_library(paths[0]);
	uint32_t arch = library->arch_resolve_name(profile->arches[0]);
	int level, which, trace;

	own_calls(library, profile, arch, &own);
	for (trace = 0; trace < TRACES; trace++)
		read_trace(trace, library, arch, &traces[trace]);
	for (level = 1; level <= 2; level++) {
		int accepted[2];

		for (which = 0; which < 2; which++) {
			struct program *program = compile(paths[which], profile, level);
			const char *side = which ? "ours" : "c";

			accepted[which] = program->accepted;
			printf("program\t%s\t%s-%d\t%zu\t%.2f\t%d\n", profile->name, side, level,
			       program->length, average(program, arch, &own), program->accepted);
			for (trace = 0; trace < TRACES; trace++)
				printf("trace\t%s\t%s\t%s-%d\t%.2f\n", profile->name,
				       trace_names[trace], side, level,
				       average(program, arch, &traces[trace]));
			munmap(program, sizeof(*program));
		}
		if (accepted[0] != accepted[1])
			die("%s: not the same rules are taken: %d, %d", profile->name, accepted[0],
			    accepted[1]);
	}
}
