#include "walking.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "paths.h"
#include "protocol.h"
#include "records.h"

/* As deep as paths can be written; each open folder on the way costs one descriptor, so they are few. */
enum { MOST_DEPTH = 900, NAMES = 4 * PATH_MAX };

struct trail {
	/* Where the present folder's path ends in `path`. */
	size_t length;
	char path[NAMES];
	int depth;
};

static bool is_marked(const char *entry, const char *mark, char wanted)
{
	static const char *const kinds[] = { "user", "trusted" };
	for (size_t each = 0; each < 2; each++) {
		char name[64], value[256];
		snprintf(name, sizeof name, "%s.overlay.%s", kinds[each], mark);
		ssize_t length = lgetxattr(entry, name, value, sizeof value);
		if (length >= 0 && (wanted == 0 || (length > 0 && value[0] == wanted)))
			return true;
	}
	return false;
}

struct marks {
	uint8_t overlay;
	bool copied_up;
};

/* Of an entry of the folder we stand in: attributes are asked for by name, never by descriptor and name. */
static struct marks marks_of(const char *entry, const struct stat *facts)
{
	struct marks marks = { OVERLAY_NONE, false };
	char names[1024];
	if (S_ISCHR(facts->st_mode) && facts->st_rdev == makedev(0, 0))
		return (struct marks){ OVERLAY_WHITEOUT, false };
	if (!S_ISREG(facts->st_mode) && !S_ISDIR(facts->st_mode))
		return marks;
	if (llistxattr(entry, names, sizeof names) == 0)
		return marks;
	if (S_ISREG(facts->st_mode) && facts->st_size == 0 && is_marked(entry, "whiteout", 0))
		marks.overlay = OVERLAY_WHITEOUT;
	else if (S_ISDIR(facts->st_mode) && is_marked(entry, "opaque", 'y'))
		marks.overlay = OVERLAY_OPAQUE;
	marks.copied_up = is_marked(entry, "origin", 0);
	return marks;
}

static void record_entry(const struct trail *trail, int folder, const char *name, const struct stat *facts)
{
	uint8_t bytes[NAMES + PATH_MAX + FACTS_SIZE + 32];
	char target[PATH_MAX];
	struct marks marks = marks_of(name, facts);
	ssize_t length = S_ISLNK(facts->st_mode) ? readlinkat(folder, name, target, sizeof target) : 0;
	struct writer writer = { bytes, sizeof bytes, false };
	write_facts(&writer, facts);
	write_u8(&writer, marks.overlay);
	write_u8(&writer, marks.copied_up);
	write_bytes(&writer, trail->path, trail->length);
	write_bytes(&writer, target, length > 0 ? (size_t)length : 0);
	record(RECORD_ENTRY, &writer, bytes);
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static DIR *open_listing(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	if (fd >= 0 && !listing)
		close(fd);
	return listing;
}

/* Appends a name to the trail. False where it leads deeper than anybody can be told of: that stays unseen. */
static bool descend(struct trail *trail, const char *name)
{
	size_t length = strlen(name);
	if (trail->depth >= MOST_DEPTH || trail->length + length + 2 > sizeof trail->path)
		return false;
	if (trail->length > 0)
		trail->path[trail->length++] = '/';
	memcpy(trail->path + trail->length, name, length);
	trail->length += length;
	trail->depth++;
	return true;
}

static void ascend(struct trail *trail, size_t before)
{
	trail->length = before;
	trail->depth--;
}

static void walk_folder(struct trail *trail, DIR *listing)
{
	int folder = dirfd(listing);
	if (fchdir(folder) != 0) {
		if (trail->depth > 0 && errno == EACCES)
			return;
		record_failed(errno, REFUSED_BY_KERNEL);
	}
	for (;;) {
		struct stat facts;
		errno = 0;
		const struct dirent *entry = readdir(listing);
		if (!entry && errno != 0)
			record_failed(errno, REFUSED_BY_KERNEL);
		if (!entry)
			break;
		/* What went away meanwhile is not there. */
		if (is_dots(entry->d_name) || fstatat(folder, entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		size_t before = trail->length;
		if (!descend(trail, entry->d_name))
			continue;
		record_entry(trail, folder, entry->d_name, &facts);
		if (S_ISDIR(facts.st_mode)) {
			DIR *inner = open_listing(folder, entry->d_name);
			/* One that is closed to its owner is told, as its mode is; what it holds is not. */
			if (!inner && errno != ENOENT && errno != EACCES)
				record_failed(errno, REFUSED_BY_KERNEL);
			if (inner) {
				walk_folder(trail, inner);
				closedir(inner);
				if (fchdir(folder) != 0)
					record_failed(errno, REFUSED_BY_KERNEL);
			}
		}
		ascend(trail, before);
	}
}

void walk(const char *path)
{
	static struct trail trail;
	int folder = open_real(path, O_RDONLY | O_DIRECTORY, 0);
	DIR *listing = folder < 0 ? NULL : fdopendir(folder);
	if (!listing)
		record_failed(errno, REFUSED_BY_KERNEL);
	walk_folder(&trail, listing);
	record_done(0);
}

static void empty_folder(int depth, int folder, const char *name)
{
	if (depth >= MOST_DEPTH)
		record_failed(ENAMETOOLONG, REFUSED_BY_KERNEL);
	DIR *listing = open_listing(folder, name);
	if (!listing)
		record_failed(errno, REFUSED_BY_KERNEL);
	for (;;) {
		errno = 0;
		const struct dirent *entry = readdir(listing);
		if (!entry && errno != 0)
			record_failed(errno, REFUSED_BY_KERNEL);
		if (!entry)
			break;
		if (is_dots(entry->d_name) || unlinkat(dirfd(listing), entry->d_name, 0) == 0)
			continue;
		if (errno == EISDIR || errno == EPERM) {
			empty_folder(depth + 1, dirfd(listing), entry->d_name);
			if (unlinkat(dirfd(listing), entry->d_name, AT_REMOVEDIR) == 0)
				continue;
		}
		if (errno != ENOENT)
			record_failed(errno, REFUSED_BY_KERNEL);
	}
	closedir(listing);
}

void remove_tree(const char *path)
{
	struct spot spot;
	struct stat facts;
	if (!open_spot(&spot, path) || fstatat(spot.folder, spot.name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
		record_failed(errno, REFUSED_BY_KERNEL);
	if (S_ISDIR(facts.st_mode))
		empty_folder(0, spot.folder, spot.name);
	if (unlinkat(spot.folder, spot.name, S_ISDIR(facts.st_mode) ? AT_REMOVEDIR : 0) != 0)
		record_failed(errno, REFUSED_BY_KERNEL);
	record_done(0);
}
