#include "children.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_SECONDS = 20 };

static void close_from_to(unsigned from, unsigned to)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, from, to, 0) == 0)
		return;
#endif
	for (unsigned fd = from; fd <= to && fd < 65536; fd++)
		close((int)fd);
}

void close_all_but(const int *kept, size_t count)
{
	unsigned next = 0;
	for (size_t each = 0; each < count; each++) {
		if ((unsigned)kept[each] > next)
			close_from_to(next, (unsigned)kept[each] - 1);
		next = (unsigned)kept[each] + 1;
	}
	close_from_to(next, ~0U);
}

static bool kill_one(pid_t child, bool (*spared)(pid_t))
{
	return child > 1 && !(spared && spared(child)) && kill(child, SIGKILL) == 0;
}

static size_t kill_listed(FILE *list, bool (*spared)(pid_t))
{
	size_t killed = 0;
	int child;
	while (fscanf(list, "%d", &child) == 1)
		killed += kill_one(child, spared);
	return killed;
}

/* For kernels that do not list a process's children. */
static size_t kill_found(bool (*spared)(pid_t))
{
	size_t killed = 0;
	DIR *processes = opendir("/proc");
	if (!processes)
		return 0;
	for (struct dirent *entry = readdir(processes); entry; entry = readdir(processes)) {
		char name[64], line[512];
		int child = atoi(entry->d_name), parent = 0;
		if (child <= 1)
			continue;
		snprintf(name, sizeof name, "/proc/%d/stat", child);
		FILE *facts = fopen(name, "re");
		if (!facts)
			continue;
		/* The program's name may hold anything, so what counts begins after its last bracket. */
		size_t length = fread(line, 1, sizeof line - 1, facts);
		line[length] = 0;
		fclose(facts);
		const char *after = strrchr(line, ')');
		if (after && sscanf(after, ") %*c %d", &parent) == 1 && parent == getpid())
			killed += kill_one(child, spared);
	}
	closedir(processes);
	return killed;
}

static size_t kill_children(bool (*spared)(pid_t))
{
	FILE *list = fopen("/proc/thread-self/children", "re");
	if (!list)
		return kill_found(spared);
	size_t killed = kill_listed(list, spared);
	fclose(list);
	return killed;
}

/* Takes everyone who has ended. False: there are no children at all. */
static bool reap(void (*heard)(pid_t, int))
{
	for (;;) {
		int status;
		pid_t child = waitpid(-1, &status, WNOHANG);
		if (child > 0) {
			if (heard)
				heard(child, status);
			continue;
		}
		return child == 0;
	}
}

bool end_children(bool (*spared)(pid_t), void (*heard)(pid_t, int))
{
	struct timespec start, now, moment = { 0, 200 * 1000 };
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		if (!reap(heard))
			return true;
		if (kill_children(spared) == 0 && spared)
			return true;
		if (!reap(heard))
			return true;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - start.tv_sec > PATIENCE_SECONDS)
			return false;
		nanosleep(&moment, NULL);
	}
}
