/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * No function crashes on NULL, an enum value that does not exist, or a number
 * out of range: each gives its documented code. Where the C library would
 * follow a NULL pointer, ours answers -EINVAL.
 */
#include "tap.h"

#define NO_ARCH 0x12345678u
#define NO_ACTION 0x00070000u

static void null_contexts(void)
{
	struct scmp_arg_cmp arg = SCMP_A0(SCMP_CMP_EQ, 1);
	uint32_t value;
	size_t len = 0;

	EQ(seccomp_reset(NULL, SCMP_ACT_ALLOW), 0); /* resets the global state */
	EQ(seccomp_reset(NULL, NO_ACTION), 0);
	seccomp_release(NULL);
	EQ(seccomp_merge(NULL, NULL), -EINVAL);
	EQ(seccomp_arch_exist(NULL, SCMP_ARCH_NATIVE), -EINVAL);
	EQ(seccomp_arch_exist(NULL, NO_ARCH), -EINVAL);
	EQ(seccomp_arch_add(NULL, SCMP_ARCH_NATIVE), -EINVAL);
	EQ(seccomp_arch_add(NULL, NO_ARCH), -EINVAL);
	EQ(seccomp_arch_remove(NULL, SCMP_ARCH_NATIVE), -EINVAL);
	EQ(seccomp_arch_remove(NULL, NO_ARCH), -EINVAL);
	EQ(seccomp_load(NULL), -EINVAL);
	EQ(seccomp_attr_get(NULL, SCMP_FLTATR_CTL_NNP, &value), -EINVAL);
	EQ(seccomp_attr_get(NULL, SCMP_FLTATR_CTL_NNP, NULL), -EINVAL);
	EQ(seccomp_attr_set(NULL, SCMP_FLTATR_CTL_NNP, 1), -EINVAL);
	EQ(seccomp_syscall_priority(NULL, 1, 1), -EINVAL);
	EQ(seccomp_rule_add(NULL, SCMP_ACT_ALLOW, 1, 0), -EINVAL);
	EQ(seccomp_rule_add(NULL, SCMP_ACT_ALLOW, 1, 1, arg), -EINVAL);
	EQ(seccomp_rule_add_array(NULL, SCMP_ACT_ALLOW, 1, 1, &arg), -EINVAL);
	EQ(seccomp_rule_add_exact(NULL, SCMP_ACT_ALLOW, 1, 1, arg), -EINVAL);
	EQ(seccomp_rule_add_exact_array(NULL, SCMP_ACT_ALLOW, 1, 0, NULL), -EINVAL);
	EQ(seccomp_notify_fd(NULL), -EINVAL);
	EQ(seccomp_export_pfc(NULL, 1), -EINVAL);
	EQ(seccomp_export_bpf(NULL, 1), -EINVAL);
	EQ(seccomp_export_bpf_mem(NULL, NULL, &len), -EINVAL);
	EQ(seccomp_export_bpf_mem(NULL, NULL, NULL), -EINVAL);
	EQ(seccomp_precompute(NULL), -EINVAL);
	EQ(seccomp_transaction_start(NULL), -EINVAL);
	EQ(seccomp_transaction_commit(NULL), -EINVAL);
	seccomp_transaction_reject(NULL);
}

static void names_and_numbers(void)
{
	char longest[70000];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	EQ(seccomp_arch_resolve_name(NULL), 0);
	EQ(seccomp_arch_resolve_name(""), 0);
	EQ(seccomp_arch_resolve_name("vax"), 0);
	EQ(seccomp_arch_resolve_name(longest), 0);
	EQ(seccomp_syscall_resolve_name(NULL), __NR_SCMP_ERROR);
	EQ(seccomp_syscall_resolve_name(""), __NR_SCMP_ERROR);
	EQ(seccomp_syscall_resolve_name("no_such_call"), __NR_SCMP_ERROR);
	EQ(seccomp_syscall_resolve_name("\xff\xfe"), __NR_SCMP_ERROR);
	EQ(seccomp_syscall_resolve_name(longest), __NR_SCMP_ERROR);
	EQ(seccomp_syscall_resolve_name_arch(NO_ARCH, "read"), __NR_SCMP_ERROR);
	EQ(seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86, NULL), __NR_SCMP_ERROR);
	EQ(seccomp_syscall_resolve_name_rewrite(NO_ARCH, "read"), __NR_SCMP_ERROR);
	EQ(seccomp_syscall_resolve_name_rewrite(0, NULL), __NR_SCMP_ERROR);
	EQ(seccomp_syscall_resolve_name_rewrite(0, "no_such_call"), __NR_SCMP_ERROR);
	OK(seccomp_syscall_resolve_num_arch(NO_ARCH, 1) == NULL);
	OK(seccomp_syscall_resolve_num_arch(0, -1) == NULL);
	OK(seccomp_syscall_resolve_num_arch(0, 99999) == NULL);
	OK(seccomp_syscall_resolve_num_arch(0, INT32_MIN) == NULL);
	OK(seccomp_syscall_resolve_num_arch(0, INT32_MAX) == NULL);
}

static void contexts(void)
{
	scmp_filter_ctx a, b;

	OK(seccomp_init(NO_ACTION) == NULL);
	OK(seccomp_init(SCMP_ACT_ERRNO(0xffff)) == NULL);
	OK(seccomp_init(0xffffffff) == NULL);
	a = new_filter(SCMP_ACT_ALLOW);
	b = new_filter(SCMP_ACT_KILL);
	EQ(seccomp_reset(a, NO_ACTION), -EINVAL);
	EQ(seccomp_merge(a, NULL), -EINVAL);
	EQ(seccomp_merge(NULL, a), -EINVAL);
	EQ(seccomp_merge(a, b), -EINVAL); /* other default action */
	EQ(seccomp_reset(b, SCMP_ACT_ALLOW), 0);
	EQ(seccomp_attr_set(b, SCMP_FLTATR_CTL_NNP, 0), 0);
	EQ(seccomp_merge(a, b), -EINVAL); /* other NO_NEW_PRIVS */
	EQ(seccomp_attr_set(b, SCMP_FLTATR_CTL_NNP, 1), 0);
	EQ(seccomp_merge(a, b), -EEXIST); /* the same architecture */
	OK(same_export(a, b));
	seccomp_release(a);
	seccomp_release(b);
}

static void architectures(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW), other = new_filter(SCMP_ACT_ALLOW);
	uint32_t native = seccomp_arch_native();
	uint32_t foreign = OTHER_ORDER_ARCH, absent = ANOTHER_ARCH;
	size_t len = 0;

	EQ(seccomp_arch_exist(ctx, NO_ARCH), -EINVAL);
	EQ(seccomp_arch_exist(ctx, absent), -EEXIST);
	EQ(seccomp_arch_add(ctx, NO_ARCH), -EINVAL);
	EQ(seccomp_arch_add(ctx, SCMP_ARCH_NATIVE), -EEXIST);
	EQ(seccomp_arch_add(ctx, native), -EEXIST);
	EQ(seccomp_arch_add(ctx, foreign), -EDOM); /* the other byte order */
	EQ(seccomp_arch_remove(ctx, NO_ARCH), -EINVAL);
	EQ(seccomp_arch_remove(ctx, absent), -EEXIST);
	EQ(seccomp_arch_remove(other, native), 0);
	/* a filter for no architecture is no valid context */
	EQ(seccomp_precompute(other), -EINVAL);
	EQ(seccomp_export_bpf_mem(other, NULL, &len), -EINVAL);
	EQ(seccomp_rule_add(other, SCMP_ACT_KILL, 1, 0), -EINVAL);
	EQ(seccomp_merge(ctx, other), -EINVAL);
	EQ(seccomp_arch_add(other, foreign), 0);
	EQ(seccomp_merge(ctx, other), -EDOM);
	OK(seccomp_export_bpf_mem(ctx, NULL, &len) == 0 && len > 0);
	seccomp_release(ctx);
	seccomp_release(other);
}

static void attributes(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);
	uint32_t value = 77;

	EQ(seccomp_attr_get(ctx, (enum scmp_filter_attr)0, &value), -EINVAL);
	EQ(seccomp_attr_get(ctx, (enum scmp_filter_attr)11, &value), -EINVAL);
	EQ(seccomp_attr_get(ctx, (enum scmp_filter_attr)-1, &value), -EINVAL);
	EQ(value, 77);
	EQ(seccomp_attr_get(ctx, SCMP_FLTATR_CTL_NNP, NULL), -EINVAL);
	EQ(seccomp_attr_set(ctx, (enum scmp_filter_attr)0, 1), -EINVAL);
	EQ(seccomp_attr_set(ctx, (enum scmp_filter_attr)11, 1), -EINVAL);
	EQ(seccomp_attr_set(ctx, (enum scmp_filter_attr)0x7fffffff, 1), -EINVAL);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_ACT_DEFAULT, SCMP_ACT_KILL), -EACCES);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, NO_ACTION), -EINVAL);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 0), -EOPNOTSUPP);
	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 3), -EOPNOTSUPP);
	seccomp_release(ctx);
}

static void rules(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW), before = new_filter(SCMP_ACT_ALLOW);
	struct scmp_arg_cmp args[7];
	const int call = SCMP_SYS(dup3);

	for (unsigned int i = 0; i < 7; i++)
		args[i] = SCMP_CMP(i, SCMP_CMP_EQ, i);
#define REFUSED(code, action, number, count, array)                            \
	do {                                                                   \
		EQ(seccomp_rule_add_array(ctx, action, number, count, array), code); \
		EQ(seccomp_rule_add_exact_array(ctx, action, number, count, array), code); \
	} while (0)
	REFUSED(-EINVAL, SCMP_ACT_KILL, call, 1, NULL);
	REFUSED(-EINVAL, SCMP_ACT_KILL, call, 7, args);
	REFUSED(-EINVAL, SCMP_ACT_KILL, call, UINT32_MAX, args);
	REFUSED(-EINVAL, NO_ACTION, call, 0, NULL);
	REFUSED(-EINVAL, SCMP_ACT_KILL, -1, 0, NULL);
	REFUSED(-EINVAL, SCMP_ACT_KILL, -99, 0, NULL);
	REFUSED(-EACCES, SCMP_ACT_ALLOW, call, 0, NULL);
	REFUSED(-EINVAL, SCMP_ACT_KILL, call, 1, &args[6]); /* argument 6 */
	args[1].arg = 0;
	REFUSED(-EINVAL, SCMP_ACT_KILL, call, 2, args); /* argument 0 twice */
	args[1].arg = UINT32_MAX;
	REFUSED(-EINVAL, SCMP_ACT_KILL, call, 2, args);
	args[0].op = 0;
	REFUSED(-EINVAL, SCMP_ACT_KILL, call, 1, args);
	args[0].op = (enum scmp_compare)8;
	REFUSED(-EINVAL, SCMP_ACT_KILL, call, 1, args);
	args[0].op = SCMP_CMP_32BIT;
	REFUSED(-EINVAL, SCMP_ACT_KILL, call, 1, args);
	args[0].op = (enum scmp_compare)(SCMP_CMP_32BIT | 8);
	REFUSED(-EINVAL, SCMP_ACT_KILL, call, 1, args);
	args[0].op = (enum scmp_compare)0x7fffffff;
	REFUSED(-EINVAL, SCMP_ACT_KILL, call, 1, args);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_KILL, call, 7), -EINVAL);
	EQ(seccomp_rule_add_exact(ctx, SCMP_ACT_KILL, call, UINT32_MAX), -EINVAL);
	EQ(seccomp_syscall_priority(ctx, -1, 1), -EINVAL);
	EQ(seccomp_syscall_priority(ctx, -99, 1), -EINVAL);
	OK(same_export(ctx, before));

	EQ(seccomp_rule_add(ctx, SCMP_ACT_KILL, call, 1, SCMP_A0(SCMP_CMP_EQ, 1)), 0);
	EQ(seccomp_rule_add(ctx, SCMP_ACT_TRAP, call, 1, SCMP_A0(SCMP_CMP_EQ, 1)), -EEXIST);
	EQ(seccomp_rule_add(before, SCMP_ACT_KILL, call, 1, SCMP_A0(SCMP_CMP_EQ, 1)), 0);
	OK(same_export(ctx, before));
	if (SCMP_SYS(socketcall) < 0)
		EQ(seccomp_rule_add_exact(ctx, SCMP_ACT_KILL, SCMP_SYS(socketcall), 0), -EDOM);
	OK(same_export(ctx, before));
	seccomp_release(ctx);
	ctx = new_filter(SCMP_ACT_ALLOW);
	EQ(seccomp_arch_add(ctx, ANOTHER_ARCH), 0);
	EQ(seccomp_rule_add_exact(ctx, SCMP_ACT_KILL, call, 0), -EOPNOTSUPP);
	seccomp_release(ctx);
	seccomp_release(before);
}

static void notifications(void)
{
	scmp_filter_ctx ctx;
	struct seccomp_notif *req = NULL;
	struct seccomp_notif_resp *resp = NULL;

	if (!has_level(5, "notifications"))
		return;
	ctx = new_filter(SCMP_ACT_ALLOW);
	EQ(seccomp_notify_fd(ctx), -EFAULT); /* none yet */
	EQ(seccomp_notify_alloc(NULL, NULL), 0);
	EQ(seccomp_notify_alloc(&req, &resp), 0);
	OK(req && resp);
	EQ(seccomp_notify_receive(-1, NULL), -EINVAL);
	EQ(seccomp_notify_respond(-1, NULL), -EINVAL);
	EQ(seccomp_notify_id_valid(-1, 0), -ENOENT);
	seccomp_notify_free(req, resp);
	seccomp_notify_free(NULL, NULL);
	seccomp_release(ctx);
}

static void exports(void)
{
	scmp_filter_ctx ctx = new_filter(SCMP_ACT_ALLOW);

	EQ(seccomp_attr_set(ctx, SCMP_FLTATR_API_SYSRAWRC, 1), 0);
	EQ(seccomp_export_pfc(ctx, -1), -EBADF);
	EQ(seccomp_export_bpf(ctx, -1), -EBADF);
	EQ(seccomp_export_bpf_mem(ctx, NULL, NULL), -EINVAL);
	EQ(seccomp_export_bpf_mem(ctx, &ctx, NULL), -EINVAL);
	seccomp_release(ctx);
}

static void levels(void)
{
	unsigned int level = seccomp_api_get();

	EQ(seccomp_api_set(0), -EINVAL);
	EQ(seccomp_api_set(8), -EINVAL);
	EQ(seccomp_api_set(UINT32_MAX), -EINVAL);
	EQ(seccomp_api_get(), level);
}

int main(void)
{
	levels();
	names_and_numbers();
	contexts();
	architectures();
	attributes();
	rules();
	notifications();
	exports();
	null_contexts(); /* last: it resets the global state */
	return tap_end();
}
