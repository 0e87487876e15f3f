/*
 * Begins programs without copying the process that begins them, which grows with its memory: for Holdfast's sandboxes.
 * Loaded into Holdfast's own process by Node-API. What cannot be done is answered with the negative number of the error.
 *
 *     start(file, words, descriptors)  its process id; each descriptor has there the number that is its place in the
 *                                      list, and a negative one means that there is none. No variables, all signals
 *                                      as usual, at home in /
 *     ended(pid)                       how a process that was started here has ended: its code, or the negative number
 *                                      of a signal; undefined while it has not; null where nobody knows
 *     pair()                           two descriptors, connected with each other
 *     filled(bytes)                    a descriptor from which these bytes are read; they lie in no file
 */
#define _GNU_SOURCE
#define NAPI_VERSION 8
#include <errno.h>
#include <fcntl.h>
#include <node_api.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

enum { MOST_ARGUMENTS = 3 };

static napi_value misused(napi_env env)
{
	napi_throw_error(env, NULL, "The starter was asked for what it does not understand.");
	return NULL;
}

static napi_value number(napi_env env, int value)
{
	napi_value made = NULL;
	napi_create_int32(env, value, &made);
	return made;
}

/* Null where it is no text, or holds a NUL. */
static char *text_of(napi_env env, napi_value value)
{
	size_t length;
	if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok)
		return NULL;
	char *text = malloc(length + 1);
	if (text && (napi_get_value_string_utf8(env, value, text, length + 1, &length) != napi_ok ||
		     strlen(text) != length)) {
		free(text);
		return NULL;
	}
	return text;
}

struct program {
	char *file;
	char **words;
	uint32_t word_count;
	int *descriptors;
	uint32_t descriptor_count;
};

static bool read_words(napi_env env, napi_value list, struct program *program)
{
	if (napi_get_array_length(env, list, &program->word_count) != napi_ok)
		return false;
	program->words = calloc((size_t)program->word_count + 1, sizeof *program->words);
	if (!program->words)
		return false;
	for (uint32_t each = 0; each < program->word_count; each++) {
		napi_value word;
		if (napi_get_element(env, list, each, &word) != napi_ok ||
		    !(program->words[each] = text_of(env, word)))
			return false;
	}
	return true;
}

static bool read_descriptors(napi_env env, napi_value list, struct program *program)
{
	if (napi_get_array_length(env, list, &program->descriptor_count) != napi_ok)
		return false;
	program->descriptors = calloc((size_t)program->descriptor_count + 1, sizeof *program->descriptors);
	if (!program->descriptors)
		return false;
	for (uint32_t each = 0; each < program->descriptor_count; each++) {
		napi_value descriptor;
		if (napi_get_element(env, list, each, &descriptor) != napi_ok ||
		    napi_get_value_int32(env, descriptor, &program->descriptors[each]) != napi_ok)
			return false;
	}
	return true;
}

static void forget(struct program *program)
{
	free(program->file);
	for (uint32_t each = 0; program->words && each < program->word_count; each++)
		free(program->words[each]);
	free(program->words);
	free(program->descriptors);
}

/* Descriptors move above the numbers that they shall have, so that none is overwritten before it was moved itself. */
static int place_descriptors(const struct program *program, int *moved, posix_spawn_file_actions_t *actions)
{
	for (uint32_t each = 0; each < program->descriptor_count; each++) {
		int failed;
		if (program->descriptors[each] < 0) {
			failed = posix_spawn_file_actions_addclose(actions, (int)each);
			if (failed)
				return failed;
			continue;
		}
		moved[each] = fcntl(program->descriptors[each], F_DUPFD_CLOEXEC, (int)program->descriptor_count);
		if (moved[each] < 0)
			return errno;
		failed = posix_spawn_file_actions_adddup2(actions, moved[each], (int)each);
		if (failed)
			return failed;
	}
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
	int left = posix_spawn_file_actions_addclosefrom_np(actions, (int)program->descriptor_count);
	if (left)
		return left;
#endif
	return posix_spawn_file_actions_addchdir_np(actions, "/");
}

static int reset_signals(posix_spawnattr_t *attributes)
{
	sigset_t all, none;
	sigfillset(&all);
	sigemptyset(&none);
	int failed = posix_spawnattr_setsigdefault(attributes, &all);
	if (!failed)
		failed = posix_spawnattr_setsigmask(attributes, &none);
	return failed ? failed : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

static int run(const struct program *program, int *moved, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char *no_variables[] = { NULL };
	int failed = posix_spawn_file_actions_init(&actions);
	if (failed)
		return failed;
	failed = posix_spawnattr_init(&attributes);
	if (!failed) {
		failed = place_descriptors(program, moved, &actions);
		if (!failed)
			failed = reset_signals(&attributes);
		if (!failed)
			failed = posix_spawn(pid, program->file, &actions, &attributes, program->words, no_variables);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

static int start_program(const struct program *program)
{
	pid_t pid = 0;
	int *moved = malloc(((size_t)program->descriptor_count + 1) * sizeof *moved);
	if (!moved)
		return -ENOMEM;
	for (uint32_t each = 0; each < program->descriptor_count; each++)
		moved[each] = -1;
	int failed = run(program, moved, &pid);
	for (uint32_t each = 0; each < program->descriptor_count; each++)
		if (moved[each] >= 0)
			close(moved[each]);
	free(moved);
	return failed ? -failed : pid;
}

static napi_value start(napi_env env, napi_callback_info info)
{
	size_t count = MOST_ARGUMENTS;
	napi_value given[MOST_ARGUMENTS];
	struct program program = { 0 };
	napi_get_cb_info(env, info, &count, given, NULL, NULL);
	bool understood = count == 3 && (program.file = text_of(env, given[0])) &&
			  read_words(env, given[1], &program) && program.word_count > 0 &&
			  read_descriptors(env, given[2], &program);
	int started = understood ? start_program(&program) : 0;
	forget(&program);
	return understood ? number(env, started) : misused(env);
}

static napi_value ended(napi_env env, napi_callback_info info)
{
	size_t count = MOST_ARGUMENTS;
	napi_value given[MOST_ARGUMENTS], none = NULL;
	int32_t pid;
	napi_get_cb_info(env, info, &count, given, NULL, NULL);
	if (count != 1 || napi_get_value_int32(env, given[0], &pid) != napi_ok || pid <= 0)
		return misused(env);
	int status;
	pid_t found;
	do
		found = waitpid(pid, &status, WNOHANG);
	while (found < 0 && errno == EINTR);
	if (found == 0)
		napi_get_undefined(env, &none);
	else if (found < 0)
		napi_get_null(env, &none);
	else
		return number(env, WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status));
	return none;
}

static napi_value pair(napi_env env, napi_callback_info info)
{
	(void)info;
	int both[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) != 0)
		return number(env, -errno);
	napi_value list = NULL;
	napi_create_array_with_length(env, 2, &list);
	for (uint32_t each = 0; each < 2; each++)
		napi_set_element(env, list, each, number(env, both[each]));
	return list;
}

static int memory_with(const uint8_t *bytes, size_t length)
{
	int fd = memfd_create("given", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
	/* Kernels before 6.3 know no such files that nobody may run. */
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("given", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (size_t done = 0; done < length;) {
		ssize_t written = write(fd, bytes + done, length - done);
		if (written < 0 && errno != EINTR) {
			int failed = errno;
			close(fd);
			return -failed;
		}
		if (written > 0)
			done += (size_t)written;
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static napi_value filled(napi_env env, napi_callback_info info)
{
	size_t count = MOST_ARGUMENTS, length;
	napi_value given[MOST_ARGUMENTS];
	napi_typedarray_type type;
	void *bytes;
	napi_get_cb_info(env, info, &count, given, NULL, NULL);
	if (count != 1 || napi_get_typedarray_info(env, given[0], &type, &length, &bytes, NULL, NULL) != napi_ok ||
	    type != napi_uint8_array)
		return misused(env);
	return number(env, memory_with(bytes, length));
}

NAPI_MODULE_INIT()
{
	static const struct {
		const char *name;
		napi_callback call;
	} offered[] = { { "start", start }, { "ended", ended }, { "pair", pair }, { "filled", filled } };
	for (size_t each = 0; each < sizeof offered / sizeof *offered; each++) {
		napi_value function;
		if (napi_create_function(env, offered[each].name, NAPI_AUTO_LENGTH, offered[each].call, NULL,
					 &function) != napi_ok ||
		    napi_set_named_property(env, exports, offered[each].name, function) != napi_ok)
			return NULL;
	}
	return exports;
}
