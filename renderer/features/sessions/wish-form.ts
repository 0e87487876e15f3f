import type { z } from 'zod';
import type { SandboxKind, sessionWishSchema } from '../../../shared/session.ts';
import { readCommand } from '../../bridge/command-line.ts';
import { readFolders } from '../../bridge/folder-lines.ts';
import type { FolderLine } from '../../bridge/FolderLines.tsx';
import { readHosts } from '../../bridge/hosts-field.ts';

/** What a person has filled in so far. */
export interface WishForm {
  readonly command: string;
  readonly folders: readonly FolderLine[];
  readonly sandbox: SandboxKind;
  readonly network: 'none' | 'some';
  readonly hosts: string;
  readonly image: string;
  readonly memory: string;
  readonly supervised: boolean;
}

export const emptyWish: WishForm = {
  command: '',
  folders: [{ path: '', mode: 'review' }],
  sandbox: 'namespace',
  network: 'none',
  hosts: '',
  image: '',
  memory: '',
  supervised: false,
};

export type Wish = z.input<typeof sessionWishSchema>;

export interface ReadWish {
  readonly wish: Wish | null;
  readonly wrong: Readonly<Partial<Record<'command' | 'folders' | 'hosts' | 'memory', string>>>;
}

const firstSize = { columns: 80, rows: 24 };

/** Of a strange image no more is known than that it most likely has a shell. */
const shellOf = (image: string | null) => [image === null ? '/bin/bash' : '/bin/sh'];

/** The form as a wish, or what is wrong with it. An empty command is a shell. */
export function readWish(form: WishForm): ReadWish {
  const { argv, wrong: command } = readCommand(form.command);
  const { folders, wrong: wrongFolders } = readFolders(form.folders);
  const hosts = hostsOf(form);
  const memory = readMemory(form.memory);
  const wrong = {
    ...(command !== undefined && { command }),
    ...(wrongFolders !== undefined && { folders: wrongFolders }),
    ...(hosts.wrong !== undefined && { hosts: hosts.wrong }),
    ...(memory.wrong !== undefined && { memory: memory.wrong }),
  };
  if (Object.keys(wrong).length > 0) return { wish: null, wrong };
  const image = form.sandbox === 'container' && form.image.trim() !== '' ? form.image.trim() : null;
  const wish: Wish = {
    argv: argv.length > 0 ? argv : shellOf(image),
    sandbox: form.sandbox,
    folders,
    hosts: hosts.patterns,
    image,
    terminal: firstSize,
    limits: { memoryBytes: memory.bytes, supervised: form.supervised },
  };
  return { wish, wrong };
}

function hostsOf({ network, hosts }: WishForm): { patterns: Wish['hosts']; wrong?: string } {
  if (network === 'none') return { patterns: [] };
  const read = readHosts(hosts);
  return read.names.length === 0
    ? { patterns: [], wrong: 'Name at least one host, for example example.org:443.' }
    : read;
}

const units: Readonly<Record<string, number>> = { M: 1 << 20, G: 1 << 30 };

function readMemory(text: string): { bytes: number | null; wrong?: string } {
  if (text.trim() === '') return { bytes: null };
  const [, count = '', unit = 'M'] = /^\s*(\d{1,6})\s*([MG])i?B?\s*$/i.exec(text) ?? [];
  const bytes = Number(count) * (units[unit.toUpperCase()] ?? 0);
  return count === '' || bytes < 16 * (1 << 20)
    ? { bytes: null, wrong: 'For example 512M or 2G, and 16M at least.' }
    : { bytes };
}

/** What starting it means, in a sentence. */
export function consequence({ folders, network, hosts, sandbox }: WishForm): string {
  const seen = folders.filter(({ path }) => path.trim() !== '');
  const may = { ro: 'read', rw: 'read and change', review: 'work on its own version of' } as const;
  const parts = seen.map(({ path, mode }) => `${may[mode]} ${path.trim()}`);
  const reach =
    network === 'none' || hosts.trim() === ''
      ? 'It has no network.'
      : `It may connect to ${hosts
          .trim()
          .split(/[\s,]+/)
          .join(', ')}.`;
  const files =
    parts.length === 0
      ? 'It sees none of your folders'
      : `It may ${parts.join(', ')}, and sees nothing else of yours`;
  return `${files}. ${reach} What it does is on the record${sandbox === 'container' ? '; it runs in a container.' : '.'}`;
}
