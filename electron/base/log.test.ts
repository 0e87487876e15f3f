import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
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

test('logs are rotated and capped, those of earlier lives included', async () => {
  const path = folder();
  const line = 'x'.repeat(10_000);
  for (let life = 0; life < 2; life++) {
    const { log, close } = await openLog(join(path, 'holdfast.log'), 'file', { kilobytes: 50, older: 2 });
    for (let i = 0; i < 40; i++) log.info(line);
    await close();
  }
  expect(readdirSync(path).toSorted()).toEqual(['holdfast.log', 'holdfast.log.1', 'holdfast.log.2']);
  for (const name of readdirSync(path)) {
    expect(statSync(join(path, name)).size).toBeLessThan(70_000);
    expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
  }
});

test('a log that cannot be written says so, and neither ends the program nor keeps it from stopping', async () => {
  const path = folder();
  writeFileSync(join(path, 'logs'), 'a file where the folder should be');
  const { log, trouble, close } = await openLog(join(path, 'logs', 'holdfast.log'), 'file');
  log.info('lost');
  await vi.waitFor(() => expect(trouble()).toContain('logs'));
  log.info('lost as well');
  await close();
});
