#include "landlock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

enum { ASK_VERSION = 1, RULE_PATH_BENEATH = 1 };
enum { SCOPE_ABSTRACT_SOCKETS = 1, SCOPE_SIGNALS = 2 };

struct rule_set {
	uint64_t paths, network, scope;
};

struct path_rule {
	uint64_t access;
	int32_t place;
} __attribute__((packed));

/* What makes sense on something that is no folder. */
static const uint64_t on_files =
	ACCESS_EXECUTE | ACCESS_WRITE_FILE | ACCESS_READ_FILE | ACCESS_TRUNCATE | ACCESS_DEVICE_CONTROL;

int landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
	return version > 0 ? (int)version : 0;
}

static uint64_t path_rights(int version)
{
	uint64_t rights = ACCESS_REFER - 1;
	if (version >= 2)
		rights |= ACCESS_REFER;
	if (version >= 3)
		rights |= ACCESS_TRUNCATE;
	if (version >= 5)
		rights |= ACCESS_DEVICE_CONTROL;
	return rights;
}

int landlock_rules(int version, bool paths)
{
	struct rule_set set = { 0 };
	size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
	if (version >= 6)
		set.scope = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS;
	if (paths)
		set.paths = path_rights(version);
	else if (set.scope == 0)
		/* A layer must hold something. Nobody may make devices, so this one takes nothing away. */
		set.paths = ACCESS_MAKE_BLOCK_DEVICE | (version >= 2 ? ACCESS_REFER : 0);
	int rules = (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
	if (rules < 0 || paths || set.paths == 0 || version < 2)
		return rules;
	int root = open("/", O_PATH | O_CLOEXEC);
	bool allowed = root >= 0 && landlock_allow(rules, version, root, ACCESS_REFER);
	if (root >= 0)
		close(root);
	if (allowed)
		return rules;
	close(rules);
	return -1;
}

bool landlock_allow(int rules, int version, int place, uint64_t access)
{
	struct stat facts;
	if (fstat(place, &facts) != 0)
		return false;
	access &= path_rights(version);
	if (!S_ISDIR(facts.st_mode))
		access &= on_files;
	struct path_rule rule = { access, place };
	return syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH, &rule, 0) == 0;
}

bool landlock_restrict(int rules)
{
	return syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}
