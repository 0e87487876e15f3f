#include "confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "facts-filter.h"
#include "landlock.h"
#include "paths.h"
#include "protocol.h"

enum { MOST_PLACES = 1024, MOST_PATH = 4095 };
enum { MOST_LIMITS = 16, MOST_FILTER = 4096 };

/* In the order of the numbers that stand for them in CONFIG. */
static const int resources[] = { RLIMIT_AS,	 RLIMIT_CORE,  RLIMIT_CPU,   RLIMIT_DATA, RLIMIT_FSIZE,
				 RLIMIT_MEMLOCK, RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_STACK };

static bool add_places(struct confinement *confinement, struct reader *reader, uint64_t access)
{
	char **paths = read_texts(reader, MOST_PLACES, MOST_PATH);
	if (!paths)
		return false;
	size_t count = 0;
	while (paths[count])
		count++;
	struct place *places =
		realloc(confinement->places, (confinement->place_count + count + 1) * sizeof *places);
	if (!places)
		return false;
	confinement->places = places;
	for (size_t each = 0; each < count; each++)
		places[confinement->place_count++] = (struct place){ .path = paths[each], .access = access };
	free(paths);
	return true;
}

static bool mark_always(struct confinement *confinement, struct reader *reader)
{
	char **paths = read_texts(reader, MOST_PLACES, MOST_PATH);
	if (!paths)
		return false;
	for (char **path = paths; *path; path++)
		for (size_t each = 0; each < confinement->place_count; each++)
			if (strcmp(confinement->places[each].path, *path) == 0)
				confinement->places[each].always = true;
	free_texts(paths);
	return true;
}

static bool read_limits(struct confinement *confinement, struct reader *reader)
{
	uint32_t count = read_u32(reader);
	if (reader->bad || count > MOST_LIMITS)
		return false;
	confinement->limits = calloc(count + 1, sizeof *confinement->limits);
	if (!confinement->limits)
		return false;
	for (uint32_t each = 0; each < count; each++) {
		uint32_t which = read_u32(reader);
		uint64_t most = read_u64(reader);
		if (which >= sizeof resources / sizeof *resources)
			return false;
		confinement->limits[confinement->limit_count++] = (struct limit){ resources[which], most };
	}
	return !reader->bad;
}

static bool read_filter(struct confinement *confinement, struct reader *reader)
{
	struct slice bytes = read_bytes(reader);
	size_t length = bytes.length / sizeof(struct sock_filter);
	if (reader->bad || length == 0 || length > MOST_FILTER || bytes.length % sizeof(struct sock_filter) != 0)
		return false;
	confinement->filter = malloc(bytes.length);
	if (!confinement->filter)
		return false;
	memcpy(confinement->filter, bytes.at, bytes.length);
	confinement->filter_length = length;
	return true;
}

bool read_confinement(struct confinement *confinement, struct reader *reader)
{
	*confinement = (struct confinement){ 0 };
	if (read_u32(reader) != PROTOCOL_VERSION)
		return false;
	confinement->least_landlock = read_u32(reader);
	if (!add_places(confinement, reader, READ_RIGHTS) || !add_places(confinement, reader, WRITE_RIGHTS))
		return false;
	confinement->reported = confinement->place_count;
	if (!add_places(confinement, reader, READ_RIGHTS | ACCESS_EXECUTE) ||
	    !add_places(confinement, reader, DEVICE_RIGHTS) || !mark_always(confinement, reader) ||
	    !read_limits(confinement, reader))
		return false;
	uint32_t port = read_u32(reader);
	confinement->proxy_port = (uint16_t)port;
	confinement->terminal = read_u32(reader) != 0;
	return port <= UINT16_MAX && read_filter(confinement, reader) && is_whole(reader);
}

/* Whoever started us as root without a user namespace: no capability of that goes on. */
static bool drop_capabilities(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
	return syscall(SYS_capset, &header, none) == 0;
}

bool give_up_privileges(struct failure *failure)
{
	struct rlimit no_core = { 0, 0 };
	*failure = (struct failure){ PART_PRIVILEGES, 0, "" };
	if (drop_capabilities() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	    setrlimit(RLIMIT_CORE, &no_core) == 0)
		return true;
	failure->number = (uint32_t)errno;
	return false;
}

static bool look_at(struct place *place)
{
	struct stat facts;
	int fd = open(place->path, O_PATH | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &facts) != 0) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	place->device = facts.st_dev;
	place->inode = facts.st_ino;
	close(fd);
	return true;
}

static bool allow_path(int rules, int version, const char *path, uint64_t access)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool allowed = landlock_allow(rules, version, fd, access);
	int kept = errno;
	close(fd);
	errno = kept;
	return allowed;
}

bool restrict_paths(struct confinement *confinement, struct failure *failure)
{
	*failure = (struct failure){ PART_PLACE, 0, "" };
	for (size_t each = 0; each < confinement->reported; each++)
		if (!look_at(&confinement->places[each])) {
			*failure = (struct failure){ PART_PLACE, (uint32_t)errno, confinement->places[each].path };
			return false;
		}
	int version = landlock_version();
	failure->part = PART_LANDLOCK;
	if ((uint32_t)version < confinement->least_landlock) {
		failure->number = ENOSYS;
		return false;
	}
	/* Asked for none: the executor answers for the paths by other means. */
	if (confinement->least_landlock == 0)
		return true;
	int rules = landlock_rules(version, true);
	if (rules < 0) {
		failure->number = (uint32_t)errno;
		return false;
	}
	for (size_t each = 0; each < confinement->place_count; each++) {
		const struct place *place = &confinement->places[each];
		if (!allow_path(rules, version, place->path, place->access)) {
			*failure = (struct failure){ PART_PLACE, (uint32_t)errno, place->path };
			close(rules);
			return false;
		}
	}
	bool done = landlock_restrict(rules);
	failure->number = (uint32_t)errno;
	close(rules);
	confinement->landlock = done ? version : 0;
	return done;
}

bool put_on_filter(struct confinement *confinement, struct failure *failure)
{
	struct sock_fprog program = { (unsigned short)confinement->filter_length, confinement->filter };
	*failure = (struct failure){ PART_FILTER, 0, "" };
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) {
		failure->number = (uint32_t)errno;
		return false;
	}
	free(confinement->filter);
	confinement->filter = NULL;
	return true;
}

bool put_on_limits(const struct confinement *confinement)
{
	for (size_t each = 0; each < confinement->limit_count; each++) {
		const struct limit *limit = &confinement->limits[each];
		struct rlimit now;
		if (getrlimit(limit->resource, &now) != 0)
			return false;
		/* What holds already may be tighter; nobody here could loosen it. */
		rlim_t most = now.rlim_max < limit->most ? now.rlim_max : limit->most;
		struct rlimit wanted = { most, most };
		if (setrlimit(limit->resource, &wanted) != 0)
			return false;
	}
	return true;
}

/* The same place by any way that leads through no link: it was named by its real path. */
static bool allow_real_path(int rules, int version, const char *path, uint64_t access)
{
	int fd = open_real(path, O_PATH, 0);
	if (fd < 0)
		return false;
	bool allowed = landlock_allow(rules, version, fd, access);
	close(fd);
	return allowed;
}

bool nest(const struct confinement *confinement, bool narrowed, char **read, char **write)
{
	int version = confinement->landlock;
	if (version == 0)
		return !narrowed;
	int rules = landlock_rules(version, narrowed);
	if (rules < 0)
		return false;
	bool allowed = true;
	if (narrowed) {
		for (size_t each = 0; allowed && each < confinement->place_count; each++) {
			const struct place *place = &confinement->places[each];
			if (place->always)
				allowed = allow_path(rules, version, place->path, place->access);
		}
		for (char **path = read; allowed && *path; path++)
			allowed = allow_real_path(rules, version, *path, READ_RIGHTS | ACCESS_EXECUTE);
		for (char **path = write; allowed && *path; path++)
			allowed = allow_real_path(rules, version, *path, WRITE_RIGHTS | ACCESS_EXECUTE);
	}
	allowed = allowed && landlock_restrict(rules);
	int kept = errno;
	close(rules);
	errno = kept;
	return allowed && (!narrowed || *write || keep_facts_of_files());
}
