/* Tools that may take long: each is done by a process of its own, which writes a stream of records. */
#ifndef HOLDFAST_TASKS_H
#define HOLDFAST_TASKS_H

#include <stdbool.h>
#include <sys/types.h>

#include "frames.h"

/* False: the frame breaks the protocol. */
bool start_task(const struct frame *frame);
bool is_long_tool(uint8_t tool);
bool find_task(uint32_t id);
bool is_task(pid_t process);
void cancel_task(uint32_t id);
/* True where there is such a task; `kept` says whether its credit was in order. */
bool credit_task(const struct frame *frame, bool *kept);
void task_heard(pid_t process, int status);
void watch_tasks(void);
void drop_finished_tasks(void);

#endif
