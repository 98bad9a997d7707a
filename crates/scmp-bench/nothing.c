// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Stands in for the library and does nothing for runc: all rules are taken, and the
 * program is in the file PROGRAM. What a profile adds to `runc run` with it is runc's
 * own and the kernel's, which no library can do without.
 */
#include <stddef.h>
#include <unistd.h>

#include <linux/audit.h>
#include <seccomp.h>

/*
 * The number of all calls. runc adds a test that answers ENOSYS to numbers above the
 * profile's largest; it never passes.
 */
enum { HIGHEST = 0xffff };

scmp_filter_ctx seccomp_init(uint32_t action)
{
	static char filter;

	(void)action;
	return &filter;
}

void seccomp_release(scmp_filter_ctx filter)
{
	(void)filter;
}

const struct scmp_version *seccomp_version(void)
{
	static const struct scmp_version version = { SCMP_VER_MAJOR, SCMP_VER_MINOR,
						     SCMP_VER_MICRO };

	return &version;
}

unsigned int seccomp_api_get(void)
{
	return 6; /* everything that runc asks for */
}

uint32_t seccomp_arch_native(void)
{
	return AUDIT_ARCH_X86_64;
}

int seccomp_syscall_resolve_name(const char *name)
{
	(void)name;
	return HIGHEST;
}

int seccomp_syscall_resolve_name_arch(uint32_t token, const char *name)
{
	(void)token;
	(void)name;
	return HIGHEST;
}

int seccomp_attr_get(const scmp_filter_ctx filter, enum scmp_filter_attr attribute, uint32_t *value)
{
	(void)filter;
	(void)attribute;
	*value = 0;
	return 0;
}

int seccomp_export_bpf(const scmp_filter_ctx filter, int fd)
{
	extern const char program[], program_end[] __attribute__((visibility("hidden")));
	const ssize_t size = program_end - program;

	(void)filter;
	return write(fd, program, size) == size ? 0 : -1;
}

/* All other functions of the library: scripts/bench.sh gives this their names. */
int succeed(void)
{
	return 0;
}

__asm__(".section .rodata\nprogram:\n.incbin \"" PROGRAM "\"\nprogram_end:\n.text\n");
