import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import type { Verification } from '../../../shared/contract/record.ts';
import { Problem } from '../../../shared/problem.ts';
import { harmless, tinted } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { readCount } from '../values.ts';

interface VerifyOptions extends Common {
  threads?: string;
  against?: string[];
  key?: string;
}

const damaged = 5;

/** The checkers that need no Holdfast; every bundle carries the first. From the sources and from the built program it lies equally high. */
function checker(name: 'verify.mjs' | 'verify-record.mjs'): string {
  const up = import.meta.url.endsWith('.ts') ? '../../../resources' : '../../resources';
  return fileURLToPath(new URL(`${up}/${name}`, import.meta.url));
}

function lines(result: Verification): string[] {
  const count = (value: number) => value.toLocaleString('en');
  const some = (value: number, thing: string) => `${count(value)} ${thing}${value === 1 ? '' : 's'}`;
  return [
    result.ok
      ? tinted('good', `The record is whole: ${some(result.size, 'event')}.`)
      : tinted('bad', 'The record is not whole.'),
    ...result.findings.map(
      ({ from, to, message }) =>
        `  ${from === to ? `event ${from}` : `events ${from}–${to}`}: ${harmless(message)}`,
    ),
    tinted(
      'quiet',
      `${some(result.checkpoints, 'checkpoint')}, ${some(result.blobs, 'blob')}, ${count(result.pruned)} pruned, ${count(result.erased)} erased, ${count(result.unsigned)} not signed yet; ${(result.milliseconds / 1000).toFixed(1)} s`,
    ),
    ...result.comparedWith.map((place) => tinted('quiet', `compared with ${place}`)),
  ];
}

async function readNote(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((failure: unknown) => {
    throw new Problem('not_found', `The checkpoint ${path} cannot be read.`, 'Name a file that holds one.', {
      cause: failure,
    });
  });
}

/** A session's record on the disk, as it was sealed or left. */
const isRecord = (folder: string) => existsSync(join(folder, 'agentd', 'session.json'));

/** Checks a bundle, or a record on the disk, on its own; nothing of Holdfast has to run, or to be trusted. */
function verifyBundle(file: string, { key, json }: VerifyOptions): Promise<number> {
  const program = checker(isRecord(file) ? 'verify-record.mjs' : 'verify.mjs');
  const given = [program, file, ...(key === undefined ? [] : ['--key', key]), ...(json ? ['--json'] : [])];
  const child = spawn(process.execPath, given, {
    stdio: 'inherit',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

export function addVerifyVerb(program: Command): void {
  verb(
    program,
    'verify [bundle|folder]',
    'Prove that nothing in the record, in a bundle, or in a session’s record on the disk was changed',
    'holdfast verify --against /mnt/usb/checkpoint',
  )
    .option('--threads <number>', 'how many threads to use')
    .option('--against <file>', 'a checkpoint kept elsewhere, to compare with; may be repeated', collect)
    .option('--key <fingerprint>', 'with a bundle or a folder: who must have signed it')
    .action(async (bundle: string | undefined, options: VerifyOptions) => {
      if (bundle !== undefined) {
        process.exitCode = await verifyBundle(bundle, options);
        return;
      }
      const { client, out } = openSession(options);
      const against = await Promise.all((options.against ?? []).map(readNote));
      const threads =
        options.threads === undefined ? {} : { threads: readCount('--threads', options.threads, 1, 16) };
      for await (const { progress, result } of await client.record.verify({ ...threads, against })) {
        if (progress) out.progress(progress);
        if (!result) continue;
        out.progressEnd();
        out.result(result, () => lines(result));
        if (!result.ok) process.exitCode = damaged;
      }
    });
}
