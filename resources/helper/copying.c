#include "copying.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "protocol.h"
#include "records.h"

enum { AT_ONCE = 65536, MOST_AT_ONCE = 1 << 30 };

int open_file(const char *path, uint32_t *reason)
{
	struct stat facts;
	int fd = open_real(path, O_RDONLY, 0);
	*reason = REFUSED_BY_KERNEL;
	if (fd < 0)
		return -1;
	if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode))
		return fd;
	errno = S_ISDIR(facts.st_mode) ? EISDIR : EINVAL;
	*reason = REFUSED_NO_FILE;
	int kept = errno;
	close(fd);
	errno = kept;
	return -1;
}

bool open_beside(struct beside *beside, const char *path, mode_t mode)
{
	if (!open_spot(&beside->spot, path))
		return false;
	for (int attempt = 0; attempt < 16; attempt++) {
		uint64_t random;
		if (getrandom(&random, sizeof random, 0) != sizeof random)
			break;
		snprintf(beside->name, sizeof beside->name, ".%016llx.part", (unsigned long long)random);
		beside->fd = openat(beside->spot.folder, beside->name,
				    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
		if (beside->fd >= 0)
			return true;
		if (errno != EEXIST)
			break;
	}
	close_spot(&beside->spot);
	return false;
}

void drop_beside(struct beside *beside)
{
	int kept = errno;
	unlinkat(beside->spot.folder, beside->name, 0);
	close(beside->fd);
	close_spot(&beside->spot);
	errno = kept;
}

bool take_name(struct beside *beside, bool only_new)
{
	unsigned flags = only_new ? RENAME_NOREPLACE : 0;
	long done = syscall(SYS_renameat2, beside->spot.folder, beside->name, beside->spot.folder,
			    beside->spot.name, flags);
	if (done != 0) {
		drop_beside(beside);
		return false;
	}
	close(beside->fd);
	close_spot(&beside->spot);
	return true;
}

static bool write_all(int fd, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		ssize_t some = write(fd, bytes, length);
		if (some < 0 && errno == EINTR)
			continue;
		if (some < 0)
			return false;
		bytes += some;
		length -= (size_t)some;
	}
	return true;
}

/* From where both stand; `most` bytes, or fewer where there are no more. */
static bool copy_by_hand(int from, int to, uint64_t most)
{
	static uint8_t bytes[AT_ONCE];
	while (most > 0) {
		ssize_t some = read(from, bytes, most < sizeof bytes ? (size_t)most : sizeof bytes);
		if (some < 0 && errno == EINTR)
			continue;
		if (some <= 0)
			return some == 0;
		if (!write_all(to, bytes, (size_t)some))
			return false;
		most -= (uint64_t)some;
	}
	return true;
}

static bool copy_some(int from, int to, uint64_t most)
{
	while (most > 0) {
		ssize_t some = copy_file_range(from, NULL, to, NULL, most < MOST_AT_ONCE ? (size_t)most : MOST_AT_ONCE, 0);
		if (some == 0)
			break;
		if (some > 0)
			most -= (uint64_t)some;
		else if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
			return false;
		else if (errno != EINTR)
			break;
	}
	/* Between these two it cannot be done in the kernel, or it tells of nothing where there is something. */
	return copy_by_hand(from, to, most);
}

/* What takes no room takes none in the copy either. */
static bool copy_bytes(int from, int to, off_t size)
{
	if (ioctl(to, FICLONE, from) == 0)
		return true;
	for (off_t at = 0; at < size;) {
		off_t begin = lseek(from, at, SEEK_DATA);
		if (begin < 0 && errno == ENXIO)
			break;
		off_t end = begin < 0 ? -1 : lseek(from, begin, SEEK_HOLE);
		if (end < 0) {
			begin = at;
			end = size;
		}
		if (lseek(from, begin, SEEK_SET) < 0 || lseek(to, begin, SEEK_SET) < 0 ||
		    !copy_some(from, to, (uint64_t)(end - begin)))
			return false;
		at = end;
	}
	/* Files made by the kernel say they are empty. */
	return size > 0 ? ftruncate(to, size) == 0 : copy_by_hand(from, to, UINT64_MAX);
}

void copy_file(const char *from, const char *to)
{
	uint32_t reason;
	struct stat facts;
	struct beside beside;
	int source = open_file(from, &reason);
	if (source < 0)
		record_failed(errno, reason);
	if (fstat(source, &facts) != 0 || !open_beside(&beside, to, 0600))
		record_failed(errno, REFUSED_BY_KERNEL);
	struct timespec times[2] = { facts.st_atim, facts.st_mtim };
	if (!copy_bytes(source, beside.fd, facts.st_size) || fchmod(beside.fd, facts.st_mode & 0777) != 0 ||
	    futimens(beside.fd, times) != 0) {
		int error = errno;
		drop_beside(&beside);
		record_failed(error, REFUSED_BY_KERNEL);
	}
	if (!take_name(&beside, false))
		record_failed(errno, REFUSED_BY_KERNEL);
	record_done(0);
}

/* As much as there is, up to the size of the block. */
static ssize_t read_block(int fd, uint8_t *block)
{
	size_t held = 0;
	while (held < AT_ONCE) {
		ssize_t some = read(fd, block + held, AT_ONCE - held);
		if (some < 0 && errno == EINTR)
			continue;
		if (some < 0)
			return -1;
		if (some == 0)
			break;
		held += (size_t)some;
	}
	return (ssize_t)held;
}

void compare_files(const char *one, const char *other)
{
	static uint8_t blocks[2][AT_ONCE];
	uint32_t reason;
	struct stat facts[2];
	int fds[2] = { open_file(one, &reason), -1 };
	if (fds[0] >= 0)
		fds[1] = open_file(other, &reason);
	if (fds[1] < 0)
		record_failed(errno, reason);
	if (fstat(fds[0], &facts[0]) != 0 || fstat(fds[1], &facts[1]) != 0)
		record_failed(errno, REFUSED_BY_KERNEL);
	if (facts[0].st_size != facts[1].st_size)
		record_done(0);
	for (;;) {
		ssize_t lengths[2] = { read_block(fds[0], blocks[0]), read_block(fds[1], blocks[1]) };
		if (lengths[0] < 0 || lengths[1] < 0)
			record_failed(errno, REFUSED_BY_KERNEL);
		if (lengths[0] != lengths[1] || memcmp(blocks[0], blocks[1], (size_t)lengths[0]) != 0)
			record_done(0);
		if (lengths[0] == 0)
			record_done(1);
	}
}
