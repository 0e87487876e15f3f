/*
 * Landlock's calls and numbers, our own because kernel headers are often older than kernels. The numbers are the
 * same on every architecture.
 */
#ifndef HOLDFAST_LANDLOCK_H
#define HOLDFAST_LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define ACCESS_EXECUTE (1ULL << 0)
#define ACCESS_WRITE_FILE (1ULL << 1)
#define ACCESS_READ_FILE (1ULL << 2)
#define ACCESS_READ_FOLDER (1ULL << 3)
#define ACCESS_REMOVE_FOLDER (1ULL << 4)
#define ACCESS_REMOVE_FILE (1ULL << 5)
#define ACCESS_MAKE_CHARACTER_DEVICE (1ULL << 6)
#define ACCESS_MAKE_FOLDER (1ULL << 7)
#define ACCESS_MAKE_FILE (1ULL << 8)
#define ACCESS_MAKE_SOCKET (1ULL << 9)
#define ACCESS_MAKE_FIFO (1ULL << 10)
#define ACCESS_MAKE_BLOCK_DEVICE (1ULL << 11)
#define ACCESS_MAKE_LINK (1ULL << 12)
#define ACCESS_REFER (1ULL << 13)
#define ACCESS_TRUNCATE (1ULL << 14)
#define ACCESS_DEVICE_CONTROL (1ULL << 15)

#define READ_RIGHTS (ACCESS_READ_FILE | ACCESS_READ_FOLDER)
/* Never the making of devices. */
#define WRITE_RIGHTS                                                                                         \
	(READ_RIGHTS | ACCESS_WRITE_FILE | ACCESS_REMOVE_FOLDER | ACCESS_REMOVE_FILE | ACCESS_MAKE_FOLDER |  \
	 ACCESS_MAKE_FILE | ACCESS_MAKE_SOCKET | ACCESS_MAKE_FIFO | ACCESS_MAKE_LINK | ACCESS_REFER |        \
	 ACCESS_TRUNCATE)
/* In a folder also what an overlay hides: the kernel marks it by a device that is none, and lets nobody make others. */
#define DEVICE_RIGHTS                                                                                        \
	(READ_RIGHTS | ACCESS_WRITE_FILE | ACCESS_DEVICE_CONTROL | ACCESS_MAKE_CHARACTER_DEVICE)

/* The version of this kernel; 0 where there is none, or where it may not be used. */
int landlock_version(void);

/* A descriptor, or -1. With `paths` whatever no rule allows is forbidden; signals and abstract sockets always. */
int landlock_rules(int version, bool paths);
bool landlock_allow(int rules, int version, int place, uint64_t access);
/* For good, for this process and its children. */
bool landlock_restrict(int rules);

#endif
