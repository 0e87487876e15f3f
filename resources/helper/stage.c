/*
 * Before bubblewrap: mounts what it cannot, in namespaces that nobody else sees, as an account without rights, and
 * runs it there. What is mounted stands below /sys, which bubblewrap does not use and no folder can be in the way of.
 *
 *     stage [--account UID GID] [--place NAME PATH]... [--overlay NAME FD PATH PLACE]... [--layers NAME FD PATH PLACE]...
 *           -- FILE NAME ARGUMENTS...
 *
 * --place    shows a folder of Holdfast's own, which the account may not reach by its path
 * --overlay  shows PATH, which must be what FD is open on, with a place's folders `upper` and `work` over it
 * --layers   the same to read only: nothing is written to `upper`, which several may show at once
 */
#define _GNU_SOURCE
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_PLACES = 128, EXIT_STAGE = 71, LENGTH = 4400 };

struct place {
	const char *name, *path;
};

struct overlay {
	const char *name, *path, *place;
	int fd;
	bool reads;
};

struct stage {
	bool drops;
	uid_t uid;
	gid_t gid;
	struct place places[MOST_PLACES];
	struct overlay overlays[MOST_PLACES];
	int place_count, overlay_count;
};

static _Noreturn void fail(const char *what, const char *on)
{
	dprintf(2, "stage: %s %s: %s\n", what, on, strerror(errno));
	_exit(EXIT_STAGE);
}

static long number(const char *text)
{
	char *end;
	errno = 0;
	long value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < 0) {
		errno = EINVAL;
		fail("read the number", text);
	}
	return value;
}

/* A name of one part: it becomes a folder below /sys. */
static const char *checked_name(const char *name)
{
	if (!*name || *name == '.' || strchr(name, '/') || strlen(name) > 40) {
		errno = EINVAL;
		fail("use the name", name);
	}
	return name;
}

static void below(char *path, const char *name, const char *rest)
{
	snprintf(path, LENGTH, "/sys/%s%s", name, rest);
}

static char **read_arguments(struct stage *stage, char **argument)
{
	for (; *argument && strcmp(*argument, "--") != 0; argument++) {
		char **value = argument + 1;
		if (strcmp(*argument, "--account") == 0 && value[0] && value[1]) {
			stage->drops = true;
			stage->uid = (uid_t)number(value[0]);
			stage->gid = (gid_t)number(value[1]);
			argument += 2;
		} else if (strcmp(*argument, "--place") == 0 && value[0] && value[1] &&
			   stage->place_count < MOST_PLACES) {
			stage->places[stage->place_count++] = (struct place){ checked_name(value[0]), value[1] };
			argument += 2;
		} else if ((strcmp(*argument, "--overlay") == 0 || strcmp(*argument, "--layers") == 0) && value[0] &&
			   value[1] && value[2] && value[3] && stage->overlay_count < MOST_PLACES) {
			stage->overlays[stage->overlay_count++] =
				(struct overlay){ .name = checked_name(value[0]),
						  .fd = (int)number(value[1]),
						  .path = value[2],
						  .place = checked_name(value[3]),
						  .reads = strcmp(*argument, "--layers") == 0 };
			argument += 4;
		} else {
			errno = EINVAL;
			fail("understand", *argument);
		}
	}
	if (!argument[0] || !argument[1] || !argument[2]) {
		errno = EINVAL;
		fail("find", "the program");
	}
	return argument + 1;
}

static void write_line(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, line, strlen(line)) != (ssize_t)strlen(line))
		fail("write", path);
	close(fd);
}

/* A user namespace in which this account is only itself, and may mount. */
static void enter_own_namespaces(uid_t uid, gid_t gid)
{
	char line[64];
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		fail("make", "a user namespace");
	write_line("/proc/self/setgroups", "deny");
	snprintf(line, sizeof line, "%u %u 1", uid, uid);
	write_line("/proc/self/uid_map", line);
	snprintf(line, sizeof line, "%u %u 1", gid, gid);
	write_line("/proc/self/gid_map", line);
}

static void show_places(const struct stage *stage)
{
	char at[LENGTH];
	if (mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL) != 0)
		fail("part from", "the machine's mounts");
	if (mount("tmpfs", "/sys", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=256k,nr_inodes=512,mode=0755") != 0)
		fail("mount", "/sys");
	for (int each = 0; each < stage->place_count; each++) {
		below(at, stage->places[each].name, "");
		if (mkdir(at, 0755) != 0 || mount(stage->places[each].path, at, NULL, MS_BIND | MS_REC, NULL) != 0)
			fail("show", stage->places[each].path);
	}
	for (int each = 0; each < stage->overlay_count; each++) {
		below(at, stage->overlays[each].name, "");
		if (mkdir(at, 0755) != 0)
			fail("make", at);
	}
}

static void become(uid_t uid, gid_t gid)
{
	if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0)
		fail("become", "the account of the sandbox");
	/* Else the kernel gives what describes this process, its maps of accounts among it, to root. */
	if (prctl(PR_SET_DUMPABLE, 1) != 0)
		fail("become", "an ordinary process");
}

/* Opened anew, for a descriptor of another mount namespace cannot be mounted from; and then compared. */
static int reopen(const struct overlay *overlay)
{
	struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, overlay->path, &how, sizeof how);
	if (fd < 0)
		fail("open", overlay->path);
	struct stat meant, found;
	if (fstat(overlay->fd, &meant) != 0 || fstat(fd, &found) != 0)
		fail("look at", overlay->path);
	if (meant.st_dev != found.st_dev || meant.st_ino != found.st_ino) {
		errno = ESTALE;
		fail("find the granted folder at", overlay->path);
	}
	return fd;
}

static void show_overlay(const struct overlay *overlay)
{
	char at[LENGTH], options[LENGTH];
	int lower = reopen(overlay);
	below(at, overlay->name, "");
	if (overlay->reads)
		snprintf(options, sizeof options,
			 "userxattr,index=off,metacopy=off,lowerdir=/sys/%s/upper:/proc/self/fd/%d", overlay->place, lower);
	else
		snprintf(options, sizeof options,
			 "userxattr,index=off,metacopy=off,lowerdir=/proc/self/fd/%d,upperdir=/sys/%s/upper,workdir=/sys/%s/work",
			 lower, overlay->place, overlay->place);
	if (mount("overlay", at, "overlay", MS_NOSUID | MS_NODEV | (overlay->reads ? MS_RDONLY : 0), options) != 0)
		fail("lay an overlay over", overlay->path);
	close(lower);
}

int stage(int count, char **arguments)
{
	static struct stage wanted;
	if (count < 1)
		return EXIT_STAGE;
	char **program = read_arguments(&wanted, arguments);
	if (!wanted.drops) {
		wanted.uid = getuid();
		wanted.gid = getgid();
		enter_own_namespaces(wanted.uid, wanted.gid);
		show_places(&wanted);
	} else {
		if (wanted.place_count > 0 || wanted.overlay_count > 0) {
			if (unshare(CLONE_NEWNS) != 0)
				fail("make", "a mount namespace");
			show_places(&wanted);
		}
		become(wanted.uid, wanted.gid);
		if (wanted.overlay_count > 0)
			enter_own_namespaces(wanted.uid, wanted.gid);
	}
	for (int each = 0; each < wanted.overlay_count; each++)
		show_overlay(&wanted.overlays[each]);
	execv(program[0], program + 1);
	fail("run", program[0]);
}
