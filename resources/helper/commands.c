#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "children.h"
#include "protocol.h"
#include "reaper.h"
#include "serve.h"
#include "stop.h"
#include "streams.h"
#include "tasks.h"

enum { MOST_ARGUMENTS = 65536, MOST_TEXT = MOST_PAYLOAD, MOST_PATH = 4095, MOST_RIGHTS = 1024 };

struct command {
	uint32_t id;
	pid_t reaper;
	int in, control, result;
	struct output out, err;
	/* What the command has not taken yet. */
	uint8_t *waiting;
	size_t waiting_from, waiting_to;
	bool input_ends;
	struct command *next;
};

static struct command *commands;
static size_t command_count;
static bool terminal_taken;

static struct command *find(uint32_t id)
{
	struct command *command = commands;
	while (command && command->id != id)
		command = command->next;
	return command;
}

bool is_reaper(pid_t process)
{
	for (struct command *command = commands; command; command = command->next)
		if (command->reaper == process)
			return true;
	return false;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

struct request {
	uint8_t flags;
	struct program program;
	char *folder;
};

static void free_request(struct request *request)
{
	free_texts(request->program.argv);
	free_texts(request->program.environment);
	free_texts(request->program.read);
	free_texts(request->program.write);
	free(request->folder);
}

static bool read_request(struct request *request, const struct frame *frame)
{
	struct reader reader = { frame->payload, frame->length, false };
	*request = (struct request){ .flags = frame->flags };
	struct program *program = &request->program;
	program->argv = read_texts(&reader, MOST_ARGUMENTS, MOST_TEXT);
	request->folder = read_text(&reader, MOST_PATH);
	program->environment = read_texts(&reader, MOST_ARGUMENTS, MOST_TEXT);
	program->read = read_texts(&reader, MOST_RIGHTS, MOST_PATH);
	program->write = read_texts(&reader, MOST_RIGHTS, MOST_PATH);
	program->folder = request->folder;
	program->terminal = frame->flags & EXEC_TERMINAL;
	program->narrowed = frame->flags & EXEC_NARROWED;
	return is_whole(&reader) && program->argv[0] != NULL;
}

/* Pairs of descriptors: input, output, errors, orders, ending. */
enum { INPUT, OUTPUT, ERRORS, ORDERS, ENDING, PIPES };

static bool make_pipes(int pipes[PIPES][2], bool terminal)
{
	for (int each = 0; each < PIPES; each++)
		pipes[each][0] = pipes[each][1] = -1;
	for (int each = terminal ? ORDERS : INPUT; each < PIPES; each++)
		if (pipe2(pipes[each], O_CLOEXEC) != 0)
			return false;
	return true;
}

static void close_pipes(int pipes[PIPES][2])
{
	for (int each = 0; each < PIPES; each++) {
		close_one(&pipes[each][0]);
		close_one(&pipes[each][1]);
	}
}

/* In the reaper's process. */
static _Noreturn void reap_command(const struct confinement *confinement, const struct program *program,
				   int pipes[PIPES][2])
{
	/* 0 to 2 are the helper's own streams: nothing of them may remain here. */
	if (program->terminal) {
		int nothing = open("/dev/null", O_RDWR);
		for (int fd = 0; fd < 3; fd++)
			if (nothing < 0 || dup2(nothing, fd) < 0)
				_exit(1);
	} else if (dup2(pipes[INPUT][0], 0) < 0 || dup2(pipes[OUTPUT][1], 1) < 0 || dup2(pipes[ERRORS][1], 2) < 0) {
		_exit(1);
	}
	/* The terminal stays where it is, on 3; orders and ending move out of its way. */
	int orders = fcntl(pipes[ORDERS][0], F_DUPFD_CLOEXEC, 100);
	int ending = orders < 0 ? -1 : fcntl(pipes[ENDING][1], F_DUPFD_CLOEXEC, orders + 1);
	if (ending < 0)
		_exit(1);
	int with_terminal[] = { 0, 1, 2, 3, orders, ending };
	int without[] = { 0, 1, 2, orders, ending };
	if (program->terminal)
		close_all_but(with_terminal, 6);
	else
		close_all_but(without, 5);
	struct ending result = run_to_end(confinement, program, orders, ending);
	ssize_t told = write(ending, &result, sizeof result);
	_exit(told == sizeof result ? 0 : 1);
}

static void take_over(struct command *command, int pipes[PIPES][2])
{
	command->in = pipes[INPUT][1];
	command->control = pipes[ORDERS][1];
	command->result = pipes[ENDING][0];
	command->out = (struct output){ command->id, pipes[OUTPUT][0], STREAM_OUT, STREAM_WINDOW };
	command->err = (struct output){ command->id, pipes[ERRORS][0], STREAM_ERR, STREAM_WINDOW };
	close_one(&pipes[INPUT][0]);
	close_one(&pipes[OUTPUT][1]);
	close_one(&pipes[ERRORS][1]);
	close_one(&pipes[ORDERS][0]);
	close_one(&pipes[ENDING][1]);
	int open[] = { command->in, command->control, command->result };
	for (size_t each = 0; each < 3; each++)
		if (open[each] >= 0)
			fcntl(open[each], F_SETFL, O_NONBLOCK);
}

static void refuse(uint32_t id, uint32_t error, uint32_t reason)
{
	uint32_t numbers[] = { error, reason };
	send_numbers(FRAME_ERROR, 0, id, numbers, 2);
}

static bool begin(const struct confinement *confinement, struct request *request, uint32_t id)
{
	int pipes[PIPES][2];
	struct program *program = &request->program;
	if (command_count >= MOST_COMMANDS)
		return refuse(id, EAGAIN, REFUSED_MANY), true;
	if (program->narrowed && confinement->landlock == 0)
		return refuse(id, ENOSYS, REFUSED_NOT_ENFORCED), true;
	if (program->terminal && (!confinement->terminal || terminal_taken))
		return refuse(id, ENOTTY, REFUSED_BY_KERNEL), true;
	struct command *command = calloc(1, sizeof *command);
	if (!command)
		return refuse(id, ENOMEM, REFUSED_BY_KERNEL), true;
	command->id = id;
	command->reaper = make_pipes(pipes, program->terminal) ? fork() : -1;
	if (command->reaper == 0)
		reap_command(confinement, program, pipes);
	if (command->reaper < 0) {
		refuse(id, (uint32_t)errno, REFUSED_BY_KERNEL);
		close_pipes(pipes);
		free(command);
		return true;
	}
	take_over(command, pipes);
	/* The terminal hangs up for its viewers when its last holder is gone: that may not be us. */
	if (program->terminal) {
		terminal_taken = true;
		close(3);
	}
	command->next = commands;
	commands = command;
	command_count++;
	send_numbers(FRAME_STARTED, 0, id, NULL, 0);
	return true;
}

bool start_command(const struct confinement *confinement, const struct frame *frame)
{
	struct request request = { 0 };
	bool done = !find(frame->id) && !find_task(frame->id) && read_request(&request, frame) &&
		    begin(confinement, &request, frame->id);
	free_request(&request);
	return done;
}

static void acknowledge(uint32_t id, size_t taken)
{
	uint32_t number = (uint32_t)taken;
	send_numbers(FRAME_TAKEN, 0, id, &number, 1);
}

/* Hands on what waits. Once the command takes no more, the rest counts as taken. */
static void pour(struct command *command)
{
	size_t before = command->waiting_from;
	while (command->in >= 0 && command->waiting_from < command->waiting_to) {
		ssize_t sent = write(command->in, command->waiting + command->waiting_from,
				     command->waiting_to - command->waiting_from);
		if (sent > 0)
			command->waiting_from += (size_t)sent;
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR)
			close_one(&command->in);
	}
	if (command->in < 0)
		command->waiting_from = command->waiting_to;
	if (command->waiting_from > before)
		acknowledge(command->id, command->waiting_from - before);
	if (command->waiting_from < command->waiting_to)
		return;
	free(command->waiting);
	command->waiting = NULL;
	command->waiting_from = command->waiting_to = 0;
	if (command->input_ends)
		close_one(&command->in);
}

bool feed_command(const struct frame *frame)
{
	struct command *command = find(frame->id);
	/* It may have ended while this was under way. */
	if (!command)
		return true;
	size_t held = command->waiting_to - command->waiting_from;
	if (command->input_ends || held + frame->length > STREAM_WINDOW)
		return false;
	if (command->in < 0 || frame->length == 0)
		return acknowledge(frame->id, frame->length), true;
	uint8_t *waiting = malloc(held + frame->length);
	if (!waiting)
		stop_helper("no memory for a command's input");
	if (held > 0)
		memcpy(waiting, command->waiting + command->waiting_from, held);
	memcpy(waiting + held, frame->payload, frame->length);
	free(command->waiting);
	command->waiting = waiting;
	command->waiting_from = 0;
	command->waiting_to = held + frame->length;
	pour(command);
	return true;
}

bool end_command_input(const struct frame *frame)
{
	struct command *command = find(frame->id);
	if (!command)
		return frame->length == 0;
	command->input_ends = true;
	pour(command);
	return frame->length == 0;
}

static void order(const struct command *command, uint8_t what)
{
	/* A full pipe holds more orders than anybody gives; its reader gone means the end is on its way. */
	if (command->control >= 0 && write(command->control, &what, 1) < 0 && errno != EAGAIN && errno != EPIPE)
		stop_helper("a command's reaper does not listen");
}

bool signal_one_command(const struct frame *frame)
{
	struct reader reader = { frame->payload, frame->length, false };
	uint32_t number = read_u32(&reader);
	if (!is_whole(&reader) || number < 1 || number > 64)
		return false;
	const struct command *command = find(frame->id);
	if (command)
		order(command, (uint8_t)number);
	return true;
}

bool cancel_command(const struct frame *frame)
{
	struct command *command = find(frame->id);
	if (command)
		order(command, CANCEL_COMMAND);
	return frame->length == 0;
}

bool credit_command(const struct frame *frame)
{
	struct command *command = find(frame->id);
	if (!command)
		return true;
	return add_credit(frame->flags == STREAM_ERR ? &command->err : &command->out, frame);
}

static void end_strays(void);

static void on_input(void *context, short came)
{
	(void)came;
	pour(context);
}

static void on_result(void *context, short came)
{
	(void)came;
	struct command *command = context;
	struct ending ending;
	ssize_t got = read(command->result, &ending, sizeof ending);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	bool lost = got != sizeof ending;
	if (!lost && ending.how == END_LOST)
		stop_helper("a command could not be ended");
	if (lost)
		ending = (struct ending){ END_LOST, 0, STEP_PROCESS, 0 };
	waitpid(command->reaper, NULL, 0);
	command->reaper = 0;
	close_one(&command->result);
	close_one(&command->control);
	close_one(&command->in);
	pour(command);
	if (lost)
		end_strays();
	uint32_t numbers[] = { ending.how, ending.value, ending.step, ending.cancelled };
	send_numbers(FRAME_ENDED, 0, command->id, numbers, 4);
}

/* What a reaper left that did not live to do its work. */
static bool is_ours(pid_t child)
{
	return is_reaper(child) || is_task(child);
}

static void end_strays(void)
{
	if (!end_children(is_ours, task_heard))
		stop_helper("a process could not be ended");
}

void watch_commands(void)
{
	for (struct command *command = commands; command; command = command->next) {
		if (command->in >= 0 && command->waiting_from < command->waiting_to)
			watch(command->in, POLLOUT, on_input, command);
		if (command->result >= 0)
			watch(command->result, POLLIN, on_result, command);
		watch_output(&command->out);
		watch_output(&command->err);
	}
}

void drop_finished_commands(void)
{
	for (struct command **at = &commands; *at;) {
		struct command *command = *at;
		if (command->result >= 0 || command->out.fd >= 0 || command->err.fd >= 0) {
			at = &command->next;
			continue;
		}
		*at = command->next;
		command_count--;
		free(command->waiting);
		free(command);
	}
}
