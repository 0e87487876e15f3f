import { realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { z } from 'zod';
import { readHostPattern } from '../../shared/capability/host-pattern.ts';
import { Problem } from '../../shared/problem.ts';
import {
  folderModeSchema,
  type FolderWish,
  sandboxKindSchema,
  type sessionWishSchema,
} from '../../shared/session.ts';
import type { Common } from './session.ts';
import { readBytes, readCount, readSeconds } from './values.ts';

export interface ShellOptions extends Common {
  folder?: string[];
  sandbox: string;
  image?: string;
  allowHost?: string[];
  memory?: string;
  disk?: string;
  cpus?: string;
  processes?: string;
  time?: string;
  supervised?: true;
  loopback?: true;
  unixSockets?: true;
  env?: string[];
  secret?: string[];
  cwd?: string;
  terminal: boolean;
  detach?: true;
}

/** Where the command line was given. */
export interface Place {
  /** The present folder, as a real path. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The terminal’s size; null for pipes. */
  readonly size: { columns: number; rows: number } | null;
}

/** What the arguments of `holdfast shell` ask for. */
export function wishFrom(
  command: readonly string[],
  options: ShellOptions,
  place: Place,
): z.input<typeof sessionWishSchema> {
  const sandbox = sandboxKindSchema.safeParse(options.sandbox);
  if (!sandbox.success) {
    throw wrong('--sandbox', options.sandbox, 'There are “namespace” and “container”.');
  }
  const folders = (options.folder ?? []).map((text) => readFolder(text, place.folder));
  const { image = null } = options;
  const environment = { ...terminalType(place), ...readPairs('--env', options.env) };
  return {
    argv: command.length > 0 ? [...command] : [shellOf(place, sandbox.data)],
    sandbox: sandbox.data,
    folders,
    cwd: options.cwd === undefined ? usualFolder(folders, place.folder) : resolve(place.folder, options.cwd),
    hosts: (options.allowHost ?? []).map((text) =>
      readHostPattern({ text, field: '--allow-host', offset: 0 }),
    ),
    loopback: options.loopback === true,
    unixSockets: options.unixSockets === true,
    image,
    terminal: place.size,
    attended: options.detach !== true,
    environment,
    secrets: readPairs('--secret', options.secret),
    limits: limitsFrom(options),
  };
}

/** `DIR`, or `DIR:MODE`: only a mode after the last colon is one, so that any other name can have colons. */
export function readFolder(text: string, from: string): FolderWish {
  const colon = text.lastIndexOf(':');
  const mode = folderModeSchema.safeParse(text.slice(colon + 1));
  const [path, how] = colon > 0 && mode.success ? [text.slice(0, colon), mode.data] : [text, 'ro' as const];
  if (path === '') throw wrong('--folder', text, 'Name a folder, such as ~/project:rw.');
  return { path: resolve(from, path), mode: how };
}

function terminalType({ size, environment }: Place): { TERM?: string } {
  const { TERM: type = '' } = environment;
  return size !== null && /^[\w.+-]+$/.test(type) ? { TERM: type } : {};
}

function limitsFrom({ memory, disk, cpus, processes, time, supervised }: ShellOptions) {
  return {
    memoryBytes: memory === undefined ? null : readBytes('--memory', memory),
    diskBytes: disk === undefined ? null : readBytes('--disk', disk),
    cpus: cpus === undefined ? null : readCpus(cpus),
    ...(processes === undefined ? {} : { processes: readCount('--processes', processes, 4, 100_000) }),
    seconds: time === undefined ? null : readSeconds('--time', time),
    supervised: supervised === true,
  };
}

function readCpus(text: string): number {
  const cpus = Number(text);
  if (Number.isFinite(cpus) && cpus >= 0.05 && cpus <= 1024) return cpus;
  throw wrong('--cpus', text, 'Give a number such as 2 or 0.5.');
}

function readPairs(option: string, texts: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === '' || (option === '--secret' && value === '')) {
        throw wrong(option, text, option === '--env' ? 'Write NAME=VALUE.' : 'Write FILE=NAME.');
      }
      return [name, value];
    }),
  );
}

/** Here, where that is granted; otherwise where the sandbox begins by itself. */
function usualFolder(folders: readonly FolderWish[], here: string): string | null {
  const granted = folders.some(({ path }) => {
    const real = realOf(path);
    return here === real || here.startsWith(`${real}/`);
  });
  return granted ? here : null;
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // The house says what is wrong with it.
    return path;
  }
}

/** The person’s own shell where the sandbox shows the system’s programs; an image need not have it. */
function shellOf({ environment }: Place, sandbox: 'namespace' | 'container'): string {
  const own = environment['SHELL'] ?? '';
  return sandbox === 'namespace' && /^\/(usr\/)?bin\/\w+$/.test(own) ? basename(own) : 'sh';
}

function wrong(option: string, text: string, mend: string): Problem {
  return new Problem('invalid_input', `${option} ${text} is not understood.`, mend);
}
