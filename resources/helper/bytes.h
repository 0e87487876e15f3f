/* Reading and writing the little-endian numbers and length-prefixed bytes that payloads consist of. */
#ifndef HOLDFAST_BYTES_H
#define HOLDFAST_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
	const uint8_t *at;
	size_t length;
};

/* Reads on until something is missing; from then on everything is empty and `bad` is set. */
struct reader {
	const uint8_t *at;
	size_t left;
	bool bad;
};

uint32_t read_u32(struct reader *reader);
uint64_t read_u64(struct reader *reader);
struct slice read_bytes(struct reader *reader);
/* A copy that ends with a NUL; null where it holds a NUL itself, is longer than `most`, or memory ran out. */
char *read_text(struct reader *reader, size_t most);
/* A null-terminated list of such copies. */
char **read_texts(struct reader *reader, size_t most_entries, size_t most);
void free_texts(char **texts);
bool is_whole(const struct reader *reader);

/* Into a caller's buffer of a known size; what does not fit sets `full`. */
struct writer {
	uint8_t *at;
	size_t left;
	bool full;
};

void write_u8(struct writer *writer, uint8_t value);
void write_u32(struct writer *writer, uint32_t value);
void write_u64(struct writer *writer, uint64_t value);
void write_raw(struct writer *writer, const void *bytes, size_t length);
void write_bytes(struct writer *writer, const void *bytes, size_t length);

#endif
