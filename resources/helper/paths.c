#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

enum { NO_MAGIC_LINKS = 0x02, NO_LINKS = 0x04 };

struct open_how {
	uint64_t flags, mode, resolve;
};

static const int always = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;

/* For kernels and filters without openat2: one name after the other. */
static int open_stepwise(const char *path, int flags, mode_t mode)
{
	int folder = open("/", O_PATH | O_CLOEXEC);
	while (folder >= 0) {
		path += strspn(path, "/");
		size_t length = strcspn(path, "/");
		char name[NAME_MAX + 1];
		if (length == 0)
			return folder;
		if (length > NAME_MAX) {
			close(folder);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(name, path, length);
		name[length] = 0;
		path += length;
		bool last = path[strspn(path, "/")] == 0;
		int next = last ? openat(folder, name, flags, mode) :
				  openat(folder, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
		int kept = errno;
		close(folder);
		errno = kept;
		if (last)
			return next;
		folder = next;
	}
	return -1;
}

int open_real(const char *path, int flags, mode_t mode)
{
	static bool stepwise;
	if (path[0] != '/') {
		errno = EINVAL;
		return -1;
	}
	/* With O_PATH only a few flags have a meaning, and openat2 refuses the others. */
	int all = flags & O_PATH ? flags | O_CLOEXEC | O_NOFOLLOW : flags | always;
	if (!stepwise) {
		struct open_how how = { (uint64_t)all, flags & O_CREAT ? mode : 0, NO_MAGIC_LINKS | NO_LINKS };
		int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
		if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
			return fd;
		if (errno == EPERM) {
			struct open_how root = { O_PATH | O_CLOEXEC, 0, NO_LINKS };
			int known = (int)syscall(SYS_openat2, AT_FDCWD, "/", &root, sizeof root);
			if (known >= 0) {
				close(known);
				errno = EPERM;
				return -1;
			}
		}
		stepwise = true;
	}
	return open_stepwise(path, all, mode);
}

bool open_spot(struct spot *spot, const char *path)
{
	char folder[PATH_MAX];
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	size_t name = length;
	while (name > 0 && path[name - 1] != '/')
		name--;
	size_t name_length = length - name;
	errno = EINVAL;
	if (path[0] != '/' || name_length == 0 || length >= sizeof folder)
		return false;
	if (name_length > NAME_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(spot->name, path + name, name_length);
	spot->name[name_length] = 0;
	if (strcmp(spot->name, ".") == 0 || strcmp(spot->name, "..") == 0)
		return false;
	memcpy(folder, path, name);
	folder[name] = 0;
	spot->folder = open_real(folder, O_PATH | O_DIRECTORY, 0);
	return spot->folder >= 0;
}

void close_spot(struct spot *spot)
{
	int kept = errno;
	close(spot->folder);
	errno = kept;
}
