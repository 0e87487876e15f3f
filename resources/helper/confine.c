#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "children.h"
#include "confinement.h"
#include "protocol.h"
#include "reaper.h"

enum { EXIT_NOT_CONFINED = 125, EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127 };

static _Noreturn void fail(const char *what, const char *detail)
{
	dprintf(2, "holdfast-helper: %s %s: %s\n", what, detail, strerror(errno));
	_exit(EXIT_NOT_CONFINED);
}

static size_t read_whole(const char *file, uint8_t *bytes, size_t most)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	if (fd < 0)
		fail("cannot open", file);
	for (;;) {
		ssize_t some = read(fd, bytes + length, most - length);
		if (some < 0 && errno != EINTR)
			fail("cannot read", file);
		if (some == 0)
			break;
		if (some > 0)
			length += (size_t)some;
	}
	close(fd);
	return length;
}

/* What the terminal sends to the whole group is the program's to answer. */
static void leave_signals_to_program(void)
{
	static const int numbers[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGXFSZ };
	for (size_t each = 0; each < sizeof numbers / sizeof *numbers; each++)
		signal(numbers[each], SIG_IGN);
}

/* Ends as the program did, so that its signal is not taken for a code of its own. */
static int pass_on(const struct ending *ending)
{
	if (ending->how == END_EXITED)
		return (int)ending->value;
	if (ending->how == END_SIGNALLED) {
		signal((int)ending->value, SIG_DFL);
		kill(getpid(), (int)ending->value);
		return 128 + (int)ending->value;
	}
	bool missing = ending->step == STEP_PROGRAM && (ending->value == ENOENT || ending->value == ENOTDIR);
	dprintf(2, "holdfast-helper: not started: %s\n", strerror((int)ending->value));
	return missing ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}

int confine(const char *file, char **argv)
{
	static struct confinement confinement;
	static const int kept[] = { 0, 1, 2 };
	struct failure failure;
	close_all_but(kept, 3);
	uint8_t *bytes = malloc(MOST_PAYLOAD);
	if (!bytes)
		fail("no memory for", file);
	struct reader reader = { bytes, read_whole(file, bytes, MOST_PAYLOAD), false };
	if (!read_confinement(&confinement, &reader)) {
		errno = EPROTO;
		fail("cannot understand", file);
	}
	free(bytes);
	if (!give_up_privileges(&failure) || !restrict_paths(&confinement, &failure) ||
	    !put_on_filter(&confinement, &failure)) {
		errno = (int)failure.number;
		fail("cannot be confined", failure.detail);
	}
	leave_signals_to_program();
	struct program program = {
		.argv = argv, .environment = confinement.environment, .folder = "", .inherits_session = true
	};
	struct ending ending = run_to_end(&confinement, &program, -1, -1);
	return pass_on(&ending);
}
