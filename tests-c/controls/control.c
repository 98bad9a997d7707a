/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Libraries that do not do their work, to show that a check would see it.
 * CONTROL chooses; from NO_LOAD on, only what stands here is wrong, the rest is
 * the real library (see scripts/check-programs.sh).
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define EMPTY 1	     /* no function at all */
#define SAYS_YES 2   /* every function answers success, and that is all */
#define NO_LOAD 3    /* seccomp_load */
#define NO_RULES 4   /* the functions that add rules */
#define ALLOWS_ALL 5 /* seccomp_load loads one instruction: allow */

#if CONTROL == EMPTY
extern int nothing;
#endif

#if CONTROL == SAYS_YES
static const struct scmp_version version = { 2, 6, 1 };
const struct scmp_version *seccomp_version(void) { return &version; }
unsigned int seccomp_api_get(void) { return 7; }
int seccomp_api_set(unsigned int l) { return (void)l, 0; }
scmp_filter_ctx seccomp_init(uint32_t a) { return (void)a, malloc(1); }
int seccomp_reset(scmp_filter_ctx c, uint32_t a) { return (void)c, (void)a, 0; }
void seccomp_release(scmp_filter_ctx c) { free(c); }
int seccomp_merge(scmp_filter_ctx d, scmp_filter_ctx s) { return (void)d, (void)s, 0; }
uint32_t seccomp_arch_resolve_name(const char *n) { return (void)n, 1; }
uint32_t seccomp_arch_native(void) { return SCMP_ARCH_X86_64; }
int seccomp_arch_exist(const scmp_filter_ctx c, uint32_t a) { return (void)c, (void)a, 0; }
int seccomp_arch_add(scmp_filter_ctx c, uint32_t a) { return (void)c, (void)a, 0; }
int seccomp_arch_remove(scmp_filter_ctx c, uint32_t a) { return (void)c, (void)a, 0; }
int seccomp_attr_get(const scmp_filter_ctx c, enum scmp_filter_attr a, uint32_t *v) { return (void)c, (void)a, *v = 0, 0; }
int seccomp_attr_set(scmp_filter_ctx c, enum scmp_filter_attr a, uint32_t v) { return (void)c, (void)a, (void)v, 0; }
char *seccomp_syscall_resolve_num_arch(uint32_t a, int n) { return (void)a, (void)n, strdup("read"); }
int seccomp_syscall_resolve_name_arch(uint32_t a, const char *n) { return (void)a, (void)n, 0; }
int seccomp_syscall_resolve_name_rewrite(uint32_t a, const char *n) { return (void)a, (void)n, 0; }
int seccomp_syscall_resolve_name(const char *n) { return (void)n, 0; }
int seccomp_syscall_priority(scmp_filter_ctx c, int s, uint8_t p) { return (void)c, (void)s, (void)p, 0; }
int seccomp_export_pfc(const scmp_filter_ctx c, int f) { return (void)c, (void)f, 0; }
int seccomp_export_bpf(const scmp_filter_ctx c, int f) { return (void)c, (void)f, 0; }
int seccomp_precompute(const scmp_filter_ctx c) { return (void)c, 0; }
#endif

#if CONTROL == SAYS_YES || CONTROL == NO_LOAD
int seccomp_load(const scmp_filter_ctx c) { return (void)c, 0; }
#endif

#if CONTROL == SAYS_YES || CONTROL == NO_RULES
int seccomp_rule_add(scmp_filter_ctx c, uint32_t a, int s, unsigned int n, ...) { return (void)c, (void)a, (void)s, (void)n, 0; }
int seccomp_rule_add_exact(scmp_filter_ctx c, uint32_t a, int s, unsigned int n, ...) { return (void)c, (void)a, (void)s, (void)n, 0; }
int seccomp_rule_add_array(scmp_filter_ctx c, uint32_t a, int s, unsigned int n, const struct scmp_arg_cmp *p) { return (void)c, (void)a, (void)s, (void)n, (void)p, 0; }
int seccomp_rule_add_exact_array(scmp_filter_ctx c, uint32_t a, int s, unsigned int n, const struct scmp_arg_cmp *p) { return (void)c, (void)a, (void)s, (void)n, (void)p, 0; }
#endif

#if CONTROL == ALLOWS_ALL
int seccomp_load(const scmp_filter_ctx c)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { 1, &allow };

	(void)c;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#endif
