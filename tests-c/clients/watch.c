/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Runs a command and watches, from outside, every process that it starts: a
 * witness that reaches where LD_PRELOAD does not (cleaned environments, static
 * code, set-uid, new namespaces). One line each to the file REPORT:
 *
 *	maps PID PROGRAM FILE		at its end, the process has this libseccomp
 *	filter PID PROGRAM INSTRUCTIONS	the kernel took a filter from it
 *	before PID NUMBER RESULT	with -c, just before the filter: what the
 *					call answers where nothing forbids it
 *	after PID NUMBER RESULT		the same call right after: a number,
 *					"killed", or "trapped" (SIGSYS)
 *
 * FILE is "ours" for the very file given as -l, else the path.
 * The watched process itself makes the call: its registers are set to it, and its
 * own `syscall` instruction is run once more.
 *
 *	watch -l LIBRARY -r REPORT [-c NUMBER[:ARG...]] COMMAND...
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __x86_64__
#error "this witness knows x86-64 only"
#endif
/* Where a process is in the making of the call, once before and once after. */
enum step { RUNNING, LOADING, BEFORE_IN, BEFORE_OUT, AFTER_IN, AFTER_OUT };

struct process {
	pid_t pid;
	int seen;
	enum step step;
	struct user_regs_struct saved;
};

static struct process processes[4096];
static struct stat library;
static FILE *report;
static unsigned long long call[7]; /* the number, then its arguments */
static int with_call;

/* The entry of a process; a free one where there is none yet. */
static struct process *of(pid_t pid)
{
	struct process *p, *unused = NULL;

	for (p = processes; p < processes + sizeof(processes) / sizeof(*p); p++) {
		if (p->pid == pid)
			return p;
		if (!p->pid && !unused)
			unused = p;
	}
	if (!unused)
		exit(99);
	memset(unused, 0, sizeof(*unused));
	unused->pid = pid;
	return unused;
}

static const char *program(pid_t pid)
{
	static char exe[4096];
	char link[64];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	len = readlink(link, exe, sizeof(exe) - 1);
	exe[len < 0 ? 0 : len] = 0;
	/* "/memfd:... (deleted)": the report's fields end at blanks. */
	for (len--; len >= 0; len--)
		if (exe[len] == ' ')
			exe[len] = '_';
	return exe[0] ? exe : "?";
}

/* "ours", the path of another libseccomp, or NULL for none. */
static const char *mapped(pid_t pid)
{
	static char path[4096];
	char name[64], line[8192];
	const char *found = NULL;
	unsigned int major_no, minor_no;
	unsigned long inode;
	FILE *maps;

	snprintf(name, sizeof(name), "/proc/%d/maps", pid);
	maps = fopen(name, "r");
	while (maps && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%*s %*s %*s %x:%x %lu %4095s", &major_no, &minor_no, &inode, path) < 3)
			continue;
		if (inode == library.st_ino && makedev(major_no, minor_no) == library.st_dev) {
			found = "ours";
			break;
		}
		if (strstr(line, "libseccomp"))
			found = path;
	}
	if (maps)
		fclose(maps);
	return found;
}

#define say(p, what, format, ...) \
	fprintf(report, what " %d " format "\n", (p)->pid, __VA_ARGS__)

static void say_maps(struct process *p)
{
	const char *file = mapped(p->pid);

	if (file)
		say(p, "maps", "%s %s", program(p->pid), file);
}

/* The length of the program that is about to be handed over, or -1. */
static long loads_filter(struct process *p, const struct user_regs_struct *regs)
{
	struct sock_fprog prog = { 0, NULL };
	struct iovec here = { &prog, sizeof(prog) }, there;
	unsigned long address = 0;

	if (regs->cs != 0x33)
		return -1;
	if ((regs->orig_rax == SYS_seccomp && regs->rdi == SECCOMP_SET_MODE_FILTER) ||
	    (regs->orig_rax == SYS_prctl && regs->rdi == PR_SET_SECCOMP &&
	     regs->rsi == SECCOMP_MODE_FILTER))
		address = regs->rdx;
	/* Probing gives no program. */
	if (!address)
		return -1;
	there.iov_base = (void *)address;
	there.iov_len = sizeof(prog);
	if (process_vm_readv(p->pid, &here, 1, &there, 1, 0) != sizeof(prog))
		return -1;
	return prog.len;
}

static void make_call(struct process *p, struct user_regs_struct regs, int entered)
{
	regs.rdi = call[1];
	regs.rsi = call[2];
	regs.rdx = call[3];
	regs.r10 = call[4];
	regs.r8 = call[5];
	regs.r9 = call[6];
	regs.rax = call[0];
	if (entered)
		regs.orig_rax = call[0];
	else
		regs.rip -= 2;
	ptrace(PTRACE_SETREGS, p->pid, 0, &regs);
}

static void at_call(struct process *p)
{
	struct __ptrace_syscall_info info;
	struct user_regs_struct regs, again;

	if (ptrace(PTRACE_GETREGS, p->pid, 0, &regs) ||
	    ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, sizeof(info), &info) <= 0)
		return;
	switch (p->step) {
	case RUNNING:
		if (info.op != PTRACE_SYSCALL_INFO_ENTRY || loads_filter(p, &regs) < 0)
			return;
		say_maps(p);
		p->saved = regs;
		p->step = LOADING;
		if (with_call) {
			make_call(p, regs, 1);
			p->step = BEFORE_OUT;
		}
		return;
	case BEFORE_OUT:
		say(p, "before", "%llu %lld", call[0], (long long)regs.rax);
		again = p->saved;
		again.rax = again.orig_rax;
		again.rip -= 2;
		ptrace(PTRACE_SETREGS, p->pid, 0, &again);
		p->step = BEFORE_IN;
		return;
	case BEFORE_IN:
	case AFTER_IN:
		p->step = p->step == BEFORE_IN ? LOADING : AFTER_OUT;
		return;
	case LOADING:
		p->step = RUNNING;
		if ((long long)regs.rax < 0)
			return;
		say(p, "filter", "%s %ld", program(p->pid), loads_filter(p, &p->saved));
		if (with_call) {
			p->saved = regs;
			make_call(p, regs, 0);
			p->step = AFTER_IN;
		}
		return;
	case AFTER_OUT:
		/* Killed or trapped: the number stands for the result. */
		if (regs.rax == call[0])
			return;
		say(p, "after", "%llu %lld", call[0], (long long)regs.rax);
		ptrace(PTRACE_SETREGS, p->pid, 0, &p->saved);
		p->step = RUNNING;
	}
}

/* The signal to deliver. */
static int at_signal(struct process *p, int sig)
{
	if (sig == SIGSYS && (p->step == AFTER_IN || p->step == AFTER_OUT)) {
		say(p, "after", "%llu trapped", call[0]);
		ptrace(PTRACE_SETREGS, p->pid, 0, &p->saved);
		p->step = RUNNING;
		return 0;
	}
	return sig;
}

static void watch(pid_t first, int *code)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |
			     PTRACE_O_EXITKILL;
	struct process *p;
	int status, sig;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		p = of(pid);
		if (!WIFSTOPPED(status)) {
			if (p->step == AFTER_IN || p->step == AFTER_OUT)
				say(p, "after", "%llu killed", call[0]);
			if (pid == first)
				*code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
			p->pid = 0;
			continue;
		}
		sig = WSTOPSIG(status);
		if (!p->seen) {
			/* The first stop: raised by main() or by the fork. */
			p->seen = 1;
			ptrace(PTRACE_SETOPTIONS, pid, 0, options);
			sig = sig == SIGSTOP ? 0 : sig;
		}
		if (sig == (SIGTRAP | 0x80)) {
			at_call(p);
			sig = 0;
		} else if (status >> 16) {
			if (status >> 16 == PTRACE_EVENT_EXIT)
				say_maps(p);
			sig = 0;
		} else {
			sig = at_signal(p, sig);
		}
		ptrace(PTRACE_SYSCALL, pid, 0, sig);
	}
}

int main(int argc, char **argv)
{
	int option, code = 0, n = 0;
	pid_t child;
	char *word;

	while ((option = getopt(argc, argv, "+l:r:c:")) != -1) {
		if (option == 'l' && stat(optarg, &library))
			return perror(optarg), 99;
		if (option == 'r' && !(report = fopen(optarg, "ae")))
			return perror(optarg), 99;
		for (word = option == 'c' ? strtok(optarg, ":") : NULL; word && n < 7; word = strtok(NULL, ":"))
			call[n++] = (unsigned long long)strtoll(word, NULL, 0);
	}
	with_call = n > 0;
	if (!report || optind == argc)
		return 99;
	setvbuf(report, NULL, _IOLBF, 0);
	child = fork();
	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		execvp(argv[optind], argv + optind);
		_exit(127);
	}
	watch(child, &code);
	return code;
}
