// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Several sides, each in processes of its own on one processor, work in turns, so
 * that what the machine does meanwhile happens to all of them.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { WORK = 'w', MOST_SAMPLES = 1 << 14, MOST_IN_TURN = 256, TURN = 10000000 /* ns */ };

/* One after another: where a process's memory lies is chance, and shows. */
enum { PROCESSES = 4 };

struct answers {
	int count;
	uint64_t columns[MOST_IN_TURN][MOST_COLUMNS];
};

struct worker {
	pid_t process;
	int ask, answer;
	struct answers *answers;
	uint64_t *samples[MOST_COLUMNS];
	int count;
};

/* All sides on the last processor that is ours: the first has the interrupts. */
static void stay_here(void)
{
	cpu_set_t all, one;
	int cpu;

	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	for (cpu = CPU_SETSIZE - 1; cpu > 0 && !CPU_ISSET(cpu, &all);)
		cpu--;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static noreturn void serve(const struct side *side, int asked, int answer, struct answers *answers)
{
	uint64_t first[MOST_COLUMNS];
	void *begun;
	char byte;

	stay_here();
	begun = side->begin(side);
	/* What is done once in a process is not what is measured. */
	side->work(begun, first);
	if (write(answer, "", 1) != 1)
		_exit(1);
	while (read(asked, &byte, 1) == 1 && byte == WORK) {
		uint64_t start = now();

		answers->count = 0;
		do
			side->work(begun, answers->columns[answers->count++]);
		while (answers->count < MOST_IN_TURN && now() - start < TURN);
		if (write(answer, &byte, 1) != 1)
			break;
	}
	_exit(0);
}

static void start(struct worker *worker, const struct side *side)
{
	int ask[2], answer[2];

	if (pipe2(ask, O_CLOEXEC) || pipe2(answer, O_CLOEXEC))
		die("no pipe");
	fflush(stdout);
	worker->process = fork();
	if (worker->process == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(side, ask[0], answer[1], worker->answers);
	}
	close(ask[0]);
	close(answer[1]);
	worker->ask = ask[1];
	worker->answer = answer[0];
}

static void stop(struct worker *worker)
{
	/* The other sides hold the pipe, too: closing it would not be noticed. */
	if (write(worker->ask, "", 1) != 1)
		die("a side has ended");
	close(worker->ask);
	close(worker->answer);
	waitpid(worker->process, NULL, 0);
}

static void turn(struct worker *worker, int columns, int most)
{
	char byte = WORK;
	int at, column;

	if (write(worker->ask, &byte, 1) != 1 || read(worker->answer, &byte, 1) != 1)
		die("a side has ended");
	for (at = 0; at < worker->answers->count && worker->count < most; at++) {
		for (column = 0; column < columns; column++)
			worker->samples[column][worker->count] = worker->answers->columns[at][column];
		worker->count++;
	}
}

static int by_size(const void *one, const void *other)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;

	return (a > b) - (a < b);
}

/* One process of each side; a side has so many samples at most when it ends. */
static void work_in_turns(const struct turns *turns, struct worker *workers, int most)
{
	uint64_t begin;
	int side, round;
	char byte;

	for (side = 0; side < turns->side_count; side++)
		start(&workers[side], &turns->sides[side]);
	for (side = 0; side < turns->side_count; side++)
		if (read(workers[side].answer, &byte, 1) != 1)
			die("%s of %s: %s has ended", turns->kind, turns->of, turns->sides[side].name);
	begin = now();
	for (round = 0; round * PROCESSES < turns->rounds ||
	     (now() - begin) * PROCESSES < turns->milliseconds * 1000000ULL; round++)
		for (side = 0; side < turns->side_count; side++)
			turn(&workers[side], turns->columns, most);
	for (side = 0; side < turns->side_count; side++)
		stop(&workers[side]);
}

void take_turns(struct turns *turns)
{
	struct worker workers[MOST_SIDES] = { 0 };
	int side, column, at;

	for (side = 0; side < turns->side_count; side++) {
		workers[side].answers = shared_memory(sizeof(struct answers));
		for (column = 0; column < turns->columns; column++)
			workers[side].samples[column] = memory(MOST_SAMPLES * sizeof(uint64_t));
	}
	for (at = 1; at <= PROCESSES; at++)
		work_in_turns(turns, workers, MOST_SAMPLES / PROCESSES * at);
	for (side = 0; side < turns->side_count; side++) {
		struct worker *worker = &workers[side];

		for (column = 0; column < turns->columns; column++) {
			uint64_t *samples = worker->samples[column];

			qsort(samples, worker->count, sizeof(*samples), by_size);
			printf("%s\t%s\t%s\t%s\t%.3f\t%.3f\t%d\n", turns->kind, turns->of,
			       turns->names[column], turns->sides[side].name, samples[0] / 1000.0,
			       samples[worker->count / 2] / 1000.0, worker->count);
			free(samples);
		}
	}
	fflush(stdout);
}
