import { expect, test } from 'vitest';
import { killedAt, type When, words } from './testing/killed-house.ts';

test('a house goes on where it was, whichever step it is killed in, and whenever in that', async () => {
  for (let step = 0; step <= 10; step++) {
    const whens: When[] = ['asked', 'answered', ...(words[step] ? (['before', 'after'] as const) : [])];
    for (const when of whens)
      expect(await killedAt([{ step, when }]), `${when} ${step}`).toMatchObject({ killed: 1 });
  }
});
