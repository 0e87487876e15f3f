import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Withhold } from '../../../shared/contract/record.ts';
import { newId } from '../../base/ids.ts';
import { exportBundle } from '../export-bundle.ts';
import type { BundleMade } from '../record.ts';
import { SampleLog } from '../sample-log.ts';

const operator = { kind: 'operator' } as const;
export const everything: Withhold = {
  kinds: [],
  events: [],
  blobs: [],
  allData: false,
  allBlobs: false,
  onlyRun: null,
  onlySession: null,
};

/** 40 events: notes with blobs at 20 to 25 (two share one), of which 22 is erased and one blob of 23 pruned. */
export function logWithBlobs(): SampleLog {
  const log = new SampleLog();
  log.fill(19);
  const file = (text: string) => ({ name: 'größe "x".txt', type: 'text/plain', content: Buffer.from(text) });
  for (const name of ['shared', 'shared', 'gone', 'pruned', 'kept', '']) {
    const data = { text: `carries “${name}”` };
    log.append({ kind: 'record.noted', actor: operator, data, blobs: [file(name), file('beside')] });
  }
  const id = log.read('SELECT id FROM events WHERE seq = 22') as `evt_${string}`;
  const erased = { event: id, seq: 22, reason: 'a test' };
  log.appendWith({ erase: 22 }, { kind: 'payload.erased', actor: operator, data: erased });
  log.pruneContent('pruned');
  log.fill(13);
  return log;
}

/** Exports from a sample log with a checkpoint signed now. */
export function bundleOf(
  log: SampleLog,
  from: number,
  to: number,
  withhold: Partial<Withhold> = {},
  checkpoint = log.checkpoint(),
): Promise<BundleMade & { path: string }> {
  const now = new Date();
  const bundle = newId('bundle', now);
  const folder = join(log.folder, 'exports');
  const request = {
    path: log.path,
    folder,
    from,
    to,
    withhold: { ...everything, ...withhold },
    checkpoint,
    key: log.key.text,
    bundle,
    version: '1.2.3',
    now: now.getTime(),
  };
  return exportBundle(request, () => undefined, new AbortController().signal).then((made) => ({
    ...made,
    path: join(folder, `${bundle}.tgz`),
  }));
}

/** Unpacks with the machine's tar; gives the folder. */
export function unpacked(log: SampleLog, archive: string): string {
  const folder = join(log.folder, 'unpacked');
  rmSync(folder, { recursive: true, force: true });
  execFileSync('mkdir', ['-p', folder]);
  execFileSync('tar', ['xzf', archive, '-C', folder]);
  return join(folder, readdirSync(folder)[0]!);
}

export interface Verified {
  status: number | null;
  said: string;
  stderr: string;
}

/** Runs a bundle's own verifier, as somebody without Holdfast would. */
export function runVerifier(script: string, ...options: string[]): Verified {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...options], { encoding: 'utf8' });
  return { status, said: stdout, stderr };
}
