#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "protocol.h"

enum { TERMINAL = 3 };

static _Noreturn void give_up(int failed, uint32_t step)
{
	struct not_started why = { step, (uint32_t)errno };
	ssize_t told = write(failed, &why, sizeof why);
	_exit(told == sizeof why ? 126 : 127);
}

static void usual_signals(void)
{
	sigset_t none;
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool take_terminal(void)
{
	return ioctl(TERMINAL, TIOCSCTTY, 0) == 0 && dup2(TERMINAL, 0) == 0 && dup2(TERMINAL, 1) == 1 &&
	       dup2(TERMINAL, 2) == 2;
}

static void close_the_rest(void)
{
#ifdef SYS_close_range
	enum { CLOSE_ON_EXEC = 4 };
	if (syscall(SYS_close_range, 3U, ~0U, CLOSE_ON_EXEC) == 0)
		return;
#endif
	for (int fd = 3; fd < 65536; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static const char *variable(char **environment, const char *name)
{
	size_t length = strlen(name);
	for (char **each = environment; *each; each++)
		if (strncmp(*each, name, length) == 0 && (*each)[length] == '=')
			return *each + length + 1;
	return NULL;
}

/* Where a program lies whose name has no slash: along the PATH that it is given itself. */
static void run_from_path(const struct program *program, const char *path)
{
	char file[PATH_MAX];
	int found = ENOENT;
	for (const char *at = path;; at++) {
		size_t length = strcspn(at, ":");
		int made = length == 0 ? snprintf(file, sizeof file, "./%s", program->argv[0]) :
					 snprintf(file, sizeof file, "%.*s/%s", (int)length, at, program->argv[0]);
		if (made > 0 && (size_t)made < sizeof file) {
			execve(file, program->argv, program->environment);
			if (errno != ENOENT && errno != ENOTDIR)
				found = errno;
			else if (access(file, F_OK) == 0)
				found = ELIBBAD;
		}
		at += length;
		if (*at == 0)
			break;
	}
	errno = found;
}

void start_program(const struct confinement *confinement, const struct program *program, int failed)
{
	usual_signals();
	if (setsid() < 0)
		give_up(failed, STEP_PROCESS);
	if (program->terminal && !take_terminal())
		give_up(failed, STEP_TERMINAL);
	umask(022);
	if (program->folder[0] && chdir(program->folder) != 0)
		give_up(failed, STEP_FOLDER);
	close_the_rest();
	if (!nest(confinement, program->narrowed, program->read, program->write))
		give_up(failed, STEP_RIGHTS);
	if (!put_on_limits(confinement))
		give_up(failed, STEP_LIMITS);
	const char *name = program->argv[0];
	if (strchr(name, '/')) {
		execve(name, program->argv, program->environment);
		if (errno == ENOENT && access(name, F_OK) == 0)
			errno = ELIBBAD;
	} else if (name[0] == 0) {
		errno = ENOENT;
	} else {
		const char *path = variable(program->environment, "PATH");
		run_from_path(program, path ? path : "/usr/local/bin:/usr/bin:/bin");
	}
	/* A script or program that is there, but not what is to run it. */
	give_up(failed, errno == ELIBBAD ? STEP_INTERPRETER : STEP_PROGRAM);
}
