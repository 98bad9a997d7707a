// SPDX-License-Identifier: LGPL-2.1-only
/* Reads the profiles of data/profiles; crates/scmp-verify/src/profile.rs has their grammar. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static void *grown(void *array, int count, size_t size)
{
	/* Doubled at powers of two. */
	if (count & (count - 1))
		return array;
	array = realloc(array, size * (count ? 2 * count : 1));
	if (!array)
		die("out of memory");
	return array;
}

static uint32_t action(const char *word)
{
	uint32_t data;

	if (strcmp(word, "allow") == 0)
		return SCMP_ACT_ALLOW;
	if (strcmp(word, "log") == 0)
		return SCMP_ACT_LOG;
	if (strcmp(word, "notify") == 0)
		return SCMP_ACT_NOTIFY;
	if (strcmp(word, "kill-thread") == 0)
		return SCMP_ACT_KILL_THREAD;
	if (strcmp(word, "kill-process") == 0)
		return SCMP_ACT_KILL_PROCESS;
	data = strtoul(strtok(NULL, " \n"), NULL, 0);
	if (strcmp(word, "errno") == 0)
		return SCMP_ACT_ERRNO(data);
	if (strcmp(word, "trap") == 0)
		return SCMP_ACT_TRAP;
	if (strcmp(word, "trace") == 0)
		return SCMP_ACT_TRACE(data);
	die("%s is not an action", word);
}

static int add_call(struct profile *profile, const char *name)
{
	profile->calls = grown(profile->calls, profile->call_count, sizeof(char *));
	profile->calls[profile->call_count] = strdup(name);
	return profile->call_count++;
}

static void add_step(struct profile *profile, const struct step *step)
{
	profile->steps = grown(profile->steps, profile->step_count, sizeof(*step));
	profile->steps[profile->step_count++] = *step;
}

/* "a1 == 5", "a1 & 0xff == 5", "a1 == 5..9"; gives the last value of a range. */
static uint64_t comparison(const char *text, struct scmp_arg_cmp *compared)
{
	static const struct {
		const char *sign;
		enum scmp_compare op;
	} operators[] = {
		{ "==", SCMP_CMP_EQ }, { "!=", SCMP_CMP_NE }, { "<=", SCMP_CMP_LE },
		{ ">=", SCMP_CMP_GE }, { "<", SCMP_CMP_LT },  { ">", SCMP_CMP_GT },
	};
	uint64_t mask = 0, value;
	int masked;
	size_t at;
	char *end;

	compared->arg = strtoul(strchr(text, 'a') + 1, &end, 10);
	end += strspn(end, " ");
	masked = *end == '&';
	if (masked)
		mask = strtoull(end + 1, &end, 0);
	end += strspn(end, " ");
	for (at = 0; strncmp(end, operators[at].sign, strlen(operators[at].sign)) != 0;)
		if (++at == sizeof(operators) / sizeof(*operators))
			die("%s is not a comparison", text);
	value = strtoull(end + strlen(operators[at].sign), &end, 0);
	compared->op = masked ? SCMP_CMP_MASKED_EQ : operators[at].op;
	compared->datum_a = masked ? mask : value;
	compared->datum_b = masked ? value : 0;
	return strncmp(end, "..", 2) == 0 ? strtoull(end + 2, NULL, 0) : value;
}

/* One rule for each value of the ranges, the last one's first. */
static void add_rules(struct profile *profile, struct step *step, char **texts, int left)
{
	struct scmp_arg_cmp *compared = &step->compared[step->count];
	uint64_t *datum = &compared->datum_a, last;

	if (!left) {
		add_step(profile, step);
		return;
	}
	last = comparison(*texts, compared);
	if (compared->op == SCMP_CMP_MASKED_EQ)
		datum = &compared->datum_b;
	for (; *datum <= last; ++*datum) {
		step->count++;
		add_rules(profile, step, texts + 1, left - 1);
		step->count--;
	}
}

static void rules(struct profile *profile, uint32_t action, char *text)
{
	while (*(text += strspn(text, " \n"))) {
		size_t length = strcspn(text, " (\n");
		char *after = text + length, *parts[6];
		struct step step = { .priority = -1, .action = action };
		int count = 0;

		if (*after == '(') {
			char *part = after + 1;

			after = strchr(after, ')');
			if (!after)
				die("%s: a ) is missing", profile->name);
			*after++ = '\0';
			for (; part && count < 6; count++) {
				parts[count] = part;
				part = strchr(part, ',');
				if (part)
					*part++ = '\0';
			}
		} else if (*after) {
			*after++ = '\0';
		}
		text[length] = '\0';
		step.call = add_call(profile, text);
		add_rules(profile, &step, parts, count);
		text = after;
	}
}

static void statement(struct profile *profile, char *line)
{
	char *word = strtok(line, " \n"), *end = line + strlen(line);

	if (!word)
		return;
	if (strcmp(word, "arch") == 0) {
		while ((word = strtok(NULL, " \n")))
			profile->arches[profile->arch_count++] = strdup(word);
	} else if (strcmp(word, "default") == 0) {
		profile->action = action(strtok(NULL, " \n"));
	} else if (strcmp(word, "foreign") == 0) {
		profile->foreign = action(strtok(NULL, " \n"));
	} else if (strcmp(word, "exact") == 0) {
		profile->exact = 1;
	} else if (strcmp(word, "priority") == 0) {
		struct step step = { .priority = atoi(strtok(NULL, " \n")) };

		while ((word = strtok(NULL, " \n"))) {
			step.call = add_call(profile, word);
			add_step(profile, &step);
		}
	} else {
		uint32_t found = action(word);
		char *rest = strtok(NULL, "\n");

		rules(profile, found, rest ? rest : end);
	}
}

struct profile *read_case(const char *text)
{
	struct profile *profile = memory(sizeof(*profile));
	char *copy = strdup(text), *path, *arch, *line = NULL;
	size_t size = 0;
	FILE *file;

	profile->name = strtok(copy, "=");
	path = strtok(NULL, ",");
	if (!path)
		die("%s is not NAME=FILE", text);
	file = fopen(path, "r");
	if (!file)
		die("%s: %s", path, strerror(errno));
	profile->foreign = SCMP_ACT_KILL_THREAD;
	arch = strtok(NULL, "");
	while (getline(&line, &size, file) > 0) {
		line[strcspn(line, "#")] = '\0';
		statement(profile, line);
	}
	fclose(file);
	free(line);
	if (arch) {
		profile->arch_count = 0;
		for (arch = strtok(arch, ","); arch; arch = strtok(NULL, ","))
			profile->arches[profile->arch_count++] = arch;
	}
	if (!profile->arch_count)
		profile->arches[profile->arch_count++] = "x86_64";
	return profile;
}

int keep_shared(struct profile *profile, const char *const paths[2])
{
	unsigned char *known = shared_memory(profile->call_count + 1);
	unsigned char *lacks = &known[profile->call_count];
	int which, at, kept = 0;

	for (which = 0; which < 2; which++) {
		pid_t child = fork();

		if (child == 0) {
			struct library *library = open_library(paths[which]);

			for (at = 0; at < profile->call_count; at++)
				if (library->syscall_resolve_name(profile->calls[at]) != __NR_SCMP_ERROR)
					known[at]++;
			for (at = 0; at < profile->arch_count; at++)
				*lacks |= !library->arch_resolve_name(profile->arches[at]);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	for (at = 0; at < profile->step_count; at++)
		if (known[profile->steps[at].call] == 2)
			profile->steps[kept++] = profile->steps[at];
	profile->step_count = kept;
	/* The calls' places stay as they are: the steps name them. */
	for (at = 0; at < profile->call_count; at++)
		if (known[at] != 2)
			profile->calls[at] = profile->calls[0];
	return !*lacks;
}
