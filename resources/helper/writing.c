#include "writing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "copying.h"
#include "files.h"
#include "protocol.h"

enum { MOST_PATH = 4095, USUAL_MODE = 0644 };

/* A write whose last part has not come yet. */
struct unfinished {
	uint32_t id;
	uint32_t how;
	struct beside beside;
	struct unfinished *next;
};

static struct unfinished *writes;
static size_t write_count;

static void refuse(uint32_t id, uint32_t reason)
{
	uint32_t numbers[] = { (uint32_t)errno, reason };
	send_numbers(FRAME_ERROR, 0, id, numbers, 2);
}

/* What stands at the name already, if anything: only a regular file with this one name may be written. */
static bool may_write(const struct spot *spot, uint32_t how, mode_t *mode, uint32_t *reason)
{
	struct stat facts;
	*reason = REFUSED_BY_KERNEL;
	if (fstatat(spot->folder, spot->name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT;
	if (how == WRITE_CREATE) {
		errno = EEXIST;
		return false;
	}
	if (S_ISLNK(facts.st_mode)) {
		errno = ELOOP;
		return false;
	}
	if (!S_ISREG(facts.st_mode)) {
		errno = S_ISDIR(facts.st_mode) ? EISDIR : EINVAL;
		*reason = REFUSED_NO_FILE;
		return false;
	}
	if (facts.st_nlink != 1) {
		errno = EMLINK;
		*reason = REFUSED_NAMES;
		return false;
	}
	/* Who may not write the file may not take its place either. */
	if (faccessat(spot->folder, spot->name, W_OK, AT_EACCESS) != 0)
		return false;
	*mode = facts.st_mode & 0777;
	return true;
}

static bool open_appending(struct beside *beside, const char *path, uint32_t *reason)
{
	struct stat facts;
	int flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	*reason = REFUSED_BY_KERNEL;
	if (!open_spot(&beside->spot, path))
		return false;
	beside->fd = openat(beside->spot.folder, beside->spot.name, flags);
	if (beside->fd < 0 && errno == ENOENT)
		beside->fd = openat(beside->spot.folder, beside->spot.name, flags | O_CREAT | O_EXCL, USUAL_MODE);
	close_spot(&beside->spot);
	if (beside->fd < 0)
		return false;
	if (fstat(beside->fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_nlink == 1)
		return true;
	errno = S_ISREG(facts.st_mode) ? EMLINK : EINVAL;
	*reason = S_ISREG(facts.st_mode) ? REFUSED_NAMES : REFUSED_NO_FILE;
	int kept = errno;
	close(beside->fd);
	errno = kept;
	return false;
}

static bool open_target(struct unfinished *write, const char *path, int64_t wanted_mode, uint32_t *reason)
{
	if (write->how == WRITE_APPEND)
		return open_appending(&write->beside, path, reason);
	struct spot spot;
	mode_t mode = USUAL_MODE;
	*reason = REFUSED_BY_KERNEL;
	if (!open_spot(&spot, path))
		return false;
	bool allowed = may_write(&spot, write->how, &mode, reason);
	close_spot(&spot);
	if (!allowed)
		return false;
	if (wanted_mode >= 0)
		mode = (mode_t)wanted_mode & 0777;
	/* Owner's right to write is needed until it is written, whatever its mode is to be. */
	if (!open_beside(&write->beside, path, 0600))
		return false;
	if (fchmod(write->beside.fd, mode) == 0)
		return true;
	drop_beside(&write->beside);
	return false;
}

static void give_up(struct unfinished *write)
{
	if (write->how == WRITE_APPEND)
		close(write->beside.fd);
	else
		drop_beside(&write->beside);
}

static bool add_bytes(int fd, struct slice bytes)
{
	while (bytes.length > 0) {
		ssize_t some = write(fd, bytes.at, bytes.length);
		if (some < 0 && errno == EINTR)
			continue;
		if (some < 0)
			return false;
		bytes.at += some;
		bytes.length -= (size_t)some;
	}
	return true;
}

static bool finish(struct unfinished *write)
{
	if (write->how != WRITE_APPEND)
		return take_name(&write->beside, write->how == WRITE_CREATE);
	return close(write->beside.fd) == 0;
}

static void forget(uint32_t id)
{
	for (struct unfinished **at = &writes; *at; at = &(*at)->next)
		if ((*at)->id == id) {
			struct unfinished *write = *at;
			*at = write->next;
			write_count--;
			free(write);
			return;
		}
}

void abandon_write(uint32_t id)
{
	for (struct unfinished *write = writes; write; write = write->next)
		if (write->id == id) {
			give_up(write);
			forget(id);
			return;
		}
}

static void go_on(struct unfinished *write, struct slice bytes, bool last)
{
	uint32_t id = write->id;
	if (!add_bytes(write->beside.fd, bytes)) {
		int kept = errno;
		give_up(write);
		errno = kept;
		refuse(id, REFUSED_BY_KERNEL);
		forget(id);
		return;
	}
	bool done = !last || finish(write);
	if (done)
		send_numbers(FRAME_RESULT, 0, id, NULL, 0);
	else
		refuse(id, REFUSED_BY_KERNEL);
	if (last)
		forget(id);
}

static struct unfinished *find(uint32_t id)
{
	struct unfinished *write = writes;
	while (write && write->id != id)
		write = write->next;
	return write;
}

/* Payload: where to, or nothing for a further part; how; flags; mode; the bytes. */
bool write_tool(const struct frame *frame)
{
	struct reader reader = { frame->payload, frame->length, false };
	char *path = read_text(&reader, MOST_PATH);
	uint32_t how = read_u32(&reader);
	uint32_t flags = read_u32(&reader);
	uint32_t mode = read_u32(&reader);
	struct slice bytes = read_bytes(&reader);
	struct unfinished *write = find(frame->id);
	bool first = path && path[0] != 0;
	if (!is_whole(&reader) || how > WRITE_CREATE || first == (write != NULL)) {
		free(path);
		return false;
	}
	uint32_t reason = REFUSED_BY_KERNEL;
	if (first) {
		write = write_count < MOST_WRITES ? calloc(1, sizeof *write) : NULL;
		if (!write) {
			errno = EAGAIN;
			refuse(frame->id, REFUSED_MANY);
			free(path);
			return true;
		}
		write->id = frame->id;
		write->how = how;
		if (!open_target(write, path, flags & WRITE_HAS_MODE ? (int64_t)mode : -1, &reason)) {
			refuse(frame->id, reason);
			free(write);
			free(path);
			return true;
		}
		write->next = writes;
		writes = write;
		write_count++;
	}
	free(path);
	go_on(write, bytes, flags & WRITE_LAST);
	return true;
}
