#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "children.h"
#include "commands.h"
#include "confinement.h"
#include "files.h"
#include "frames.h"
#include "protocol.h"
#include "stop.h"
#include "tasks.h"
#include "tunnel.h"

enum { MOST_WATCHED = 2 + 1 + MOST_CONNECTIONS + 16 + 4 * MOST_COMMANDS, EXIT_NOT_CONFINED = 125 };

static struct {
	void (*ready)(void *context, short came);
	void *context;
} watchers[MOST_WATCHED];
static struct pollfd polled[MOST_WATCHED];
static nfds_t watched;

static struct confinement confinement;
static bool confined, input_over;

void watch(int fd, short events, void (*ready)(void *, short), void *context)
{
	if (watched == MOST_WATCHED)
		stop_helper("too much to wait for");
	polled[watched] = (struct pollfd){ fd, events, 0 };
	watchers[watched].ready = ready;
	watchers[watched].context = context;
	watched++;
}

static void tell_ready(void)
{
	size_t size = 16 + confinement.reported * 16;
	uint8_t *room = frame_room(size);
	if (!room)
		stop_helper("no memory for an answer");
	struct writer writer = { room, size, false };
	write_u32(&writer, PROTOCOL_VERSION);
	write_u32(&writer, (uint32_t)confinement.landlock);
	write_u32(&writer, (uint32_t)getpid());
	write_u32(&writer, (uint32_t)confinement.reported);
	for (size_t each = 0; each < confinement.reported; each++) {
		write_u64(&writer, confinement.places[each].device);
		write_u64(&writer, confinement.places[each].inode);
	}
	send_frame(FRAME_READY, 0, 0, size);
}

static _Noreturn void not_confined(const struct failure *failure)
{
	size_t length = strlen(failure->detail), size = 12 + length;
	uint8_t *room = frame_room(size);
	if (!room)
		stop_helper("no memory for an answer");
	struct writer writer = { room, size, false };
	write_u32(&writer, failure->part);
	write_u32(&writer, failure->number);
	write_bytes(&writer, failure->detail, length);
	send_frame(FRAME_FAILED, 0, 0, size);
	fcntl(1, F_SETFL, 0);
	flush_frames();
	_exit(EXIT_NOT_CONFINED);
}

static void put_on(const struct frame *frame)
{
	struct reader reader = { frame->payload, frame->length, false };
	struct failure failure = { PART_PROTOCOL, EPROTO, "" };
	if (!read_confinement(&confinement, &reader))
		not_confined(&failure);
	if (!confinement.terminal)
		close(3);
	if (confinement.proxy_port != 0 && !open_proxy(confinement.proxy_port)) {
		failure = (struct failure){ PART_PROXY, (uint32_t)errno, "" };
		not_confined(&failure);
	}
	if (!give_up_privileges(&failure) || !restrict_paths(&confinement, &failure) ||
	    !put_on_filter(&confinement, &failure))
		not_confined(&failure);
	confined = true;
	tell_ready();
}

static bool cancel(const struct frame *frame)
{
	cancel_task(frame->id);
	abandon_write(frame->id);
	return cancel_command(frame);
}

static bool credit(const struct frame *frame)
{
	bool kept = true;
	return credit_task(frame, &kept) ? kept : credit_command(frame);
}

static bool take(const struct frame *frame)
{
	if (!confined) {
		if (frame->type == FRAME_CONFIG)
			put_on(frame);
		return frame->type == FRAME_CONFIG;
	}
	switch (frame->type) {
	case FRAME_EXEC:
		return start_command(&confinement, frame);
	case FRAME_STDIN:
		return feed_command(frame);
	case FRAME_STDIN_END:
		return end_command_input(frame);
	case FRAME_SIGNAL:
		return signal_one_command(frame);
	case FRAME_CANCEL:
		return cancel(frame);
	case FRAME_CREDIT:
		return credit(frame);
	case FRAME_PING:
		send_numbers(FRAME_RESULT, 0, frame->id, NULL, 0);
		return frame->length == 0;
	case FRAME_FILE:
		return is_long_tool(frame->flags) ? start_task(frame) : use_file_tool(frame);
	case FRAME_TUNNEL_OPENED:
	case FRAME_TUNNEL_REFUSED:
	case FRAME_TUNNEL_DATA:
	case FRAME_TUNNEL_END:
	case FRAME_TUNNEL_CLOSE:
	case FRAME_TUNNEL_CREDIT:
		return take_tunnel_frame(frame);
	default:
		return false;
	}
}

/* While much waits to be sent, what has been asked for already is answered first. */
static void take_frames(void)
{
	struct frame frame;
	while (!frames_are_many()) {
		enum incoming came = next_frame(&frame);
		if (came == INCOMING_NONE)
			return;
		if (came == INCOMING_BROKEN || !take(&frame))
			stop_helper("a frame breaks the protocol");
	}
}

static void on_input(void *context, short came)
{
	(void)context;
	if (!(came & POLLIN) || fill_frames() == INCOMING_END)
		input_over = true;
	take_frames();
}

static void on_output(void *context, short came)
{
	(void)context;
	(void)came;
}

static void turn(void)
{
	watched = 0;
	/* With nothing to wait for here, the other side's end is still noticed. */
	watch(0, frames_are_many() ? 0 : POLLIN, on_input, NULL);
	if (frames_wait())
		watch(1, POLLOUT, on_output, NULL);
	watch_commands();
	watch_tasks();
	watch_tunnel();
	if (poll(polled, watched, tunnel_patience()) < 0 && errno != EINTR)
		stop_helper("nothing can be waited for");
	for (nfds_t each = 0; each < watched; each++)
		if (polled[each].revents)
			watchers[each].ready(watchers[each].context, polled[each].revents);
	drop_finished_commands();
	drop_finished_tasks();
	drop_finished_connections();
	if (!flush_frames())
		input_over = true;
	take_frames();
}

int serve(void)
{
	static const int kept[] = { 0, 1, 2, 3 };
	close_all_but(kept, 4);
	fcntl(3, F_SETFD, FD_CLOEXEC);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (fcntl(0, F_SETFL, O_NONBLOCK) != 0 || fcntl(1, F_SETFL, O_NONBLOCK) != 0 ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
		stop_helper("its streams are not there");
	while (!input_over)
		turn();
	end_children(NULL, NULL);
	return 0;
}
