/*
 * Holdfast's helper: the one program of ours inside a sandbox. It confines itself, does the file tools, starts
 * commands and carries connections out, all over two streams. It is trusted with nothing.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "children.h"
#include "probe.h"
#include "serve.h"
#include "stage.h"
#include "stop.h"

enum { EXIT_MISUSED = 64, EXIT_STOPPED = 70 };

void stop_helper(const char *why)
{
	dprintf(2, "holdfast-helper: %s\n", why);
	end_children(NULL, NULL);
	_exit(EXIT_STOPPED);
}

/* For who can mount a terminal but hand over no descriptor, as a container engine. */
static bool open_terminal(const char *path)
{
	int terminal = open(path, O_RDWR | O_NOCTTY);
	return terminal == 3 || (terminal >= 0 && dup2(terminal, 3) == 3 && close(terminal) == 0);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	if (strcmp(mode, "serve") == 0 && (argc == 2 || (argc == 3 && open_terminal(argv[2]))))
		return serve();
	if (strcmp(mode, "probe") == 0 && argc == 2)
		return probe();
	if (strcmp(mode, "stage") == 0 && stage)
		return stage(argc - 2, argv + 2);
	dprintf(2, "holdfast-helper: serve [TERMINAL] | probe | stage ...\n");
	return EXIT_MISUSED;
}
