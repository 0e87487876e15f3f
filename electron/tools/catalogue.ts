import { cargoRun } from './commands/cargo-run.ts';
import { exec } from './commands/exec.ts';
import { runProgram } from './commands/run-program.ts';
import { gitCommit } from './commands/git-commit.ts';
import { echo } from './echo.ts';
import { fileEdit } from './files/file-edit.ts';
import { fileList } from './files/file-list.ts';
import { fileReadMany } from './files/file-read-many.ts';
import { fileRead } from './files/file-read.ts';
import { fileWrite } from './files/file-write.ts';
import { joinFiles } from './files/join-files.ts';
import { jobCancel, jobList, jobStatus, jobSubmit, jobWait, jobWatch } from './jobs/job-tools.ts';
import { memoryDelete, memoryQuery, memoryStore } from './memory/memory-tools.ts';
import { noteDelete, noteList, notePin, noteSave, noteShow, noteUnpin } from './notes/note-tools.ts';
import { askPerson } from './people/ask-person.ts';
import { sendEmail } from './people/send-email.ts';
import { grep } from './searching/grep.ts';
import { sendMessage } from './sessions/send-message.ts';
import { spawnAgent, spawnAgents } from './sessions/spawn-agents.ts';
import { skillRead } from './skills/skill-read.ts';
import { surroundings } from './surroundings.ts';
import type { Tool } from './tool.ts';
import { httpRequest } from './web/http-request.ts';
import { webSearch } from './web/web-search.ts';
import { webFetch } from './web/web-fetch.ts';
import { webSave } from './web/web-save.ts';

/** Every tool that comes with Holdfast. What an agent is offered of them is what it holds tokens for. */
export const tools: readonly Tool[] = [
  fileRead,
  fileReadMany,
  fileList,
  fileWrite,
  fileEdit,
  grep,
  joinFiles,
  exec,
  runProgram,
  cargoRun,
  gitCommit,
  jobSubmit,
  jobStatus,
  jobList,
  jobWait,
  jobWatch,
  jobCancel,
  webSearch,
  webFetch,
  webSave,
  httpRequest,
  sendEmail,
  askPerson,
  spawnAgent,
  spawnAgents,
  sendMessage,
  noteSave,
  noteList,
  noteShow,
  noteDelete,
  notePin,
  noteUnpin,
  memoryStore,
  memoryQuery,
  memoryDelete,
  skillRead,
  surroundings,
  echo,
] as readonly Tool[];
