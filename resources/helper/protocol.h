/*
 * What goes over the helper's two streams. docs/helper.md tells it in words; a test compares these numbers with
 * those of electron/sandbox/helper/protocol.ts, so each stands on a line of its own.
 */
#ifndef HOLDFAST_PROTOCOL_H
#define HOLDFAST_PROTOCOL_H

#define PROTOCOL_VERSION 1

#define HEADER_SIZE 12
#define MOST_PAYLOAD 1048576
/* How much of one stream may be under way before the other side has taken some of it. */
#define STREAM_WINDOW 262144
#define MOST_COMMANDS 64
#define MOST_CONNECTIONS 256
#define MOST_WRITES 64

/* To the helper. */
#define FRAME_CONFIG 1
#define FRAME_EXEC 2
#define FRAME_STDIN 3
#define FRAME_STDIN_END 4
#define FRAME_SIGNAL 5
#define FRAME_CANCEL 6
#define FRAME_CREDIT 7
#define FRAME_PING 8
#define FRAME_FILE 9
#define FRAME_TUNNEL_OPENED 16
#define FRAME_TUNNEL_REFUSED 17

/* Both ways. */
#define FRAME_TUNNEL_DATA 18
#define FRAME_TUNNEL_END 19
#define FRAME_TUNNEL_CLOSE 20
#define FRAME_TUNNEL_CREDIT 21

/* From the helper. */
#define FRAME_READY 64
#define FRAME_FAILED 65
#define FRAME_RESULT 66
#define FRAME_ERROR 67
#define FRAME_STARTED 68
#define FRAME_OUTPUT 69
#define FRAME_OUTPUT_END 70
#define FRAME_TAKEN 71
#define FRAME_ENDED 72
#define FRAME_TUNNEL_OPEN 73

/* The flags of FRAME_FILE: which tool. */
#define TOOL_READ 1
#define TOOL_WRITE 2
#define TOOL_LIST 3
#define TOOL_FACTS 4
#define TOOL_WALK 5
#define TOOL_MAKE_FOLDER 6
#define TOOL_LINK 7
#define TOOL_REMOVE 8
#define TOOL_RENAME 9
#define TOOL_COPY 10
#define TOOL_SAME 11
#define TOOL_REMOVE_TREE 12
#define TOOL_SET_MODE 13
#define TOOL_TARGET 14

/* What a write does with its bytes. */
#define WRITE_REPLACE 0
#define WRITE_APPEND 1
#define WRITE_CREATE 2
#define WRITE_LAST 1
#define WRITE_HAS_MODE 2

/* Streams of output, in the flags of OUTPUT, OUTPUT_END and CREDIT. */
#define STREAM_OUT 1
#define STREAM_ERR 2

/* The flags of EXEC. */
#define EXEC_TERMINAL 1
#define EXEC_NARROWED 2

/* How a command ended. */
#define END_EXITED 0
#define END_SIGNALLED 1
#define END_NOT_STARTED 2
#define END_LOST 3

/* What could not be done before a command's program ran. */
#define STEP_PROGRAM 0
#define STEP_INTERPRETER 1
#define STEP_FOLDER 2
#define STEP_RIGHTS 3
#define STEP_LIMITS 4
#define STEP_TERMINAL 5
#define STEP_PROCESS 6

/* What of the confinement could not be put on. */
#define PART_PROTOCOL 0
#define PART_PRIVILEGES 1
#define PART_DESCRIPTORS 2
#define PART_PLACE 3
#define PART_LANDLOCK 4
#define PART_LIMITS 5
#define PART_PROXY 6
#define PART_FILTER 7

/* Why a file tool refuses what the kernel would allow. */
#define REFUSED_BY_KERNEL 0
#define REFUSED_NO_FILE 1
#define REFUSED_NAMES 2
#define REFUSED_MANY 3
#define REFUSED_NOT_ENFORCED 4

/* What a long tool's stream of records consists of. */
#define RECORD_ENTRY 1
#define RECORD_DONE 2
#define RECORD_FAILED 3

#define FACTS_FILE 0
#define FACTS_FOLDER 1
#define FACTS_LINK 2
#define FACTS_OTHER 3

#define OVERLAY_NONE 0
#define OVERLAY_WHITEOUT 1
#define OVERLAY_OPAQUE 2

#endif
