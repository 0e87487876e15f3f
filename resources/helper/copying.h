#ifndef HOLDFAST_COPYING_H
#define HOLDFAST_COPYING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "paths.h"

/* Each ends its process with a last record. */
_Noreturn void copy_file(const char *from, const char *to);
/* 1: they hold the same bytes, 0: not. */
_Noreturn void compare_files(const char *one, const char *other);

/* A regular file, open for reading; -1 with errno, and in `reason` why where it is ours to refuse. */
int open_file(const char *path, uint32_t *reason);

/* A new file beside a name, to take it when whole. */
struct beside {
	struct spot spot;
	char name[32];
	int fd;
};
bool open_beside(struct beside *beside, const char *path, mode_t mode);
bool take_name(struct beside *beside, bool only_new);
void drop_beside(struct beside *beside);

#endif
