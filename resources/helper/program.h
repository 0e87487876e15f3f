#ifndef HOLDFAST_PROGRAM_H
#define HOLDFAST_PROGRAM_H

#include "reaper.h"

struct not_started {
	uint32_t step, error;
};

/* In the command's own process: puts on what is its own and becomes the program, or says on `failed` why not. */
_Noreturn void start_program(const struct confinement *confinement, const struct program *program, int failed);

#endif
