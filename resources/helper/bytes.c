#include "bytes.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t *take(struct reader *reader, size_t length)
{
	if (reader->bad || reader->left < length) {
		reader->bad = true;
		return NULL;
	}
	const uint8_t *at = reader->at;
	reader->at += length;
	reader->left -= length;
	return at;
}

uint32_t read_u32(struct reader *reader)
{
	const uint8_t *at = take(reader, 4);
	if (!at)
		return 0;
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

uint64_t read_u64(struct reader *reader)
{
	uint64_t low = read_u32(reader);
	return low | (uint64_t)read_u32(reader) << 32;
}

struct slice read_bytes(struct reader *reader)
{
	uint32_t length = read_u32(reader);
	const uint8_t *at = take(reader, length);
	return at ? (struct slice){ at, length } : (struct slice){ NULL, 0 };
}

char *read_text(struct reader *reader, size_t most)
{
	struct slice bytes = read_bytes(reader);
	if (reader->bad)
		return NULL;
	if (bytes.length > most || memchr(bytes.at, 0, bytes.length)) {
		reader->bad = true;
		return NULL;
	}
	char *text = malloc(bytes.length + 1);
	if (!text) {
		reader->bad = true;
		return NULL;
	}
	memcpy(text, bytes.at, bytes.length);
	text[bytes.length] = 0;
	return text;
}

char **read_texts(struct reader *reader, size_t most_entries, size_t most)
{
	uint32_t count = read_u32(reader);
	/* Each takes four bytes at least: no list is made that the payload could not hold. */
	if (reader->bad || count > most_entries || count > reader->left / 4) {
		reader->bad = true;
		return NULL;
	}
	char **texts = calloc((size_t)count + 1, sizeof *texts);
	if (!texts) {
		reader->bad = true;
		return NULL;
	}
	for (uint32_t each = 0; each < count; each++) {
		texts[each] = read_text(reader, most);
		if (!texts[each]) {
			free_texts(texts);
			return NULL;
		}
	}
	return texts;
}

void free_texts(char **texts)
{
	if (!texts)
		return;
	for (char **each = texts; *each; each++)
		free(*each);
	free(texts);
}

bool is_whole(const struct reader *reader)
{
	return !reader->bad && reader->left == 0;
}

void write_raw(struct writer *writer, const void *bytes, size_t length)
{
	if (writer->full || writer->left < length) {
		writer->full = true;
		return;
	}
	if (length > 0)
		memcpy(writer->at, bytes, length);
	writer->at += length;
	writer->left -= length;
}

void write_u8(struct writer *writer, uint8_t value)
{
	write_raw(writer, &value, 1);
}

void write_u32(struct writer *writer, uint32_t value)
{
	uint8_t bytes[4] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24) };
	write_raw(writer, bytes, sizeof bytes);
}

void write_u64(struct writer *writer, uint64_t value)
{
	write_u32(writer, (uint32_t)value);
	write_u32(writer, (uint32_t)(value >> 32));
}

void write_bytes(struct writer *writer, const void *bytes, size_t length)
{
	write_u32(writer, (uint32_t)length);
	write_raw(writer, bytes, length);
}
