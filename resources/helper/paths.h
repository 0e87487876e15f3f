/* Opening what a path names without following a link anywhere on the way. */
#ifndef HOLDFAST_PATHS_H
#define HOLDFAST_PATHS_H

#include <stdbool.h>
#include <sys/types.h>

/* The absolute path, through no link at all; never waits, whatever stands there. Descriptor, or -1 with errno. */
int open_real(const char *path, int flags, mode_t mode);

/* The folder something is in, and its name there. False for what has no name of its own, such as `/`. */
struct spot {
	int folder;
	char name[256];
};
bool open_spot(struct spot *spot, const char *path);
void close_spot(struct spot *spot);

#endif
