#include "facts-filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#define SYS_removexattrat 466
#endif

static const uint32_t refused[] = {
#ifdef SYS_chmod
	SYS_chmod,
	SYS_chown,
	SYS_lchown,
	SYS_utime,
	SYS_utimes,
	SYS_futimesat,
#endif
	SYS_fchmod,	  SYS_fchmodat,	    SYS_fchmodat2, SYS_fchown,	 SYS_fchownat,	  SYS_utimensat,
	SYS_setxattr,	  SYS_lsetxattr,    SYS_fsetxattr, SYS_setxattrat, SYS_removexattr, SYS_lremovexattr,
	SYS_fremovexattr, SYS_removexattrat,
};

enum { CALLS = sizeof refused / sizeof *refused, LENGTH = CALLS + 3 };

/* The session's own filter has ended whoever calls by another architecture's numbers. */
bool keep_facts_of_files(void)
{
	struct sock_filter filter[LENGTH];
	filter[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (uint8_t each = 0; each < CALLS; each++)
		filter[1 + each] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[each],
								(uint8_t)(CALLS - each), 0);
	filter[1 + CALLS] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[2 + CALLS] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	struct sock_fprog program = { LENGTH, filter };
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
