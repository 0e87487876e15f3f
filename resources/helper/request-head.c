#include "request-head.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct span {
	const char *at;
	size_t length;
};

size_t head_length(const char *bytes, size_t length)
{
	const char *end = memmem(bytes, length, "\r\n\r\n", 4);
	return end ? (size_t)(end - bytes) + 4 : 0;
}

static struct span until(const char **at, const char *end, char stop)
{
	const char *found = memchr(*at, stop, (size_t)(end - *at));
	struct span span = { *at, (size_t)((found ? found : end) - *at) };
	*at = found ? found + 1 : end;
	return span;
}

/* One line without its end, which is CR and LF: a bare one of them means something else to every server. */
static bool next_line(struct span *line, const char **at, const char *end)
{
	*line = until(at, end, '\n');
	if (line->length == 0 || line->at[line->length - 1] != '\r')
		return false;
	line->length--;
	return memchr(line->at, '\r', line->length) == NULL;
}

static bool is_printable(struct span text)
{
	for (size_t each = 0; each < text.length; each++)
		if (text.at[each] <= ' ' || text.at[each] >= 127)
			return false;
	return true;
}

/* `host`, `host:port`, `[address]:port`. */
static bool read_authority(struct request_head *head, struct span authority, uint16_t usual_port)
{
	const char *end = authority.at + authority.length;
	const char *colon = NULL;
	if (authority.length == 0 || !is_printable(authority) || memchr(authority.at, '@', authority.length))
		return false;
	if (authority.at[0] == '[') {
		const char *bracket = memchr(authority.at, ']', authority.length);
		if (!bracket || (bracket + 1 < end && bracket[1] != ':'))
			return false;
		colon = bracket + 1 < end ? bracket + 1 : NULL;
	} else {
		colon = memchr(authority.at, ':', authority.length);
	}
	size_t length = (size_t)((colon ? colon : end) - authority.at);
	if (length == 0 || length > MOST_HOST)
		return false;
	memcpy(head->host, authority.at, length);
	head->host[length] = 0;
	uint32_t port = 0;
	for (const char *digit = colon ? colon + 1 : end; digit < end; digit++) {
		if (*digit < '0' || *digit > '9' || port > 65535)
			return false;
		port = port * 10 + (uint32_t)(*digit - '0');
	}
	if (!colon)
		port = usual_port;
	head->port = (uint16_t)port;
	return port > 0 && port <= 65535;
}

static bool is_header(struct span line, const char *name)
{
	size_t length = strlen(name);
	return line.length > length && strncasecmp(line.at, name, length) == 0 && line.at[length] == ':';
}

/* What is between the proxy and its client, and the host, which is the one that was asked for. */
static bool is_replaced(struct span line)
{
	return is_header(line, "host") || is_header(line, "connection") || is_header(line, "proxy-connection") ||
	       is_header(line, "proxy-authorization") || is_header(line, "keep-alive");
}

static bool is_folded(struct span line)
{
	return line.length > 0 && (line.at[0] == ' ' || line.at[0] == '\t');
}

static bool rewrite(struct request_head *head, struct span method, struct span authority, struct span path,
		    struct span version, const char *rest, const char *end)
{
	char *out = malloc((size_t)(end - rest) + method.length + path.length + 2 * authority.length + 128);
	if (!out)
		return false;
	int length = sprintf(out, "%.*s %s%.*s %.*s\r\nHost: %.*s\r\nConnection: close\r\n", (int)method.length,
			     method.at, path.length > 0 && path.at[0] == '/' ? "" : "/", (int)path.length, path.at,
			     (int)version.length, version.at, (int)authority.length, authority.at);
	while (rest < end) {
		struct span line;
		/* A folded line could hide what its first line said. */
		if (!next_line(&line, &rest, end) || is_folded(line)) {
			free(out);
			return false;
		}
		if (line.length == 0)
			break;
		if (!is_replaced(line))
			length += sprintf(out + length, "%.*s\r\n", (int)line.length, line.at);
	}
	length += sprintf(out + length, "\r\n");
	head->rewritten = out;
	head->rewritten_length = (size_t)length;
	return true;
}

bool read_head(struct request_head *head, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;
	*head = (struct request_head){ 0 };
	struct span line;
	if (memchr(bytes, 0, length) || !next_line(&line, &at, end))
		return false;
	const char *word = line.at, *line_end = line.at + line.length;
	struct span method = until(&word, line_end, ' ');
	struct span target = until(&word, line_end, ' ');
	struct span version = { word, (size_t)(line_end - word) };
	if (method.length == 0 || method.length > 32 || !is_printable(method) || !is_printable(target) ||
	    version.length != 8 || memcmp(version.at, "HTTP/1.", 7) != 0)
		return false;
	if (method.length == 7 && memcmp(method.at, "CONNECT", 7) == 0) {
		head->connects = true;
		return read_authority(head, target, 443);
	}
	if (target.length > 0 && target.at[0] == '/') {
		struct span own = { OWN_HOST, sizeof OWN_HOST - 1 };
		return read_authority(head, own, 80) && rewrite(head, method, own, target, version, at, end);
	}
	if (target.length < 7 || strncasecmp(target.at, "http://", 7) != 0)
		return false;
	const char *authority_at = target.at + 7, *target_end = target.at + target.length;
	size_t authority_length = 0;
	while (authority_at + authority_length < target_end && !strchr("/?#", authority_at[authority_length]))
		authority_length++;
	struct span authority = { authority_at, authority_length };
	struct span path = { authority_at + authority_length,
			     (size_t)(target_end - authority_at) - authority_length };
	return read_authority(head, authority, 80) && rewrite(head, method, authority, path, version, at, end);
}
