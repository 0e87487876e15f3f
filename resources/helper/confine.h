#ifndef HOLDFAST_CONFINE_H
#define HOLDFAST_CONFINE_H

/* Confines itself as a file says, with the same bytes as CONFIG, and runs a program on the streams it has. */
int confine(const char *file, char **argv);

#endif
