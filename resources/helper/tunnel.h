/* The proxy on the sandbox's own loopback, each of whose connections the other side makes or refuses. */
#ifndef HOLDFAST_TUNNEL_H
#define HOLDFAST_TUNNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "frames.h"

/* Before the filter is put on, which may forbid sockets. */
bool open_proxy(uint16_t port);
/* False: the frame breaks the protocol. */
bool take_tunnel_frame(const struct frame *frame);
void watch_tunnel(void);
/* Milliseconds until somebody's patience ends; -1: nobody waits. */
int tunnel_patience(void);
void drop_finished_connections(void);

#endif
