#include "frames.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "protocol.h"
#include "stop.h"

enum { USUAL = 65536, MANY = MOST_PAYLOAD };

struct buffer {
	uint8_t *bytes;
	size_t capacity, from, to;
};

static struct buffer in, out;
/* Where the frame that is being made begins in `out`. */
static size_t made_at;

/* Room for so many bytes after `to`, by moving what is held to the front or by growing. */
static bool make_room(struct buffer *buffer, size_t wanted)
{
	if (buffer->capacity - buffer->to >= wanted)
		return true;
	size_t held = buffer->to - buffer->from;
	if (held + wanted <= buffer->capacity && buffer->from > 0) {
		memmove(buffer->bytes, buffer->bytes + buffer->from, held);
	} else {
		size_t capacity = held + wanted < USUAL ? USUAL : held + wanted;
		uint8_t *bytes = malloc(capacity);
		if (!bytes)
			return false;
		if (held > 0)
			memcpy(bytes, buffer->bytes + buffer->from, held);
		free(buffer->bytes);
		buffer->bytes = bytes;
		buffer->capacity = capacity;
	}
	buffer->from = 0;
	buffer->to = held;
	return true;
}

/* What a large frame needed is given back at once. */
static void slim(struct buffer *buffer)
{
	if (buffer->from < buffer->to)
		return;
	buffer->from = buffer->to = 0;
	if (buffer->capacity <= USUAL)
		return;
	free(buffer->bytes);
	*buffer = (struct buffer){ 0 };
}

static size_t frame_size(const struct buffer *buffer)
{
	struct reader header = { buffer->bytes + buffer->from, HEADER_SIZE, false };
	return HEADER_SIZE + (size_t)read_u32(&header);
}

enum incoming fill_frames(void)
{
	size_t held = in.to - in.from;
	/* Whoever calls has taken every whole frame, so what is held is the beginning of one. */
	size_t wanted = held >= HEADER_SIZE ? frame_size(&in) - held : USUAL - held;
	if (held < HEADER_SIZE)
		slim(&in);
	if (!make_room(&in, wanted))
		stop_helper("no memory for a frame");
	ssize_t got = read(0, in.bytes + in.to, in.capacity - in.to);
	if (got == 0)
		return INCOMING_END;
	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? INCOMING_NONE : INCOMING_END;
	in.to += (size_t)got;
	return INCOMING_FRAME;
}

enum incoming next_frame(struct frame *frame)
{
	size_t held = in.to - in.from;
	if (held < HEADER_SIZE)
		return INCOMING_NONE;
	const uint8_t *at = in.bytes + in.from;
	struct reader header = { at, HEADER_SIZE, false };
	uint32_t length = read_u32(&header);
	uint32_t kind = read_u32(&header);
	uint32_t id = read_u32(&header);
	if (length > MOST_PAYLOAD || kind >> 16 != 0)
		return INCOMING_BROKEN;
	if (held < HEADER_SIZE + (size_t)length)
		return INCOMING_NONE;
	*frame = (struct frame){ (uint8_t)kind, (uint8_t)(kind >> 8), id, at + HEADER_SIZE, length };
	in.from += HEADER_SIZE + (size_t)length;
	return INCOMING_FRAME;
}

uint8_t *frame_room(size_t most)
{
	if (!make_room(&out, HEADER_SIZE + most))
		return NULL;
	made_at = out.to;
	return out.bytes + made_at + HEADER_SIZE;
}

void send_frame(uint8_t type, uint8_t flags, uint32_t id, size_t length)
{
	struct writer header = { out.bytes + made_at, HEADER_SIZE, false };
	write_u32(&header, (uint32_t)length);
	write_u32(&header, (uint32_t)type | (uint32_t)flags << 8);
	write_u32(&header, id);
	out.to = made_at + HEADER_SIZE + length;
}

void send_numbers(uint8_t type, uint8_t flags, uint32_t id, const uint32_t *numbers, size_t count)
{
	uint8_t *room = frame_room(count * 4);
	if (!room)
		stop_helper("no memory for an answer");
	struct writer writer = { room, count * 4, false };
	for (size_t each = 0; each < count; each++)
		write_u32(&writer, numbers[each]);
	send_frame(type, flags, id, count * 4);
}

bool flush_frames(void)
{
	while (out.from < out.to) {
		ssize_t sent = write(1, out.bytes + out.from, out.to - out.from);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return errno == EAGAIN;
		out.from += (size_t)sent;
	}
	slim(&out);
	return true;
}

bool frames_wait(void)
{
	return out.from < out.to;
}

bool frames_are_many(void)
{
	return out.to - out.from >= MANY;
}
