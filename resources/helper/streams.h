/* Output on its way to the other side, never more than that has asked for. */
#ifndef HOLDFAST_STREAMS_H
#define HOLDFAST_STREAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "frames.h"

struct output {
	uint32_t id;
	/* -1 when it has ended. */
	int fd;
	uint8_t stream;
	uint32_t credit;
};

void watch_output(struct output *output);
/* False: more than a stream may have under way. */
bool add_credit(struct output *output, const struct frame *frame);

#endif
