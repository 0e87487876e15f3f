#include "streams.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "bytes.h"
#include "protocol.h"
#include "serve.h"
#include "stop.h"

enum { MOST_AT_ONCE = 65536 };

static void on_output(void *context, short came)
{
	(void)came;
	struct output *output = context;
	size_t most = output->credit < MOST_AT_ONCE ? output->credit : MOST_AT_ONCE;
	uint8_t *room = frame_room(most);
	if (!room)
		stop_helper("no memory for output");
	ssize_t got = read(output->fd, room, most);
	if (got > 0) {
		output->credit -= (uint32_t)got;
		send_frame(FRAME_OUTPUT, output->stream, output->id, (size_t)got);
	} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		close(output->fd);
		output->fd = -1;
		send_numbers(FRAME_OUTPUT_END, output->stream, output->id, NULL, 0);
	}
}

void watch_output(struct output *output)
{
	if (output->fd >= 0 && output->credit > 0 && !frames_are_many())
		watch(output->fd, POLLIN, on_output, output);
}

bool add_credit(struct output *output, const struct frame *frame)
{
	struct reader reader = { frame->payload, frame->length, false };
	uint32_t more = read_u32(&reader);
	if (!is_whole(&reader) || more > STREAM_WINDOW - output->credit)
		return false;
	output->credit += more;
	return true;
}
