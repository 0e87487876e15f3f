#include "reaper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "children.h"
#include "program.h"
#include "protocol.h"
#include "stop.h"

static struct {
	pid_t command;
	bool over;
	int status;
} state;

static void heard(pid_t child, int status)
{
	if (child != state.command)
		return;
	state.over = true;
	state.status = status;
}

static void on_child(int signal)
{
	(void)signal;
}

/* A child's end interrupts only the waiting, so that none is missed between looking and waiting. */
static sigset_t hear_children(void)
{
	struct sigaction action = { .sa_handler = on_child };
	sigset_t blocked, waiting;
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_BLOCK, &blocked, &waiting);
	sigdelset(&waiting, SIGCHLD);
	return waiting;
}

static void signal_command(int number)
{
	if (state.over || number < 1 || number >= NSIG)
		return;
	if (kill(-state.command, number) != 0)
		kill(state.command, number);
}

/* Answers false when the command is to be ended. */
static bool obey(int control)
{
	unsigned char order;
	ssize_t got = read(control, &order, 1);
	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	if (got == 0 || order == CANCEL_COMMAND)
		return false;
	signal_command(order);
	return true;
}

/* Waits for the command's own end or the order to end it; takes what kept it from starting. */
static void attend(int control, int failed, const sigset_t *waiting, struct ending *ending)
{
	struct pollfd fds[2] = { { failed, POLLIN, 0 }, { control, POLLIN, 0 } };
	while (!state.over) {
		int status;
		for (pid_t child = waitpid(-1, &status, WNOHANG); child > 0; child = waitpid(-1, &status, WNOHANG))
			heard(child, status);
		if (state.over)
			return;
		if (ppoll(fds, 2, NULL, waiting) < 0)
			continue;
		if (fds[0].revents) {
			struct not_started why;
			if (read(failed, &why, sizeof why) == sizeof why)
				*ending = (struct ending){ END_NOT_STARTED, why.error, why.step, 0 };
			fds[0].fd = -1;
		}
		if (fds[1].revents && !obey(control)) {
			ending->cancelled = 1;
			return;
		}
	}
}

/* The reason may still lie in the pipe when the command has ended already. */
static void take_reason(int failed, struct ending *ending)
{
	struct not_started why;
	if (ending->how != END_NOT_STARTED && read(failed, &why, sizeof why) == sizeof why)
		*ending = (struct ending){ END_NOT_STARTED, why.error, why.step, 0 };
}

struct ending run_to_end(const struct confinement *confinement, const struct program *program, int control, int told)
{
	struct ending ending = { END_NOT_STARTED, EAGAIN, STEP_PROCESS, 0 };
	int pipes[2];
	sigset_t waiting = hear_children();
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0 || pipe2(pipes, O_CLOEXEC | O_NONBLOCK) != 0) {
		ending.value = (uint32_t)errno;
		return ending;
	}
	state.command = fork();
	if (state.command < 0) {
		ending.value = (uint32_t)errno;
		return ending;
	}
	if (state.command == 0)
		start_program(confinement, program, pipes[1]);
	/* The command's own streams are to end with it, so the reaper keeps none of them. */
	int kept[] = { pipes[0], control, told };
	close_all_but(kept, 3);
	ending = (struct ending){ END_EXITED, 0, 0, 0 };
	attend(control, pipes[0], &waiting, &ending);
	if (!end_children(NULL, heard))
		return (struct ending){ END_LOST, 0, STEP_PROCESS, 0 };
	take_reason(pipes[0], &ending);
	if (ending.how == END_NOT_STARTED)
		return ending;
	bool signalled = WIFSIGNALED(state.status);
	ending.how = signalled ? END_SIGNALLED : END_EXITED;
	ending.value = (uint32_t)(signalled ? WTERMSIG(state.status) : WEXITSTATUS(state.status));
	return ending;
}
