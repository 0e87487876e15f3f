import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trayIsShown } from './tray-presence.ts';

function answering(script: string): string {
  const program = join(mkdtempSync(join(tmpdir(), 'holdfast-gdbus-')), 'gdbus');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  return program;
}

test('macOS and Windows always show it', async () => {
  expect(await trayIsShown('darwin', '/nowhere')).toBe(true);
  expect(await trayIsShown('win32', '/nowhere')).toBe(true);
});

test.runIf(process.platform === 'linux')(
  'on Linux the desktop is asked, and its silence is a no',
  async () => {
    expect(await trayIsShown('linux', answering('echo "(true,)"'))).toBe(true);
    expect(await trayIsShown('linux', answering('echo "(false,)"'))).toBe(false);
    expect(await trayIsShown('linux', answering('echo "no bus" >&2; exit 1'))).toBe(false);
    expect(await trayIsShown('linux', '/nowhere/gdbus')).toBe(false);
  },
);
