// SPDX-License-Identifier: LGPL-2.1-only
/* The functions of one libseccomp. */
#include <dlfcn.h>

#include "bench.h"

static void *find(void *library, const char *path, const char *name, int needed)
{
	void *found = dlsym(library, name);

	if (!found && needed)
		die("%s has no %s", path, name);
	return found;
}

struct library *open_library(const char *path)
{
	struct library *library = memory(sizeof(*library));
	void *opened = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (!opened)
		die("%s", dlerror());
#define FIND(name, needed) library->name = find(opened, path, "seccomp_" #name, needed)
	FIND(api_set, 1);
	FIND(init, 1);
	FIND(release, 1);
	FIND(arch_add, 1);
	FIND(arch_remove, 1);
	FIND(arch_resolve_name, 1);
	FIND(arch_native, 1);
	FIND(attr_set, 1);
	FIND(rule_add_array, 1);
	FIND(rule_add_exact_array, 1);
	FIND(syscall_priority, 1);
	FIND(syscall_resolve_name, 1);
	FIND(syscall_resolve_name_arch, 1);
	FIND(syscall_resolve_num_arch, 1);
	FIND(export_bpf, 1);
	FIND(export_pfc, 1);
	FIND(load, 1);
	FIND(precompute, 0);
#undef FIND
	return library;
}
