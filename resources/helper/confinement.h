/* What the helper puts on itself for good, and on each command anew. */
#ifndef HOLDFAST_CONFINEMENT_H
#define HOLDFAST_CONFINEMENT_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include "bytes.h"

struct place {
	char *path;
	uint64_t access;
	/* Kept by commands whose rights are narrower than the session's. */
	bool always;
	uint64_t device, inode;
};

struct limit {
	int resource;
	rlim_t most;
};

struct confinement {
	struct place *places;
	size_t place_count;
	/* How many of the places come first because their device and inode are asked for. */
	size_t reported;
	struct limit *limits;
	size_t limit_count;
	uint32_t least_landlock;
	/* In force; 0: none. */
	int landlock;
	uint16_t proxy_port;
	bool terminal;
	struct sock_filter *filter;
	size_t filter_length;
};

/* What failed: a PART_… and, for a place, which one. */
struct failure {
	uint32_t part;
	uint32_t number;
	const char *detail;
};

bool read_confinement(struct confinement *confinement, struct reader *reader);
/* No new privileges, and no core dumps nor looks into our memory. */
bool give_up_privileges(struct failure *failure);
bool restrict_paths(struct confinement *confinement, struct failure *failure);
bool put_on_filter(struct confinement *confinement, struct failure *failure);
bool put_on_limits(const struct confinement *confinement);
/*
 * For a command, in its own process: a layer of its own, so that it can neither look into nor signal who started it.
 * With `read` and `write` it may do no more than these and what is always kept.
 */
bool nest(const struct confinement *confinement, bool narrowed, char **read, char **write);

#endif
