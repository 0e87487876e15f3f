#ifndef HOLDFAST_CHILDREN_H
#define HOLDFAST_CHILDREN_H

#include <stdbool.h>
#include <sys/types.h>

/* Closes every descriptor but these, which are in ascending order. */
void close_all_but(const int *kept, size_t count);

/*
 * Kills every child of this process that `spared` does not name, and whatever falls to it as they end, until none is
 * left. `heard` hears how each ended. False: some would not go.
 */
bool end_children(bool (*spared)(pid_t child), void (*heard)(pid_t child, int status));

#endif
