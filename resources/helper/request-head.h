/* The head of a request to the proxy. */
#ifndef HOLDFAST_REQUEST_HEAD_H
#define HOLDFAST_REQUEST_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who is meant by a request that names no host: Holdfast itself, where it serves something to this sandbox. */
#define OWN_HOST "gateway.holdfast.internal"

enum { MOST_HEAD = 16384, MOST_HOST = 255 };

struct request_head {
	char host[MOST_HOST + 1];
	uint16_t port;
	/* CONNECT: the bytes after the head belong to the tunnel. Otherwise `rewritten` goes out before them. */
	bool connects;
	char *rewritten;
	size_t rewritten_length;
};

/* Where the head ends, counted from its beginning; 0 while it has not come whole. */
size_t head_length(const char *bytes, size_t length);
/* False: it is no request for a proxy. The caller frees `rewritten`. */
bool read_head(struct request_head *head, const char *bytes, size_t length);

#endif
