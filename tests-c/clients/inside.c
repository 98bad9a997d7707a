/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Static, for the inside of a container: makes each call that it is told to, in
 * a child of its own, and says what came back.
 *
 *	inside NAME=NUMBER[:ARG...] ...
 *
 * A NUMBER that begins with "32/" is made the way 32-bit programs do. A line is
 * "NAME ok", "NAME errno N", or "NAME signal N". Of /proc/self/status it shows the line of
 * Seccomp.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static long call(const char *words)
{
	long value[7] = { 0 }, result;
	int n, is_32 = strncmp(words, "32/", 3) == 0;
	const char *at = words + 3 * is_32;
	char *end;

	for (n = 0; n < 7; n++) {
		value[n] = strtol(at, &end, 0);
		if (*end != ':')
			break;
		at = end + 1;
	}
#ifdef __x86_64__
	if (is_32) {
		__asm__ volatile("int $0x80" : "=a"(result)
				 : "a"(value[0]), "b"(value[1]), "c"(value[2]), "d"(value[3])
				 : "memory", "r8", "r9", "r10", "r11");
		return (int)result;
	}
	{
		register long r10 __asm__("r10") = value[4];
		register long r8 __asm__("r8") = value[5];
		register long r9 __asm__("r9") = value[6];

		__asm__ volatile("syscall" : "=a"(result)
				 : "a"(value[0]), "D"(value[1]), "S"(value[2]), "d"(value[3]),
				   "r"(r10), "r"(r8), "r"(r9)
				 : "memory", "rcx", "r11");
		return result;
	}
#else
#error "the calls are x86-64's"
#endif
}

static void show_status(const char *path)
{
	char line[256];
	FILE *file = fopen(path, "r");

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, "Seccomp:", 8) == 0)
			fputs(line, stdout);
	if (file)
		fclose(file);
}

int main(int argc, char **argv)
{
	int i, status, answer[2];
	long result;
	char *number;
	pid_t child;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 1; i < argc; i++) {
		if (argv[i][0] == '/') {
			show_status(argv[i]);
			continue;
		}
		number = strchr(argv[i], '=');
		if (!number || pipe(answer))
			return 99;
		*number++ = 0;
		child = fork();
		if (child == 0) {
			result = call(number);
			if (write(answer[1], &result, sizeof(result)) != sizeof(result))
				_exit(98);
			_exit(0);
		}
		close(answer[1]);
		if (waitpid(child, &status, 0) != child)
			return 97;
		if (WIFSIGNALED(status))
			printf("%s signal %d\n", argv[i], WTERMSIG(status));
		else if (read(answer[0], &result, sizeof(result)) != sizeof(result))
			printf("%s nothing\n", argv[i]);
		else if (result < 0 && result > -4096)
			printf("%s errno %ld\n", argv[i], -result);
		else
			printf("%s ok\n", argv[i]);
		close(answer[0]);
	}
	return 0;
}
