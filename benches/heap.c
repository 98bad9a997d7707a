// SPDX-License-Identifier: LGPL-2.1-only
/* Preloaded: counts calls of the allocator, and the bytes that are in use. */
#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static uint64_t calls;
static int64_t used, most;

static void *counted(void *block)
{
	calls++;
	used += malloc_usable_size(block);
	if (used > most)
		most = used;
	return block;
}

void *malloc(size_t size)
{
	return counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return counted(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size)
{
	size_t before = malloc_usable_size(old);
	void *block = __libc_realloc(old, size);

	/* Where it fails, the old block stays. */
	if (block || !size)
		used -= before;
	return counted(block);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return counted(__libc_memalign(alignment, size));
}

void *memalign(size_t alignment, size_t size)
{
	return counted(__libc_memalign(alignment, size));
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	*block = counted(__libc_memalign(alignment, size));
	return *block ? 0 : ENOMEM;
}

void free(void *block)
{
	used -= malloc_usable_size(block);
	__libc_free(block);
}

/* What is in use now is nothing from here on. */
void heap_begin(void)
{
	calls = 0;
	used = most = 0;
}

void heap_now(uint64_t *allocations, int64_t *peak)
{
	*allocations = calls;
	*peak = most;
}
