#include "records.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "protocol.h"

static int output = -1;
static uint8_t gathered[65536];
static size_t length;

void records_to(int fd)
{
	output = fd;
}

static void send_gathered(void)
{
	size_t sent = 0;
	while (sent < length) {
		ssize_t some = write(output, gathered + sent, length - sent);
		if (some < 0 && errno == EINTR)
			continue;
		/* Nobody listens any more. */
		if (some < 0)
			_exit(1);
		sent += (size_t)some;
	}
	length = 0;
}

void record(uint8_t kind, const struct writer *writer, const uint8_t *start)
{
	size_t size = (size_t)(writer->at - start);
	if (length + 5 + size > sizeof gathered)
		send_gathered();
	struct writer into = { gathered + length, sizeof gathered - length, false };
	write_u32(&into, (uint32_t)size + 1);
	write_u8(&into, kind);
	write_raw(&into, start, size);
	length = (size_t)(into.at - gathered);
}

static _Noreturn void record_last(uint8_t kind, uint32_t one, uint32_t other)
{
	uint8_t bytes[8];
	struct writer writer = { bytes, sizeof bytes, false };
	write_u32(&writer, one);
	write_u32(&writer, other);
	record(kind, &writer, bytes);
	send_gathered();
	_exit(0);
}

void record_done(uint32_t value)
{
	record_last(RECORD_DONE, value, 0);
}

void record_failed(int error, uint32_t reason)
{
	record_last(RECORD_FAILED, (uint32_t)error, reason);
}

static uint64_t nanoseconds(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_nsec;
}

void write_facts(struct writer *writer, const struct stat *facts)
{
	uint8_t type = FACTS_OTHER;
	if (S_ISREG(facts->st_mode))
		type = FACTS_FILE;
	else if (S_ISDIR(facts->st_mode))
		type = FACTS_FOLDER;
	else if (S_ISLNK(facts->st_mode))
		type = FACTS_LINK;
	write_u8(writer, type);
	write_u32(writer, facts->st_mode & 07777);
	write_u64(writer, (uint64_t)facts->st_size);
	write_u64(writer, nanoseconds(&facts->st_mtim));
	write_u64(writer, nanoseconds(&facts->st_ctim));
	write_u64(writer, facts->st_dev);
	write_u64(writer, facts->st_ino);
	write_u32(writer, (uint32_t)facts->st_nlink);
}
