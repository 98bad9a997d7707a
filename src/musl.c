/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * musl only. A panic is unwound by gcc's unwinder, and where a compiler for musl borrows
 * that of a gcc for glibc, as Debian's musl-gcc does, it asks glibc's _dl_find_object()
 * which object has the code at an address. musl tells it by dl_iterate_phdr(). Where the
 * unwinder is made for musl it does not ask, and the linker leaves this out. That of 32-bit
 * ARM never asks: its tables have another form.
 */
#ifndef __arm__
#define _GNU_SOURCE
#include <link.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* As in the glibc manual, "Dynamic Linker Introspection"; fields that are not set follow. */
struct found {
	unsigned long long flags;
	void *map_start, *map_end;
	void *link_map;
	void *eh_frame; /* the search table, segment PT_GNU_EH_FRAME */
#ifdef __i386__
	void *eh_dbase; /* for an encoding that position-independent code has no use for */
#endif
};

struct search {
	uintptr_t address;
	struct found *found;
};

static int has_address(struct dl_phdr_info *object, size_t size, void *data)
{
	struct search *search = data;
	const ElfW(Phdr) *code = NULL, *table = NULL;

	(void)size;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uintptr_t start = object->dlpi_addr + segment->p_vaddr;

		if (segment->p_type == PT_GNU_EH_FRAME)
			table = segment;
		if (segment->p_type == PT_LOAD && search->address - start < segment->p_memsz)
			code = segment;
	}
	if (!code || !table)
		return 0;
	*search->found = (struct found){
		.map_start = (void *)(object->dlpi_addr + code->p_vaddr),
		.map_end = (void *)(object->dlpi_addr + code->p_vaddr + code->p_memsz),
		.eh_frame = (void *)(object->dlpi_addr + table->p_vaddr),
	};
	return 1;
}

/*
 * Forces these into static links: the unwinder references them weakly, and crashes without
 * them.
 */
static void *const *volatile wanted = (void *const[]){
	(void *)pthread_once, (void *)pthread_mutex_lock, (void *)pthread_mutex_unlock,
	(void *)pthread_key_create, (void *)pthread_getspecific, (void *)pthread_setspecific,
};

__attribute__((visibility("hidden")))
int _dl_find_object(void *address, struct found *result)
{
	struct search search = { (uintptr_t)address, result };

	(void)*wanted;
	return dl_iterate_phdr(has_address, &search) ? 0 : -1;
}
#endif
