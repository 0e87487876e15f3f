import { parseArgs } from 'node:util';
import { Problem } from '../../shared/problem.ts';
import { deepLinkScheme } from './deep-link.ts';

export interface Flags {
  readonly data: string | undefined;
  /** The loopback port for browsers; null where none was asked for: the window needs none. */
  readonly port: number | null;
  /** Start in the tray, without a window. */
  readonly hidden: boolean;
  readonly secrets: 'file' | 'system' | null;
  readonly link: string | null;
}

/** Chromium and Electron read the same arguments, so what is not ours is left to them. */
export function readFlags(args: readonly string[]): Flags {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      secrets: { type: 'string' },
      hidden: { type: 'boolean' },
      'no-open': { type: 'boolean' },
    },
  });
  return {
    data: textOf('data', values.data),
    port: portOf(textOf('port', values.port)),
    hidden: values.hidden === true || values['no-open'] === true,
    secrets: secretsOf(textOf('secrets', values.secrets)),
    link: positionals.find((text) => text.startsWith(`${deepLinkScheme}:`)) ?? null,
  };
}

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  // Read without strictness, so the next flag would be taken for the value of one that has none.
  if (typeof value === 'string' && value !== '' && !value.startsWith('--')) return value;
  throw new Problem('invalid_input', `--${name} needs a value.`, `Write --${name} VALUE, or leave it out.`);
}

function portOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Problem(
    'invalid_input',
    `--port ${text} is no port.`,
    'Give a number up to 65535, or leave it out.',
  );
}

function secretsOf(text: string | undefined): Flags['secrets'] {
  if (text === undefined) return null;
  if (text === 'file' || text === 'system') return text;
  throw new Problem(
    'invalid_input',
    `--secrets ${text} is no way to keep secrets.`,
    'Use file or system, or leave it out.',
  );
}
