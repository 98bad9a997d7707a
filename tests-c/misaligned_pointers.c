/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Structures and results at odd addresses, as from a packed structure or a buffer of a
 * binding. The C library takes them where the processor does.
 * c library: takes part
 */
#include "tap.h"

/* An odd address in `bytes`, of which the compiler knows no alignment. */
static void *odd(char *bytes)
{
	volatile uintptr_t address = (uintptr_t)bytes | 1;

	return (void *)address;
}

int main(void)
{
	static char array_bytes[4 * sizeof(struct scmp_arg_cmp)];
	char size_bytes[2 * sizeof(size_t)], value_bytes[2 * sizeof(uint32_t)];
	struct scmp_arg_cmp compared[2] = { SCMP_A0(SCMP_CMP_EQ, 7), SCMP_A1(SCMP_CMP_GT, 9) };
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW), aligned = seccomp_init(SCMP_ACT_ALLOW);
	char program[2][4096];
	size_t size = sizeof(program[0]), other;
	uint32_t value;

	OK(filter && aligned);
	memcpy(odd(array_bytes), compared, sizeof(compared));
	EQ(seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(dup3), 2, odd(array_bytes)), 0);
	EQ(seccomp_rule_add_array(aligned, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(dup3), 2, compared), 0);

	memcpy(odd(size_bytes), &size, sizeof(size));
	EQ(seccomp_export_bpf_mem(filter, program[0], odd(size_bytes)), 0);
	memcpy(&other, odd(size_bytes), sizeof(other));
	EQ(seccomp_export_bpf_mem(aligned, program[1], &size), 0);
	OK(size > 0 && other == size && !memcmp(program[0], program[1], size));

	EQ(seccomp_attr_get(filter, SCMP_FLTATR_ACT_DEFAULT, odd(value_bytes)), 0);
	memcpy(&value, odd(value_bytes), sizeof(value));
	EQ(value, SCMP_ACT_ALLOW);

	if (has_level(5, "notifications")) {
		struct seccomp_notif *request;
		char request_bytes[2 * sizeof(request)];

		EQ(seccomp_notify_alloc(odd(request_bytes), NULL), 0);
		memcpy(&request, odd(request_bytes), sizeof(request));
		OK(request && request->id == 0);
		seccomp_notify_free(request, NULL);
	}

	seccomp_release(filter);
	seccomp_release(aligned);
	return tap_end();
}
