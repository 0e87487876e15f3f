/** Runs inside a mount namespace on a small disk: fills it, makes room, and tells what happened as JSON. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import { fillUp } from './fill-up.ts';
import { openHere } from './open-here.ts';

const folder = process.argv[2]!;
const ballast = join(folder, 'ballast');
writeFileSync(ballast, Buffer.alloc(4 * 1024 * 1024));
const { record, vault } = await openHere(folder);

const acknowledged: number[] = [];
const refusals: { code: string; message: string; mend?: string | undefined }[] = [];
const append = async (text: string) => {
  try {
    acknowledged.push(
      (await record.append({ kind: 'record.noted', actor: { kind: 'operator' }, data: { text } })).seq,
    );
  } catch (thrown) {
    refusals.push(Problem.of(thrown).details());
  }
};
const long = (text: string) => text.padEnd(10_000, ' and so on');
for (let i = 0; refusals.length === 0 && i < 10_000; i++) await append(long(`${i}`));
fillUp(join(folder, 'rest'));
const whileFull = record.state().storage;
// A short one would fit into what the one before took of the log in vain.
await append(long('while there is no room'));
const secret = await vault.set('while-full', 'x'.repeat(60_000)).then(
  () => 'stored',
  (problem: unknown) => Problem.of(problem).code,
);

const recovered = new Promise<void>((resolve) => {
  record.onChange(() => {
    if (record.state().storage === 'ok') resolve();
  });
});
rmSync(ballast);
await recovered;
await append('with room again');
const told = await record.query({ filter: { kinds: ['storage.filled'] }, limit: 10 });
await record.close();
process.stdout.write(
  JSON.stringify({
    acknowledged,
    refusals,
    whileFull,
    secret,
    told: told.events.map((event) => event.data),
    size: record.state().size,
  }),
);
