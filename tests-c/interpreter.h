/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Classic BPF as the kernel runs it for seccomp, so that a test can ask what
 * an exported program decides without loading it.
 */
#ifndef INTERPRETER_H
#define INTERPRETER_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static inline uint32_t bpf_alu(uint16_t op, uint32_t a, uint32_t v)
{
	switch (op) {
	case BPF_ADD: return a + v;
	case BPF_SUB: return a - v;
	case BPF_MUL: return a * v;
	case BPF_DIV: return v ? a / v : 0;
	case BPF_OR:  return a | v;
	case BPF_AND: return a & v;
	case BPF_XOR: return a ^ v;
	case BPF_LSH: return v < 32 ? a << v : 0;
	case BPF_RSH: return v < 32 ? a >> v : 0;
	case BPF_NEG: return -a;
	default: abort();
	}
}

static inline int bpf_holds(uint16_t op, uint32_t a, uint32_t v)
{
	switch (op) {
	case BPF_JEQ: return a == v;
	case BPF_JGT: return a > v;
	case BPF_JGE: return a >= v;
	case BPF_JSET: return (a & v) != 0;
	default: abort();
	}
}

/* The program's answer for data; abort() for a program that is none. */
static inline uint32_t bpf_run(const struct sock_filter *program, size_t count,
			       const struct seccomp_data *data)
{
	uint32_t a = 0, x = 0, memory[BPF_MEMWORDS] = { 0 };

	for (size_t pc = 0; pc < count; pc++) {
		const struct sock_filter *i = &program[pc];
		uint32_t v = BPF_SRC(i->code) == BPF_X ? x : i->k;

		switch (BPF_CLASS(i->code)) {
		case BPF_LD:
		case BPF_LDX:
			if (BPF_MODE(i->code) == BPF_ABS) {
				if (i->k % 4 || i->k + 4 > sizeof(*data))
					abort();
				memcpy(&v, (const char *)data + i->k, 4);
			} else if (BPF_MODE(i->code) == BPF_MEM) {
				v = memory[i->k % BPF_MEMWORDS];
			} else if (BPF_MODE(i->code) == BPF_LEN) {
				v = sizeof(*data);
			} else {
				v = i->k;
			}
			if (BPF_CLASS(i->code) == BPF_LD)
				a = v;
			else
				x = v;
			break;
		case BPF_ST:
			memory[i->k % BPF_MEMWORDS] = a;
			break;
		case BPF_STX:
			memory[i->k % BPF_MEMWORDS] = x;
			break;
		case BPF_ALU:
			a = bpf_alu(BPF_OP(i->code), a, v);
			break;
		case BPF_JMP:
			if (BPF_OP(i->code) == BPF_JA)
				pc += i->k;
			else
				pc += bpf_holds(BPF_OP(i->code), a, v) ? i->jt : i->jf;
			break;
		case BPF_RET:
			return BPF_RVAL(i->code) == BPF_A ? a : i->k;
		case BPF_MISC:
			if (BPF_MISCOP(i->code) == BPF_TAX)
				x = a;
			else
				a = x;
			break;
		}
	}
	abort();
}

#endif
