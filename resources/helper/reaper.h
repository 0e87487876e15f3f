/* The process between the helper and a command: it outlives the command and ends whatever that left behind. */
#ifndef HOLDFAST_REAPER_H
#define HOLDFAST_REAPER_H

#include <stdbool.h>
#include <stdint.h>

#include "confinement.h"

struct program {
	char **argv;
	char **environment;
	/* Empty: where the helper stands. */
	const char *folder;
	bool terminal;
	bool narrowed;
	char **read, **write;
};

/* What the reaper says at last, on its pipe. */
struct ending {
	uint32_t how;
	/* The exit code, the signal, or the errno of what could not be done. */
	uint32_t value;
	uint32_t step;
	uint32_t cancelled;
};

/* What it hears: the number of a signal for the command's group, or this. */
enum { CANCEL_COMMAND = 0xff };

/*
 * Runs the program with descriptors 0 to 2 as they are and waits until nothing of it is left. `control` is where it
 * hears; its end means cancel. Neither it nor `told`, where the caller speaks afterwards, reaches the program.
 */
struct ending run_to_end(const struct confinement *confinement, const struct program *program, int control,
			 int told);

#endif
