#ifndef HOLDFAST_STOP_H
#define HOLDFAST_STOP_H

/* Ends the helper and, since their reapers see its pipes close, every command. Says why on its error stream. */
_Noreturn void stop_helper(const char *why);

#endif
