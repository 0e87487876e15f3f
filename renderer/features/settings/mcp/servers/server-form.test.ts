import { expect, test } from 'vitest';
import { toolServerSchema } from '../../../../../shared/tool-server.ts';
import { declared, emptyLine, emptyServer, readServer } from './server-form.ts';

const none = new Set<string>();

test('a command with its environment, folders and hosts is what a declaration says', () => {
  const { transport, wrong } = readServer(
    {
      ...emptyServer,
      name: 'notes',
      command: 'npx -y "@scope/notes server"',
      environment: [
        { ...emptyLine, name: 'LANG', value: 'C' },
        { name: 'KEY', from: 'secret', value: 'notes-key', prefix: '' },
        emptyLine,
      ],
      folders: [{ path: '/home/me/notes', mode: 'ro' }],
      hosts: 'example.org:443',
    },
    none,
  );
  expect(wrong).toEqual({});
  expect(transport).toMatchObject({
    command: ['npx', '-y', '@scope/notes server'],
    environment: { LANG: 'C', KEY: { secret: 'notes-key' } },
  });
  expect(toolServerSchema.safeParse({ transport }).success).toBe(true);
  expect(transport && Object.keys(declared(transport))).toEqual([
    'kind',
    'command',
    'environment',
    'folders',
    'hosts',
  ]);
});

test('an address with a header from a secret, and signing in', () => {
  const { transport } = readServer(
    {
      ...emptyServer,
      name: 'issues',
      kind: 'http',
      url: ' https://mcp.example.org/mcp ',
      headers: [{ name: 'Authorization', from: 'secret', value: 'issues', prefix: 'Bearer ' }],
      signsIn: true,
      scopes: 'read, write',
    },
    none,
  );
  expect(transport).toEqual({
    kind: 'http',
    url: 'https://mcp.example.org/mcp',
    headers: { Authorization: { secret: 'issues', prefix: 'Bearer ' } },
    oauth: { scopes: ['read', 'write'], clientId: null },
  });
  expect(toolServerSchema.safeParse({ transport }).success).toBe(true);
});

test('what is missing or wrong is said at its field', () => {
  const stdio = readServer({ ...emptyServer, environment: [{ ...emptyLine, value: 'x' }] }, none);
  expect(stdio.transport).toBeNull();
  expect(Object.keys(stdio.wrong).toSorted()).toEqual(['command', 'environment', 'name']);
  expect(readServer({ ...emptyServer, name: 'notes' }, new Set(['notes'])).wrong.name).toContain(
    'There is one',
  );
  expect(readServer({ ...emptyServer, name: 'Notes' }, none).wrong.name).toContain('Small letters');
  const http = readServer(
    {
      ...emptyServer,
      name: 'a',
      kind: 'sse',
      url: 'ftp://x',
      headers: [{ ...emptyLine, name: 'A', from: 'secret' }],
    },
    none,
  );
  expect(Object.keys(http.wrong).toSorted()).toEqual(['headers', 'url']);
});
