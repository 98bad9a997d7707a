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

/* Read and reset by src/measure/counts.rs. */
struct {
	int64_t calls, used, most;
} heap;

static void *counted(void *block)
{
	heap.calls++;
	heap.used += malloc_usable_size(block);
	if (heap.used > heap.most)
		heap.most = heap.used;
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

	/* If it fails, the old block stays. */
	if (block || !size)
		heap.used -= before;
	return counted(block);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	*block = counted(__libc_memalign(alignment, size));
	return *block ? 0 : ENOMEM;
}

void free(void *block)
{
	heap.used -= malloc_usable_size(block);
	__libc_free(block);
}
