import type { Sandbox } from '../../sandbox.ts';
import { ran, type SandboxHouse } from '../sandbox-house.ts';
import { type Attempt, attempts, type Given, killed } from './attempts.ts';
import { type EscapePlace, makeEscapePlace, secretText } from './place.ts';

/** What went otherwise than it should. */
export interface Escaped {
  readonly name: string;
  readonly said: string;
}

/** Every attempt, each in a sandbox that was given what it says. */
export async function tryAll(
  house: SandboxHouse,
  place: EscapePlace,
): Promise<{ tried: number; escaped: Escaped[] }> {
  const escaped: Escaped[] = [];
  let tried = 0;
  const kinds: readonly Given[] = ['nothing', 'loopback', 'unix'];
  for (const given of kinds) {
    const sandbox = await sandboxWith(house, place, given);
    for (const attempt of attempts.filter((each) => (each.given ?? 'nothing') === given)) {
      tried += 1;
      const wrong = await tryOne(sandbox, attempt, place, 'exited');
      if (wrong !== null) escaped.push(wrong);
    }
  }
  const sandbox = await sandboxWith(house, place, 'nothing');
  for (const attempt of killed) {
    tried += 1;
    const wrong = await tryOne(sandbox, attempt, place, 'signalled');
    if (wrong !== null) escaped.push(wrong);
  }
  return { tried, escaped };
}

/** Tries all in a house, prints what came of it as JSON, and closes the house. */
export async function printEscapes(house: SandboxHouse): Promise<void> {
  try {
    const place = await makeEscapePlace(house);
    try {
      process.stdout.write(JSON.stringify(await tryAll(house, place)));
    } finally {
      await house.clear();
      await place.close();
    }
  } finally {
    await house.close();
  }
}

export function sandboxWith(house: SandboxHouse, place: EscapePlace, given: Given): Promise<Sandbox> {
  return house.start({
    folders: [
      { path: place.read, mode: 'ro' },
      { path: place.write, mode: 'rw' },
    ],
    loopback: given === 'loopback',
    unixSockets: given === 'unix',
  });
}

async function tryOne(
  sandbox: Sandbox,
  { name, argv, answers }: Attempt,
  place: EscapePlace,
  how: 'exited' | 'signalled',
): Promise<Escaped | null> {
  const { end, out, err } = await ran(sandbox, argv(place), { timeoutMs: 20_000 });
  const right = answers.test(out) && end.how === how && !`${out}${err}`.includes(secretText);
  return right ? null : { name, said: `${out}${err}${JSON.stringify(end)}` };
}
