#include "tasks.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "children.h"
#include "copying.h"
#include "protocol.h"
#include "records.h"
#include "serve.h"
#include "streams.h"
#include "walking.h"

enum { MOST_TASKS = 16, MOST_PATH = 4095 };

struct task {
	pid_t process;
	struct output out;
	struct task *next;
};

static struct task *tasks;
static size_t task_count;

static struct task *find(uint32_t id)
{
	struct task *task = tasks;
	while (task && task->out.id != id)
		task = task->next;
	return task;
}

bool find_task(uint32_t id)
{
	return find(id) != NULL;
}

bool is_task(pid_t process)
{
	for (struct task *task = tasks; task; task = task->next)
		if (task->process == process)
			return true;
	return false;
}

bool is_long_tool(uint8_t tool)
{
	return tool == TOOL_WALK || tool == TOOL_COPY || tool == TOOL_SAME || tool == TOOL_REMOVE_TREE;
}

static _Noreturn void work(uint8_t tool, const char *path, const char *other, int pipe)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		_exit(1);
	int out = fcntl(pipe, F_DUPFD_CLOEXEC, 3);
	if (out < 0)
		_exit(1);
	close_all_but(&out, 1);
	/* A deep tree is walked with one descriptor for each step down. */
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	records_to(out);
	if (tool == TOOL_WALK)
		walk(path);
	else if (tool == TOOL_COPY)
		copy_file(path, other);
	else if (tool == TOOL_SAME)
		compare_files(path, other);
	else
		remove_tree(path);
	_exit(0);
}

static void refuse(uint32_t id, uint32_t error, uint32_t reason)
{
	uint32_t numbers[] = { error, reason };
	send_numbers(FRAME_ERROR, 0, id, numbers, 2);
}

static void begin(uint8_t tool, uint32_t id, const char *path, const char *other)
{
	int pipes[2];
	if (task_count >= MOST_TASKS) {
		refuse(id, EAGAIN, REFUSED_MANY);
		return;
	}
	struct task *task = calloc(1, sizeof *task);
	if (!task || pipe2(pipes, O_CLOEXEC) != 0) {
		refuse(id, (uint32_t)errno, REFUSED_BY_KERNEL);
		free(task);
		return;
	}
	task->process = fork();
	if (task->process == 0)
		work(tool, path, other, pipes[1]);
	close(pipes[1]);
	if (task->process < 0) {
		refuse(id, (uint32_t)errno, REFUSED_BY_KERNEL);
		close(pipes[0]);
		free(task);
		return;
	}
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	task->out = (struct output){ id, pipes[0], STREAM_OUT, STREAM_WINDOW };
	task->next = tasks;
	tasks = task;
	task_count++;
	send_numbers(FRAME_STARTED, 0, id, NULL, 0);
}

bool start_task(const struct frame *frame)
{
	struct reader reader = { frame->payload, frame->length, false };
	bool two = frame->flags == TOOL_COPY || frame->flags == TOOL_SAME;
	char *path = read_text(&reader, MOST_PATH);
	char *other = two ? read_text(&reader, MOST_PATH) : NULL;
	bool whole = is_whole(&reader) && !find(frame->id);
	if (whole)
		begin(frame->flags, frame->id, path, other);
	free(path);
	free(other);
	return whole;
}

void cancel_task(uint32_t id)
{
	const struct task *task = find(id);
	if (task && task->process > 0)
		kill(task->process, SIGKILL);
}

bool credit_task(const struct frame *frame, bool *kept)
{
	struct task *task = find(frame->id);
	if (task)
		*kept = add_credit(&task->out, frame);
	return task != NULL;
}

void task_heard(pid_t process, int status)
{
	(void)status;
	for (struct task *task = tasks; task; task = task->next)
		if (task->process == process)
			task->process = 0;
}

void watch_tasks(void)
{
	for (struct task *task = tasks; task; task = task->next)
		watch_output(&task->out);
}

void drop_finished_tasks(void)
{
	for (struct task **at = &tasks; *at;) {
		struct task *task = *at;
		if (task->out.fd >= 0) {
			at = &task->next;
			continue;
		}
		if (task->process > 0)
			waitpid(task->process, NULL, 0);
		*at = task->next;
		task_count--;
		free(task);
	}
}
