import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { onTestFinished, expect, test } from 'vitest';
import { count } from '../base/test-counts.ts';
import { matcherOf } from './matching.ts';
import { createPathOpener, type OpenPath } from './open-path.ts';
import { canOpenByDescriptor } from './opening/by-descriptor.ts';
import { identity, smallTree } from './testing/small-tree.ts';

// The weaker way of other systems does not claim to win every race, and docs/capabilities.md says so.
test.skipIf(!canOpenByDescriptor())(
  'while a program swaps folders for links that lead out, nothing outside is ever accepted',
  { timeout: 120_000 },
  async () => {
    const { granted, secret } = smallTree();
    const outside = new Set([
      identity(fs.statSync(secret, { bigint: true })),
      identity(fs.statSync(`${secret}/file`, { bigint: true })),
    ]);
    const swapper = fork(new URL('testing/swap-forever.ts', import.meta.url), [granted, secret]);
    onTestFinished(async () => {
      const gone = once(swapper, 'exit');
      swapper.kill('SIGKILL');
      await gone;
    });
    await once(swapper, 'message');
    const open = createPathOpener('descriptor');
    const permits = matcherOf({ kind: 'file_read', path: `${granted}/*` });
    const asked = [
      'a/b/file',
      'a/file',
      'a',
      'a/new',
      'late',
      'b/file',
      'b',
      'to-secret/file',
      'a/b/../file',
    ];
    const seen = { accepted: 0, outside: 0, unclear: 0 };
    for (let i = 0; i < count(20_000, 2_000_000); i++) {
      let opened: OpenPath;
      try {
        opened = open(`${granted}/${asked[i % asked.length]}`);
      } catch (thrown) {
        expect(thrown).toMatchObject({ name: 'Problem', code: 'forbidden' });
        seen.unclear++;
        continue;
      }
      const opens = identity(fs.fstatSync(opened.fd, { bigint: true }));
      opened.close();
      if (permits({ kind: 'file_read', path: opened.path })) {
        seen.accepted++;
        if (outside.has(opens)) throw new Error(`${opened.path.toString()} was accepted and lies outside`);
      } else seen.outside++;
    }
    // Both were really met, so the race was one.
    expect(Math.min(seen.accepted, seen.outside), JSON.stringify(seen)).toBeGreaterThan(100);
  },
);
