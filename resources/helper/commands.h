/* The commands at work: their streams, and how they end. */
#ifndef HOLDFAST_COMMANDS_H
#define HOLDFAST_COMMANDS_H

#include <stdbool.h>
#include <sys/types.h>

#include "confinement.h"
#include "frames.h"

/* Each answers false for a frame that breaks the protocol. */
bool start_command(const struct confinement *confinement, const struct frame *frame);
bool feed_command(const struct frame *frame);
bool end_command_input(const struct frame *frame);
bool signal_one_command(const struct frame *frame);
bool cancel_command(const struct frame *frame);
bool credit_command(const struct frame *frame);

void watch_commands(void);
void drop_finished_commands(void);
bool is_reaper(pid_t process);

#endif
