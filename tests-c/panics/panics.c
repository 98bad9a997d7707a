/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A panic in the core ends as -EFAULT (or NULL) at the C function that was called, and
 * nothing has changed: failing_steps.h. The library is the built one, linked with
 * trampolines.sh's code before the core's functions: that jumps to the function that the
 * library's panics raise in the place of the call with the number fail_at.
 */
#define FAILURE (-EFAULT)
#include "../failing_steps.h"

static bool allocation_fails(void)
{
	return false;
}

static const struct step all[] = { COMMON_STEPS, STEP(reset), { 0 } };

int main(void)
{
	OK(try_all(all, 1) >= 15); /* else nothing has panicked */
	return tap_end();
}
