#ifndef HOLDFAST_STAGE_H
#define HOLDFAST_STAGE_H

/* Mounts what bubblewrap cannot, then runs the program it is given. */
int stage(int count, char **arguments) __attribute__((weak));

#endif
