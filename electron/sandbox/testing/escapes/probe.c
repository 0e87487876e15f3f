/*
 * Tries one thing that a sandbox must refuse, and says what the kernel answered: "done", "errno N", or what it found.
 *
 *     probe WHAT [ARGUMENTS...]
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int answer(long result)
{
	if (result < 0)
		printf("errno %d\n", errno);
	else
		printf("done\n");
	return 0;
}

static long number(const char *text)
{
	return strtol(text, NULL, 0);
}

/* A system call by its number, with numbers for arguments; "0x" ones may be addresses of nothing. */
static int call(int count, char **rest)
{
	long value[7] = { 0 };
	for (int each = 0; each < count && each < 7; each++)
		value[each] = number(rest[each]);
	return answer(syscall(value[0], value[1], value[2], value[3], value[4], value[5], value[6]));
}

/* Each call with no arguments at all, which is harmless where it is let through. */
static int calls(int count, char **numbers)
{
	for (int each = 0; each < count; each++) {
		errno = 0;
		long result = syscall(number(numbers[each]), 0, 0, 0, 0, 0, 0);
		printf("%s:%d ", numbers[each], result < 0 ? errno : 0);
	}
	printf("\n");
	return 0;
}

static int connect_to(int family, const void *address, socklen_t length)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return answer(-1);
	if (connect(fd, address, length) != 0)
		return answer(-1);
	char word[64] = "";
	ssize_t got = read(fd, word, sizeof word - 1);
	printf("connected %.*s\n", (int)(got < 0 ? 0 : got), word);
	return 0;
}

static int connect_tcp(const char *host, const char *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)number(port)) };
	inet_pton(AF_INET, host, &address.sin_addr);
	return connect_to(AF_INET, &address, sizeof address);
}

/* A name that begins with @ is abstract. */
static int connect_unix(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(name);
	memcpy(address.sun_path, name, length);
	if (name[0] == '@')
		address.sun_path[0] = 0;
	return connect_to(AF_UNIX, &address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
}

static int open_and_read(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0600);
	if (fd < 0)
		return answer(-1);
	if ((flags & O_ACCMODE) != O_RDONLY)
		return answer(flags & O_CREAT ? 0 : write(fd, "x", 1));
	char text[200];
	ssize_t got = read(fd, text, sizeof text - 1);
	if (got < 0)
		return answer(-1);
	printf("read %zd\n", got);
	return 0;
}

static int read_memory_of(pid_t process)
{
	char path[64], byte;
	snprintf(path, sizeof path, "/proc/%d/mem", process ? process : getpid());
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd >= 0) {
		printf("opened\n");
		return 0;
	}
	int opened = errno;
	struct iovec here = { &byte, 1 }, there = { (void *)0x400000, 1 };
	long got = syscall(SYS_process_vm_readv, process, &here, 1, &there, 1, 0);
	printf("errno %d, %s %d\n", opened, got < 0 ? "errno" : "read", got < 0 ? errno : 0);
	return 0;
}

static int leaked_descriptors(void)
{
	int found = 0;
	for (int fd = 3; fd < 65536; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("%d open, ", fd), found++;
	printf("%d leaked\n", found);
	return 0;
}

static int make_device(const char *path)
{
	return answer(mknod(path, S_IFCHR | 0666, makedev(1, 1)));
}

static int swap_names(const char *one, const char *other, long times)
{
	for (long each = 0; each < times || times == 0; each++)
		if (syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2) != 0)
			return answer(-1);
	return answer(0);
}

#if defined(__x86_64__)
/* getpid, as programs of 32 bits ask for it. */
static int call_as_i386(void)
{
	long result = 20;
	__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
	return answer(result);
}

static int call_as_x32(void)
{
	return answer(syscall(0x40000000 + SYS_getpid));
}
#else
static int call_as_i386(void)
{
	raise(SIGSYS);
	return 1;
}
#define call_as_x32 call_as_i386
#endif

static int clone_with(long flags)
{
	return answer(syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0));
}

static int clone3_with(long flags)
{
	uint64_t arguments[11] = { (uint64_t)flags, [4] = SIGCHLD };
	long result = syscall(SYS_clone3, arguments, sizeof arguments);
	if (result == 0)
		_exit(0);
	return answer(result);
}

static int in_many_processes(void)
{
	long made = 0;
	for (;;) {
		pid_t child = fork();
		if (child < 0)
			break;
		if (child == 0) {
			pause();
			_exit(0);
		}
		made++;
	}
	printf("made %ld, errno %d\n", made, errno);
	return 0;
}

static int fill_memory(void)
{
	for (size_t all = 0;; all += 1 << 20) {
		char *part = malloc(1 << 20);
		if (!part)
			return answer(-1);
		memset(part, (int)(all >> 20) | 1, 1 << 20);
		usleep(1000);
	}
}

static int fill_disk(const char *folder, useconds_t pause_after_each)
{
	static char part[1 << 16];
	char path[4200];
	long all = 0;
	for (int each = 0;; each++) {
		snprintf(path, sizeof path, "%s/fill-%d", folder, each);
		int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			break;
		ssize_t put;
		long before = all;
		for (int turn = 0; turn < 16 && (put = write(fd, part, sizeof part)) > 0; turn++)
			all += put;
		close(fd);
		usleep(pause_after_each);
		if (all == before)
			break;
	}
	printf("wrote %ld, errno %d\n", all, errno);
	return 0;
}

static int make_files(const char *folder, long count)
{
	char path[4200];
	for (long each = 0; each < count; each++) {
		snprintf(path, sizeof path, "%s/empty-%ld", folder, each);
		int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			return answer(-1);
		close(fd);
	}
	pause();
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	const char *what = argc > 1 ? argv[1] : "";
	char **rest = argv + 2;
	int count = argc - 2;
	char letter = 'x';
	if (strcmp(what, "call") == 0)
		return call(count, rest);
	if (strcmp(what, "calls") == 0)
		return calls(count, rest);
	if (strcmp(what, "tcp") == 0)
		return connect_tcp(rest[0], rest[1]);
	if (strcmp(what, "unix") == 0)
		return connect_unix(rest[0]);
	if (strcmp(what, "socket") == 0)
		return answer(socket((int)number(rest[0]), (int)number(rest[1]), (int)number(rest[2])));
	if (strcmp(what, "read") == 0)
		return open_and_read(rest[0], O_RDONLY);
	if (strcmp(what, "write") == 0)
		return open_and_read(rest[0], O_WRONLY);
	if (strcmp(what, "make") == 0)
		return open_and_read(rest[0], O_WRONLY | O_CREAT);
	if (strcmp(what, "cut") == 0)
		return answer(truncate(rest[0], 0));
	if (strcmp(what, "mode") == 0)
		return answer(chmod(rest[0], (mode_t)number(rest[1])));
	if (strcmp(what, "own") == 0)
		return answer(chown(rest[0], 0, 0));
	if (strcmp(what, "link") == 0)
		return answer(link(rest[0], rest[1]));
	if (strcmp(what, "rename") == 0)
		return answer(rename(rest[0], rest[1]));
	if (strcmp(what, "unlink") == 0)
		return answer(unlink(rest[0]));
	if (strcmp(what, "swap") == 0)
		return swap_names(rest[0], rest[1], number(rest[2]));
	if (strcmp(what, "device") == 0)
		return make_device(rest[0]);
	if (strcmp(what, "mount") == 0)
		return answer(mount("none", rest[0], "tmpfs", 0, NULL));
	if (strcmp(what, "remount") == 0)
		return answer(mount("none", rest[0], NULL, MS_REMOUNT | MS_BIND, NULL));
	if (strcmp(what, "unmount") == 0)
		return answer(umount2(rest[0], MNT_DETACH));
	if (strcmp(what, "memory") == 0)
		return read_memory_of((pid_t)number(rest[0]));
	if (strcmp(what, "attach") == 0)
		return answer(ptrace(PTRACE_ATTACH, (pid_t)number(rest[0]), 0, 0));
	if (strcmp(what, "kill") == 0)
		return answer(kill((pid_t)number(rest[0]), SIGKILL));
	if (strcmp(what, "descriptors") == 0)
		return leaked_descriptors();
	if (strcmp(what, "i386") == 0)
		return call_as_i386();
	if (strcmp(what, "x32") == 0)
		return call_as_x32();
	if (strcmp(what, "clone") == 0)
		return clone_with(number(rest[0]));
	if (strcmp(what, "clone3") == 0)
		return clone3_with(number(rest[0]));
	if (strcmp(what, "unshare") == 0)
		return answer(unshare((int)number(rest[0])));
	if (strcmp(what, "root") == 0)
		return answer(setuid(0));
	if (strcmp(what, "personality") == 0)
		return answer(personality(ADDR_NO_RANDOMIZE));
	if (strcmp(what, "type") == 0)
		return answer(ioctl(0, TIOCSTI, &letter));
	if (strcmp(what, "fork-bomb") == 0)
		return in_many_processes();
	if (strcmp(what, "memory-bomb") == 0)
		return fill_memory();
	if (strcmp(what, "disk-bomb") == 0)
		return fill_disk(rest[0], 0);
	if (strcmp(what, "empty-files") == 0)
		return make_files(rest[0], number(rest[1]));
	/* So slowly that a watchdog has its turn before the disk of this machine is full. */
	if (strcmp(what, "slow-disk-bomb") == 0)
		return fill_disk(rest[0], 20000);
	fprintf(stderr, "nothing is called %s\n", what);
	return 64;
}
