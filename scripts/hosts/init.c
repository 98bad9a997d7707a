/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The first process of the machine that scripts/hosts/boot.sh starts: runs every program
 * of /tests, says how each ended, and turns the machine off.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int by_name(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(void)
{
	struct dirent **tests;
	int count, passed = 0;

	mount("proc", "/proc", "proc", 0, NULL);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	count = scandir("/tests", &tests, by_name, alphasort);
	for (int i = 0; i < count; i++) {
		char path[300];
		int status = -1;
		pid_t child;

		snprintf(path, sizeof(path), "/tests/%s", tests[i]->d_name);
		printf("# %s\n", tests[i]->d_name);
		fflush(stdout);
		child = fork();
		if (child == 0) {
			alarm(300);
			execl(path, path, (char *)NULL);
			_exit(127);
		}
		/* Others are orphans of a test. */
		while (child > 0 && waitpid(-1, &status, 0) != child)
			;
		passed += status == 0;
		printf("%s %s: status %#x\n", status == 0 ? "ended well:" : "FAILED:",
		       tests[i]->d_name, status);
	}
	printf("booted: %d programs, %d ended well\n", count, passed);
	fflush(stdout);
	reboot(RB_POWER_OFF);
	return 1;
}
