import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLog } from './log.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-log-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('the log is JSON, for this account only, and says nothing secret', async () => {
  const path = folder();
  const { log, close } = await openLog(join(path, 'logs', 'holdfast.log'), 'file');
  log.info({ token: 'hf_secret', caller: { value: 'sk-secret', name: 'window' } }, 'something happened');
  await close();
  const [file] = readdirSync(join(path, 'logs'));
  const text = readFileSync(join(path, 'logs', file!), 'utf8');
  expect(JSON.parse(text)).toMatchObject({
    level: 'info',
    msg: 'something happened',
    token: '[withheld]',
    caller: { value: '[withheld]', name: 'window' },
  });
  expect(text).not.toContain('secret"');
  expect(statSync(join(path, 'logs', file!)).mode & 0o777).toBe(0o600);
});

/** The files and their sizes, which change with every line that is written. */
const files = (path: string) =>
  readdirSync(path)
    .map((name) => `${name} ${statSync(join(path, name)).size}`)
    .join();

test('logs are rotated and capped, those of earlier lives included', async () => {
  const path = folder();
  const line = 'x'.repeat(10_000);
  for (let life = 0; life < 2; life++) {
    const { log, close } = await openLog(join(path, 'holdfast.log'), 'file', {
      size: '50k',
      count: 2,
    });
    for (let i = 0; i < 60; i++) {
      const before = files(path);
      log.info(line);
      while (files(path) === before) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await close();
  }
  const sizes = readdirSync(path).map((name) => statSync(join(path, name)).size);
  expect(sizes.length).toBeLessThanOrEqual(4);
  expect(Math.max(...sizes)).toBeLessThan(100_000);
});
