/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Libraries that do not do their work, to show that a check would see it. The last three
 * are the real library but for the functions here (scripts/clients/controls.sh).
 *	EMPTY		no function at all
 *	SAYS_YES	every function answers success, and that is all
 *	NO_LOAD		seccomp_load does nothing
 *	NO_RULES	the functions that add rules do nothing
 *	ALLOWS_ALL	seccomp_load loads one instruction: allow
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

/* Without seccomp.h, whose prototypes have arguments: these functions ignore them. */
#define SUCCEEDS(name) int seccomp_##name(void) { return 0; }

#ifdef SAYS_YES
static const unsigned int version[] = { 2, 6, 1 };
const unsigned int *seccomp_version(void) { return version; }
unsigned int seccomp_api_get(void) { return 7; }
void *seccomp_init(void) { return malloc(1); }
void seccomp_release(void *ctx) { free(ctx); }
unsigned int seccomp_arch_resolve_name(void) { return 1; }
unsigned int seccomp_arch_native(void) { return 0xc000003e; /* x86_64 */ }
int seccomp_attr_get(void *ctx, int attr, unsigned int *value) { return (void)ctx, (void)attr, *value = 0, 0; }
char *seccomp_syscall_resolve_num_arch(void) { return strdup("read"); }
SUCCEEDS(api_set) SUCCEEDS(reset) SUCCEEDS(merge)
SUCCEEDS(arch_exist) SUCCEEDS(arch_add) SUCCEEDS(arch_remove) SUCCEEDS(attr_set)
SUCCEEDS(syscall_resolve_name) SUCCEEDS(syscall_resolve_name_arch) SUCCEEDS(syscall_resolve_name_rewrite)
SUCCEEDS(syscall_priority) SUCCEEDS(export_pfc) SUCCEEDS(export_bpf) SUCCEEDS(precompute)
#endif

#if defined(SAYS_YES) || defined(NO_LOAD)
SUCCEEDS(load)
#endif

#if defined(SAYS_YES) || defined(NO_RULES)
SUCCEEDS(rule_add) SUCCEEDS(rule_add_exact) SUCCEEDS(rule_add_array) SUCCEEDS(rule_add_exact_array)
#endif

#ifdef ALLOWS_ALL
int seccomp_load(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { 1, &allow };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#endif
