#include "tunnel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"
#include "protocol.h"
#include "request-head.h"
#include "serve.h"
#include "stop.h"

enum { HEAD_PATIENCE = 30000, LAST_PATIENCE = 3000, AT_ONCE = 65536, MOST_REASON = 2000 };

enum state {
	/* The request's head is coming in. */
	HEAD,
	/* The other side was asked. */
	ASKED,
	OPEN,
	/* An answer of ours is going out, and nothing else. */
	ANSWERING,
	/* It is out; what the program still sends is read and thrown away, or the answer could be lost. */
	LEAVING,
	GONE,
};

struct connection {
	uint32_t id;
	int fd;
	enum state state;
	int64_t deadline;
	char *head;
	size_t head_length;
	/* What the program has not taken yet, and how much of it came from the other side. */
	uint8_t *waiting;
	size_t waiting_from, waiting_to, own;
	uint32_t credit;
	bool program_ended, other_ended;
	struct connection *next;
};

static int listener = -1;
static struct connection *connections;
static size_t connection_count;
static uint32_t next_id = 1;

static int64_t milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool open_proxy(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int yes = 1;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
	       bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 128) == 0;
}

static void tell(const struct connection *connection, uint8_t type)
{
	send_numbers(type, 0, connection->id, NULL, 0);
}

/* The other side is told unless it never heard of it, or said so itself. */
static void drop(struct connection *connection, bool told)
{
	if (told && (connection->state == ASKED || connection->state == OPEN))
		tell(connection, FRAME_TUNNEL_CLOSE);
	connection->state = GONE;
}

static void queue(struct connection *connection, const void *bytes, size_t length)
{
	size_t held = connection->waiting_to - connection->waiting_from;
	uint8_t *waiting = malloc(held + length + 1);
	if (!waiting)
		stop_helper("no memory for a connection");
	if (held > 0)
		memcpy(waiting, connection->waiting + connection->waiting_from, held);
	memcpy(waiting + held, bytes, length);
	free(connection->waiting);
	connection->waiting = waiting;
	connection->waiting_from = 0;
	connection->waiting_to = held + length;
}

/* Our own answer, after which nothing more is said. */
static void answer(struct connection *connection, const char *status, const char *text, size_t length)
{
	char head[256];
	int head_length = snprintf(head, sizeof head,
				   "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
				   "Content-Length: %zu\r\nConnection: close\r\n\r\n",
				   status, length);
	queue(connection, head, (size_t)head_length);
	queue(connection, text, length);
	connection->state = ANSWERING;
	connection->deadline = milliseconds() + LAST_PATIENCE;
}

static void answer_text(struct connection *connection, const char *status, const char *text)
{
	answer(connection, status, text, strlen(text));
}

static void ask(struct connection *connection, const struct request_head *head)
{
	size_t length = strlen(head->host);
	uint8_t *room = frame_room(8 + length);
	if (!room)
		stop_helper("no memory for a connection");
	struct writer writer = { room, 8 + length, false };
	write_bytes(&writer, head->host, length);
	write_u32(&writer, head->port);
	connection->id = next_id++;
	connection->state = ASKED;
	connection->deadline = 0;
	send_frame(FRAME_TUNNEL_OPEN, 0, connection->id, 8 + length);
}

static void read_request(struct connection *connection)
{
	if (!connection->head && !(connection->head = malloc(MOST_HEAD)))
		stop_helper("no memory for a request");
	ssize_t got = read(connection->fd, connection->head + connection->head_length,
			   MOST_HEAD - connection->head_length);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		drop(connection, false);
		return;
	}
	connection->head_length += (size_t)got;
	size_t length = head_length(connection->head, connection->head_length);
	struct request_head head = { 0 };
	if (length == 0 && connection->head_length == MOST_HEAD)
		answer_text(connection, "431 Request Header Fields Too Large", "The request's head is too long.\n");
	else if (length > 0 && !read_head(&head, connection->head, length))
		answer_text(connection, "400 Bad Request",
			    "This proxy understands CONNECT and requests for http:// addresses.\n");
	else if (length > 0)
		ask(connection, &head);
	free(head.rewritten);
}

static void send_on(struct connection *connection, const void *bytes, size_t length)
{
	if (length == 0)
		return;
	uint8_t *room = frame_room(length);
	if (!room)
		stop_helper("no memory for a connection");
	memcpy(room, bytes, length);
	connection->credit -= (uint32_t)length;
	send_frame(FRAME_TUNNEL_DATA, 0, connection->id, length);
}

static void pour(struct connection *connection)
{
	uint32_t taken = 0;
	while (connection->waiting_from < connection->waiting_to) {
		ssize_t sent = write(connection->fd, connection->waiting + connection->waiting_from,
				     connection->waiting_to - connection->waiting_from);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno != EAGAIN)
			drop(connection, true);
		if (sent < 0)
			break;
		connection->waiting_from += (size_t)sent;
		/* Only what the other side sent is told to it as taken. */
		size_t own = (size_t)sent < connection->own ? (size_t)sent : connection->own;
		connection->own -= own;
		taken += (uint32_t)((size_t)sent - own);
	}
	if (taken > 0 && connection->state == OPEN)
		send_numbers(FRAME_TUNNEL_CREDIT, 0, connection->id, &taken, 1);
	if (connection->waiting_from < connection->waiting_to || connection->state == GONE)
		return;
	free(connection->waiting);
	connection->waiting = NULL;
	connection->waiting_from = connection->waiting_to = 0;
	if (connection->state == ANSWERING) {
		shutdown(connection->fd, SHUT_WR);
		connection->state = LEAVING;
	} else if (connection->state == OPEN && connection->other_ended) {
		shutdown(connection->fd, SHUT_WR);
		if (connection->program_ended)
			drop(connection, true);
	}
}

static void opened(struct connection *connection)
{
	size_t length = head_length(connection->head, connection->head_length);
	struct request_head head;
	if (!read_head(&head, connection->head, length))
		stop_helper("a request's head has changed");
	connection->state = OPEN;
	connection->credit = STREAM_WINDOW;
	if (head.connects) {
		static const char yes[] = "HTTP/1.1 200 Connection established\r\n\r\n";
		queue(connection, yes, sizeof yes - 1);
		connection->own = sizeof yes - 1;
		pour(connection);
	} else {
		send_on(connection, head.rewritten, head.rewritten_length);
	}
	if (connection->state == OPEN)
		send_on(connection, connection->head + length, connection->head_length - length);
	free(head.rewritten);
	free(connection->head);
	connection->head = NULL;
}

static void read_program(struct connection *connection)
{
	size_t most = connection->credit < AT_ONCE ? connection->credit : AT_ONCE;
	uint8_t *room = frame_room(most);
	if (!room)
		stop_helper("no memory for a connection");
	ssize_t got = read(connection->fd, room, most);
	if (got > 0) {
		connection->credit -= (uint32_t)got;
		send_frame(FRAME_TUNNEL_DATA, 0, connection->id, (size_t)got);
	} else if (got == 0) {
		connection->program_ended = true;
		tell(connection, FRAME_TUNNEL_END);
		if (connection->other_ended && connection->waiting_from == connection->waiting_to)
			drop(connection, true);
	} else if (errno != EAGAIN && errno != EINTR) {
		drop(connection, true);
	}
}

static void leave(struct connection *connection)
{
	static char nothing[4096];
	ssize_t got = read(connection->fd, nothing, sizeof nothing);
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		drop(connection, false);
}

static void on_connection(void *context, short came)
{
	struct connection *connection = context;
	if (came & POLLOUT)
		pour(connection);
	if (!(came & (POLLIN | POLLHUP | POLLERR)))
		return;
	if (connection->state == HEAD)
		read_request(connection);
	else if (connection->state == OPEN && !connection->program_ended && connection->credit > 0)
		read_program(connection);
	else if (connection->state == LEAVING)
		leave(connection);
	else if (came & (POLLHUP | POLLERR))
		drop(connection, true);
}

static void on_listener(void *context, short came)
{
	(void)context;
	(void)came;
	while (connection_count < MOST_CONNECTIONS) {
		int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0)
			return;
		struct connection *connection = calloc(1, sizeof *connection);
		if (!connection) {
			close(fd);
			return;
		}
		connection->fd = fd;
		connection->deadline = milliseconds() + HEAD_PATIENCE;
		connection->next = connections;
		connections = connection;
		connection_count++;
	}
}

static short wanted(const struct connection *connection)
{
	short events = connection->waiting_from < connection->waiting_to ? POLLOUT : 0;
	bool takes = connection->state == HEAD || connection->state == LEAVING ||
		     (connection->state == OPEN && !connection->program_ended && connection->credit > 0);
	return takes && !frames_are_many() ? events | POLLIN : events;
}

void watch_tunnel(void)
{
	if (listener < 0)
		return;
	if (connection_count < MOST_CONNECTIONS)
		watch(listener, POLLIN, on_listener, NULL);
	for (struct connection *connection = connections; connection; connection = connection->next) {
		short events = wanted(connection);
		/* Without anything to wait for, a program that hung up would be told of over and over. */
		if (events)
			watch(connection->fd, events, on_connection, connection);
	}
}

int tunnel_patience(void)
{
	int64_t soonest = -1, now = connections ? milliseconds() : 0;
	for (struct connection *connection = connections; connection; connection = connection->next) {
		if (connection->deadline == 0)
			continue;
		int64_t left = connection->deadline > now ? connection->deadline - now : 0;
		if (soonest < 0 || left < soonest)
			soonest = left;
	}
	return (int)soonest;
}

void drop_finished_connections(void)
{
	int64_t now = connections ? milliseconds() : 0;
	for (struct connection **at = &connections; *at;) {
		struct connection *connection = *at;
		if (connection->deadline != 0 && connection->deadline <= now)
			drop(connection, false);
		if (connection->state != GONE) {
			at = &connection->next;
			continue;
		}
		*at = connection->next;
		connection_count--;
		close(connection->fd);
		free(connection->head);
		free(connection->waiting);
		free(connection);
	}
}

static struct connection *find(uint32_t id)
{
	struct connection *connection = connections;
	while (connection && (connection->id != id || connection->state == HEAD))
		connection = connection->next;
	return connection;
}

static bool refused(struct connection *connection, const struct frame *frame)
{
	struct reader reader = { frame->payload, frame->length, false };
	uint32_t status = read_u32(&reader);
	struct slice reason = read_bytes(&reader);
	if (!is_whole(&reader) || reason.length > MOST_REASON)
		return false;
	const char *line = status == 403 ? "403 Forbidden" : status == 400 ? "400 Bad Request" : "502 Bad Gateway";
	answer(connection, line, (const char *)reason.at, reason.length);
	return true;
}

static bool take_data(struct connection *connection, const struct frame *frame)
{
	size_t held = connection->waiting_to - connection->waiting_from - connection->own;
	if (connection->other_ended || held + frame->length > STREAM_WINDOW)
		return false;
	if (frame->length > 0) {
		queue(connection, frame->payload, frame->length);
		pour(connection);
	}
	return true;
}

static bool take_credit(struct connection *connection, const struct frame *frame)
{
	struct reader reader = { frame->payload, frame->length, false };
	uint32_t more = read_u32(&reader);
	if (!is_whole(&reader) || more > STREAM_WINDOW - connection->credit)
		return false;
	connection->credit += more;
	return true;
}

bool take_tunnel_frame(const struct frame *frame)
{
	struct connection *connection = find(frame->id);
	/* It may have ended here while this was under way. */
	if (!connection || connection->state == GONE || connection->state > OPEN)
		return frame->id > 0 && frame->id < next_id;
	if (frame->type == FRAME_TUNNEL_CLOSE) {
		tell(connection, FRAME_TUNNEL_CLOSE);
		drop(connection, false);
		return frame->length == 0;
	}
	if (connection->state == ASKED) {
		if (frame->type == FRAME_TUNNEL_REFUSED)
			return refused(connection, frame);
		if (frame->type == FRAME_TUNNEL_OPENED)
			opened(connection);
		return frame->type == FRAME_TUNNEL_OPENED;
	}
	if (frame->type == FRAME_TUNNEL_DATA)
		return take_data(connection, frame);
	if (frame->type == FRAME_TUNNEL_CREDIT)
		return take_credit(connection, frame);
	if (frame->type != FRAME_TUNNEL_END || connection->other_ended)
		return false;
	connection->other_ended = true;
	pour(connection);
	return true;
}
