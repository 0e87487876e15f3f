import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { databaseName } from '../../store/database.ts';
import { openTestRecord } from '../testing/open-test-record.ts';
import { verifySample } from '../testing/verify-sample.ts';
import { createRedactor, redacted } from './redact.ts';

const secret = 'p4ss/wörd+"quoted"';

test('every usual spelling of a secret is replaced, in text and in bytes', () => {
  const redactor = createRedactor([secret]);
  const spellings = [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    JSON.stringify(secret).slice(1, -1),
  ];
  for (const spelling of spellings) {
    expect(redactor.text(`before ${spelling} after`)).toBe(`before ${redacted} after`);
    const bytes = Buffer.concat([Buffer.from([0, 255]), Buffer.from(spelling), Buffer.from([254])]);
    const expected = Buffer.concat([Buffer.from([0, 255]), Buffer.from(redacted), Buffer.from([254])]);
    expect(Buffer.from(redactor.bytes(bytes))).toEqual(expected);
  }
});

test('of two secrets, one inside the other, nothing remains', () => {
  expect(createRedactor(['abcdef', 'abcdefgh']).text('xabcdefghx')).toBe(`x${redacted}x`);
});

test('without secrets nothing is touched', () => {
  const bytes = Buffer.from('plain');
  expect(createRedactor(['short']).bytes(bytes)).toBe(bytes);
});

test('a secret planted everywhere in an event reaches no file of the data folder', async () => {
  const { record, vault, folder } = await openTestRecord();
  await vault.set('planted', secret);
  const agent = `agent ${secret}`;
  await record.append({
    kind: 'record.noted',
    actor: { kind: 'agent', id: agent },
    scope: { agent },
    data: { text: `say ${secret} and ${encodeURIComponent(secret)}` },
    blobs: [{ name: `file ${secret}`, type: `text/${secret}`, content: Buffer.from(`blob ${secret}`) }],
  });
  await record.append({
    kind: 'setting.changed',
    actor: { kind: 'operator' },
    data: { key: 'checkpoint.command', value: [{ [secret]: secret }] },
  });
  const [event] = (await record.query({ filter: { text: 'say' }, limit: 1 })).events;
  expect(event?.data).toEqual({ text: `say ${redacted} and ${redacted}` });
  expect((await record.query({ filter: { text: 'wörd' }, limit: 1 })).events).toEqual([]);
  await record.close();
  const needles = [secret, JSON.stringify(secret).slice(1, -1), 'p4ss'].map((needle) => Buffer.from(needle));
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    const content = readFileSync(path);
    for (const needle of needles)
      expect(content.includes(needle), `${name} holds ${needle.toString()}`).toBe(false);
  }
});

test('a header stays one whatever the secrets are: its own words are kept, and what is replaced fits', async () => {
  const { record, vault, folder } = await openTestRecord();
  await vault.set('word', 'operator');
  await vault.set('short', 'abcdef');
  const id = 'abcdef'.repeat(33);
  const blob = { name: id, type: 'abcdef'.repeat(16), content: Buffer.from('content') };
  await record.append({
    kind: 'record.noted',
    actor: { kind: 'operator', id },
    scope: { agent: id },
    data: { text: 'kept' },
    blobs: [blob],
  });
  const [event] = (await record.query({ filter: { text: 'kept' }, limit: 1 })).events;
  expect(event?.actor.kind).toBe('operator');
  expect(event?.actor.id).toBe(redacted.repeat(25));
  expect((await verifySample(join(folder, databaseName))).findings).toEqual([]);
});

test('blobs whose names no header could hold are refused', async () => {
  const { record } = await openTestRecord();
  const content = Buffer.from('content');
  for (const [name, type] of [
    ['', 'text/plain'],
    ['n'.repeat(201), 'text/plain'],
    ['n', ''],
    ['n', 't'.repeat(101)],
  ] as const) {
    const draft = { kind: 'record.noted', actor: { kind: 'operator' }, data: { text: 'x' } } as const;
    await expect(record.append({ ...draft, blobs: [{ name, type, content }] })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  }
});
