#include "probe.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "landlock.h"
#include "protocol.h"

int probe(void)
{
	struct utsname system;
	if (uname(&system) != 0)
		return 1;
	uint32_t action = SECCOMP_RET_KILL_PROCESS;
	int filter = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
	printf("{\"protocol\":%d,\"landlock\":%d,\"seccomp\":%s,\"machine\":\"%s\",\"release\":\"%s\"}\n",
	       PROTOCOL_VERSION, landlock_version(), filter ? "true" : "false", system.machine, system.release);
	return 0;
}
