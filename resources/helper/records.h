/* The records a long tool writes: u32 length, u8 kind, then what the kind consists of. */
#ifndef HOLDFAST_RECORDS_H
#define HOLDFAST_RECORDS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "bytes.h"

void records_to(int fd);
/* Gathers records; the last one sends them all. */
void record(uint8_t kind, const struct writer *writer, const uint8_t *start);
_Noreturn void record_done(uint32_t value);
_Noreturn void record_failed(int error, uint32_t reason);

void write_facts(struct writer *writer, const struct stat *facts);
enum { FACTS_SIZE = 49 };

#endif
