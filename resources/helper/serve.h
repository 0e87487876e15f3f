#ifndef HOLDFAST_SERVE_H
#define HOLDFAST_SERVE_H

#include <poll.h>

int serve(void);

/* Something to wait for in this turn of the loop; `ready` is called with what came true. */
void watch(int fd, short events, void (*ready)(void *context, short came), void *context);

#endif
