/* The helper's two streams: frames come in on descriptor 0 and go out on descriptor 1. */
#ifndef HOLDFAST_FRAMES_H
#define HOLDFAST_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame {
	uint8_t type;
	uint8_t flags;
	uint32_t id;
	const uint8_t *payload;
	size_t length;
};

enum incoming { INCOMING_NONE, INCOMING_FRAME, INCOMING_END, INCOMING_BROKEN };

/* Takes what has arrived; never waits. */
enum incoming fill_frames(void);
/* The next whole frame; its payload is valid until the next call of either. */
enum incoming next_frame(struct frame *frame);

/*
 * Room for the payload of a frame that is about to be sent; null where memory ran out. `send_frame` sends the
 * first `length` bytes of it.
 */
uint8_t *frame_room(size_t most);
void send_frame(uint8_t type, uint8_t flags, uint32_t id, size_t length);
void send_numbers(uint8_t type, uint8_t flags, uint32_t id, const uint32_t *numbers, size_t count);

/* Sends what waits, as far as the other side takes it. False: nobody is there any more. */
bool flush_frames(void);
bool frames_wait(void);
/* So much waits that nothing new may be taken in. */
bool frames_are_many(void);

#endif
