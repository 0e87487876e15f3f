#ifndef HOLDFAST_WRITING_H
#define HOLDFAST_WRITING_H

#include <stdbool.h>

#include "frames.h"

/* One part of a write; the first says where to, the last makes it visible. Each is answered. */
bool write_tool(const struct frame *frame);

#endif
