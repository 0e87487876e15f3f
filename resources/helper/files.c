#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "copying.h"
#include "paths.h"
#include "protocol.h"
#include "records.h"
#include "stop.h"
#include "writing.h"

enum { MOST_PATH = 4095, MOST_READ = MOST_PAYLOAD - 8 };

static void refuse(uint32_t id, int error, uint32_t reason)
{
	uint32_t numbers[] = { (uint32_t)error, reason };
	send_numbers(FRAME_ERROR, 0, id, numbers, 2);
}

static void answer(uint32_t id, bool done)
{
	if (done)
		send_numbers(FRAME_RESULT, 0, id, NULL, 0);
	else
		refuse(id, errno, REFUSED_BY_KERNEL);
}

static uint8_t *room_for(size_t most)
{
	uint8_t *room = frame_room(most);
	if (!room)
		stop_helper("no memory for an answer");
	return room;
}

static bool read_tool(uint32_t id, struct reader *reader, const char *path)
{
	uint64_t offset = read_u64(reader);
	uint32_t most = read_u32(reader);
	if (!is_whole(reader) || most > MOST_READ || offset > INT64_MAX)
		return false;
	uint32_t reason;
	struct stat facts;
	int fd = open_file(path, &reason);
	if (fd < 0 || fstat(fd, &facts) != 0)
		return refuse(id, errno, reason), true;
	/* No more room than the file can fill; one that grows meanwhile is read as it was. */
	uint64_t rest = (uint64_t)facts.st_size > offset ? (uint64_t)facts.st_size - offset : 0;
	/* Files made by the kernel say they are empty. */
	size_t wanted = facts.st_size == 0 ? most : rest < most ? (size_t)rest : most;
	uint8_t *room = room_for(8 + wanted);
	size_t got = 0;
	while (got < wanted) {
		ssize_t some = pread(fd, room + 8 + got, wanted - got, (off_t)(offset + got));
		if (some < 0 && errno == EINTR)
			continue;
		if (some < 0) {
			refuse(id, errno, REFUSED_BY_KERNEL);
			close(fd);
			return true;
		}
		if (some == 0)
			break;
		got += (size_t)some;
	}
	close(fd);
	struct writer writer = { room, 8, false };
	write_u64(&writer, (uint64_t)facts.st_size > got ? (uint64_t)facts.st_size : got);
	send_frame(FRAME_RESULT, 0, id, 8 + got);
	return true;
}

static bool list_tool(uint32_t id, struct reader *reader, const char *path)
{
	uint32_t most = read_u32(reader);
	if (!is_whole(reader))
		return false;
	int fd = open_real(path, O_RDONLY | O_DIRECTORY, 0);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	if (!listing)
		return answer(id, false), true;
	uint8_t *room = room_for(MOST_PAYLOAD);
	struct writer writer = { room + 8, MOST_PAYLOAD - 8, false };
	uint32_t count = 0, more = 0;
	for (;;) {
		struct stat facts;
		const struct dirent *entry = readdir(listing);
		if (!entry)
			break;
		const char *name = entry->d_name;
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		    fstatat(fd, name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (count >= most || writer.left < FACTS_SIZE + 4 + strlen(name)) {
			more = 1;
			break;
		}
		write_facts(&writer, &facts);
		write_bytes(&writer, name, strlen(name));
		count++;
	}
	closedir(listing);
	struct writer head = { room, 8, false };
	write_u32(&head, count);
	write_u32(&head, more);
	send_frame(FRAME_RESULT, 0, id, (size_t)(writer.at - room));
	return true;
}

static bool facts_tool(uint32_t id, struct reader *reader, const char *path)
{
	if (!is_whole(reader))
		return false;
	struct stat facts;
	int fd = open_real(path, O_PATH, 0);
	if (fd < 0 || fstat(fd, &facts) != 0)
		return answer(id, false), true;
	close(fd);
	uint8_t *room = room_for(FACTS_SIZE);
	struct writer writer = { room, FACTS_SIZE, false };
	write_facts(&writer, &facts);
	send_frame(FRAME_RESULT, 0, id, (size_t)(writer.at - room));
	return true;
}

static bool target_tool(uint32_t id, struct reader *reader, const char *path)
{
	if (!is_whole(reader))
		return false;
	int fd = open_real(path, O_PATH, 0);
	if (fd < 0)
		return answer(id, false), true;
	uint8_t *room = room_for(MOST_PATH + 1);
	ssize_t length = readlinkat(fd, "", (char *)room, MOST_PATH + 1);
	/* Of what is no link the kernel says that there is no such thing. */
	if (length < 0)
		refuse(id, errno == ENOENT ? EINVAL : errno, REFUSED_BY_KERNEL);
	else
		send_frame(FRAME_RESULT, 0, id, (size_t)length);
	close(fd);
	return true;
}

static bool make_folder_tool(uint32_t id, struct reader *reader, const char *path)
{
	uint32_t mode = read_u32(reader);
	if (!is_whole(reader))
		return false;
	struct spot spot;
	if (!open_spot(&spot, path))
		return answer(id, false), true;
	bool done = mkdirat(spot.folder, spot.name, mode & 0777) == 0;
	close_spot(&spot);
	return answer(id, done), true;
}

/* By the descriptor, so that it is the thing the path led to; a link has no mode of its own. */
static bool set_mode_tool(uint32_t id, struct reader *reader, const char *path)
{
	uint32_t mode = read_u32(reader);
	if (!is_whole(reader))
		return false;
	struct stat facts;
	char name[64];
	int fd = open_real(path, O_PATH, 0);
	if (fd < 0 || fstat(fd, &facts) != 0)
		return answer(id, false), true;
	snprintf(name, sizeof name, "/proc/thread-self/fd/%d", fd);
	if (S_ISREG(facts.st_mode) || S_ISDIR(facts.st_mode))
		answer(id, chmod(name, mode & 0777) == 0);
	else
		refuse(id, EINVAL, REFUSED_NO_FILE);
	close(fd);
	return true;
}

static bool link_tool(uint32_t id, struct reader *reader, const char *path)
{
	char *target = read_text(reader, MOST_PATH);
	struct spot spot;
	if (!is_whole(reader)) {
		free(target);
		return false;
	}
	bool done = open_spot(&spot, path);
	if (done) {
		done = symlinkat(target, spot.folder, spot.name) == 0;
		close_spot(&spot);
	}
	answer(id, done);
	free(target);
	return true;
}

static bool remove_tool(uint32_t id, struct reader *reader, const char *path)
{
	struct spot spot;
	if (!is_whole(reader))
		return false;
	if (!open_spot(&spot, path))
		return answer(id, false), true;
	bool done = unlinkat(spot.folder, spot.name, 0) == 0 ||
		    (errno == EISDIR && unlinkat(spot.folder, spot.name, AT_REMOVEDIR) == 0);
	close_spot(&spot);
	return answer(id, done), true;
}

static bool rename_tool(uint32_t id, struct reader *reader, const char *path)
{
	char *to = read_text(reader, MOST_PATH);
	struct spot old, new;
	if (!is_whole(reader)) {
		free(to);
		return false;
	}
	bool done = open_spot(&old, path);
	if (done) {
		done = open_spot(&new, to);
		if (done) {
			done = renameat(old.folder, old.name, new.folder, new.name) == 0;
			close_spot(&new);
		}
		close_spot(&old);
	}
	answer(id, done);
	free(to);
	return true;
}

static bool use(const struct frame *frame, struct reader *reader, const char *path)
{
	switch (frame->flags) {
	case TOOL_READ:
		return read_tool(frame->id, reader, path);
	case TOOL_LIST:
		return list_tool(frame->id, reader, path);
	case TOOL_FACTS:
		return facts_tool(frame->id, reader, path);
	case TOOL_MAKE_FOLDER:
		return make_folder_tool(frame->id, reader, path);
	case TOOL_SET_MODE:
		return set_mode_tool(frame->id, reader, path);
	case TOOL_TARGET:
		return target_tool(frame->id, reader, path);
	case TOOL_LINK:
		return link_tool(frame->id, reader, path);
	case TOOL_REMOVE:
		return remove_tool(frame->id, reader, path);
	case TOOL_RENAME:
		return rename_tool(frame->id, reader, path);
	default:
		return false;
	}
}

bool use_file_tool(const struct frame *frame)
{
	if (frame->flags == TOOL_WRITE)
		return write_tool(frame);
	struct reader reader = { frame->payload, frame->length, false };
	char *path = read_text(&reader, MOST_PATH);
	bool kept = path && use(frame, &reader, path);
	free(path);
	return kept;
}
