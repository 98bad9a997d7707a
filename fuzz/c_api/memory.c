/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Allocation functions, linked in the place of the real ones (ld --wrap), that fail
 * when the target asks for it. free(3) is left alone.
 */
#include <errno.h>
#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
int __real_posix_memalign(void **memory, size_t alignment, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);

/* Allocations that succeed before one fails; none fails while this is negative. */
static _Thread_local long left = -1;
static _Thread_local int failed;

/* All later ones fail too: a library that tries again must not get away with it. */
void memory_fails_after(long count)
{
	left = count;
	failed = 0;
}

/* Ends it; whether an allocation has failed. */
int memory_works(void)
{
	left = -1;
	return failed;
}

static int fails(void)
{
	if (left < 0)
		return 0;
	if (left > 0) {
		left--;
		return 0;
	}
	failed = 1;
	errno = ENOMEM;
	return 1;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return fails() ? NULL : __real_realloc(memory, size);
}

int __wrap_posix_memalign(void **memory, size_t alignment, size_t size)
{
	return fails() ? ENOMEM : __real_posix_memalign(memory, alignment, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __real_aligned_alloc(alignment, size);
}
