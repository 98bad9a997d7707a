// SPDX-License-Identifier: LGPL-2.1-only
/* The system calls of real programs: data/traces, which data/README.md describes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

const char *const trace_names[TRACES] = { "redis", "nginx", "python", "gcc" };

void read_trace(int trace, const struct library *library, uint32_t arch, struct calls *calls)
{
	char path[64], name[64], *line = NULL;
	unsigned int times;
	size_t size = 0;
	FILE *file;

	memset(calls, 0, sizeof(*calls));
	snprintf(path, sizeof(path), "data/traces/%s.trace", trace_names[trace]);
	file = fopen(path, "r");
	if (!file)
		die("%s: %s", path, strerror(errno));
	while (getline(&line, &size, file) > 0) {
		if (*line == '#')
			continue;
		if (sscanf(line, "%63s %u", name, &times) != 2)
			die("%s: %s", path, line);
		add_calls(calls, library->syscall_resolve_name_arch(arch, name), times);
	}
	fclose(file);
	free(line);
}

void add_calls(struct calls *calls, int number, unsigned int times)
{
	number = number < 0 ? number : number & ~X32_BIT;
	/* The architecture lacks it. */
	if (number < 0 || number >= MOST_NUMBERS)
		return;
	calls->times[number] += times;
	calls->all += times;
}
