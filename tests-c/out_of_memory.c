/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * When an allocation fails, the call that needed it answers -ENOMEM (or NULL), and
 * nothing has changed: failing_steps.h.
 *
 * static: skipped, a static program cannot have a second malloc
 * musl: skipped, this calls the malloc of glibc from its own
 * valgrind: skipped, it brings its own malloc; this one counts what is left
 */
#define FAILURE (-ENOMEM)
#include "failing_steps.h"

static bool allocation_fails(void)
{
	events++;
	if (!fail_at || events < fail_at || (events > fail_at && !fail_on))
		return false;
	errno = ENOMEM;
	return true;
}

/* A rule that compares lands on two numbers: room for one is not enough. */
static int rules_on_multiplexed_calls(void)
{
	/* process_mrelease and later calls: they have one number on all hosts. */
	const int first = SCMP_SYS(process_mrelease);
	int others, nr, rc = 0;

	for (others = 0; others < 24 && rc == 0; others++) {
		scmp_filter_ctx fresh = seccomp_init(SCMP_ACT_ERRNO(1));

		rc = fresh ? seccomp_arch_add(fresh, MULTIPLEXED_ARCH) : -ENOMEM;
		for (nr = 0; nr < others && rc == 0; nr++)
			rc = seccomp_rule_add(fresh, SCMP_ACT_ALLOW, first + nr, 1,
					      SCMP_A0(SCMP_CMP_EQ, 1));
		if (rc == 0)
			rc = seccomp_rule_add(fresh, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
					      SCMP_A1(SCMP_CMP_EQ, 1));
		seccomp_release(fresh);
	}
	return rc;
}

/* A search with more tests than there is room for at first. */
static int many_tests_at_level_two(void)
{
	scmp_filter_ctx fresh = seccomp_init(SCMP_ACT_ERRNO(1));
	int nr, rc;

	if (!fresh)
		return -ENOMEM;
	rc = seccomp_attr_set(fresh, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (nr = 0; nr < 150 && rc == 0; nr++)
		rc = seccomp_rule_add(fresh, SCMP_ACT_ERRNO(2 + nr % 7), nr, 0);
	if (rc == 0)
		rc = seccomp_precompute(fresh);
	seccomp_release(fresh);
	return rc;
}

/* A search that the kernel would not load: the program is made in other forms. */
static int many_values_at_level_two(void)
{
	scmp_filter_ctx fresh = seccomp_init(SCMP_ACT_ERRNO(1));
	int value, rc;

	if (!fresh)
		return -ENOMEM;
	rc = seccomp_attr_set(fresh, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (value = 0; value < 4050 && rc == 0; value++)
		rc = seccomp_rule_add(fresh, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				      SCMP_A1(SCMP_CMP_EQ, 3 * value));
	if (rc == 0)
		rc = seccomp_precompute(fresh);
	seccomp_release(fresh);
	return rc;
}

static const struct step all[] = {
	COMMON_STEPS, STEP(rules_on_multiplexed_calls), STEP(many_tests_at_level_two),
	STEP(many_values_at_level_two), STEP(reset), { 0 },
};

int main(void)
{
	OK(try_all(all, 2) > 500);
	return tap_end();
}
