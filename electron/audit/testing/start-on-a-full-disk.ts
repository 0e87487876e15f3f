/**
 * Runs inside a mount namespace on a small disk: a life is killed in the middle of its work, the next one begins where no
 * room is left, and gets some later. Tells as JSON what it finds by words and what there is.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Problem } from '../../../shared/problem.ts';
import type { AuditRecord } from '../record.ts';
import { fillUp } from './fill-up.ts';
import { openHere } from './open-here.ts';

const folder = process.argv[2]!;
const program = new URL('write-until-killed.ts', import.meta.url).pathname;
const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
const gone = once(child, 'close');
let acknowledged = 0;
for await (const _ of createInterface({ input: child.stdout })) {
  if (++acknowledged === 300) child.kill('SIGKILL');
}
await gone;

const rest = join(folder, 'rest');
fillUp(rest);
const { record } = await openHere(folder);
const found = async (filter: Parameters<AuditRecord['query']>[0]['filter']) => {
  const page = await record.query({ filter, limit: 5000 });
  return page.events.filter(({ kind }) => kind === 'record.noted').map(({ seq }) => seq);
};
const whileFull = await found({ text: 'event' });
const note = {
  kind: 'record.noted',
  actor: { kind: 'operator' },
  data: { text: 'event'.repeat(2000) },
} as const;
const refused = await record.append(note).then(
  () => null,
  (problem: unknown) => Problem.of(problem).code,
);
rmSync(rest);
await record.append({ ...note, data: { text: 'the last event' } });
const byWords = await found({ text: 'event' });
const all = await found({});
const { differences } = await record.rebuild({ kind: 'system' });
await record.close();
process.stdout.write(JSON.stringify({ acknowledged, whileFull, refused, byWords, all, differences }));
