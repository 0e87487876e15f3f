/* The quick file tools, answered at once. */
#ifndef HOLDFAST_FILES_H
#define HOLDFAST_FILES_H

#include <stdbool.h>

#include "frames.h"

/* False: the frame breaks the protocol. */
bool use_file_tool(const struct frame *frame);
/* Where a write in parts was begun under this id it is given up. */
void abandon_write(uint32_t id);

#endif
