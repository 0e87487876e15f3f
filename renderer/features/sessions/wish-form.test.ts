import { expect, test } from 'vitest';
import { consequence, emptyWish, readWish, type WishForm } from './wish-form.ts';

const form = (change: Partial<WishForm>): WishForm => ({ ...emptyWish, folders: [], ...change });

test('an empty command is a shell on a terminal', () => {
  const { wish } = readWish(form({}));
  expect(wish).toMatchObject({ terminal: { columns: 80 }, folders: [], hosts: [], image: null });
  expect(wish?.argv).toEqual(['/bin/bash']);
  expect(readWish(form({ sandbox: 'container', image: 'alpine' })).wish?.argv).toEqual(['/bin/sh']);
});

test('what is wrong is said beside its field, and nothing can be started', () => {
  const read = readWish(
    form({
      command: '"',
      folders: [{ path: 'src', mode: 'ro' }],
      network: 'some',
      hosts: 'a b/c',
      memory: '12 parsecs',
    }),
  );
  expect(read.wish).toBeNull();
  expect(Object.keys(read.wrong).toSorted()).toEqual(['command', 'folders', 'hosts', 'memory']);
  expect(readWish(form({ network: 'some' })).wrong.hosts).toMatch(/^Name at least one host/);
  expect(readWish(form({ memory: '8M' })).wrong.memory).toMatch(/16M at least/);
});

test('hosts, memory and folders are read', () => {
  const { wish } = readWish(
    form({
      command: 'make',
      folders: [
        { path: ' /src ', mode: 'rw' },
        { path: '', mode: 'ro' },
      ],
      network: 'some',
      hosts: 'example.org:443,\n*.example.org',
      memory: '2g',
    }),
  );
  expect(wish).toMatchObject({
    argv: ['make'],
    folders: [{ path: '/src', mode: 'rw' }],
    hosts: [
      { host: 'example.org', ports: { from: 443, to: 443 } },
      { host: '*.example.org', ports: null },
    ],
    limits: { memoryBytes: 2 ** 31 },
  });
});

test('what it means is said before it starts', () => {
  expect(consequence(form({}))).toBe(
    'It sees none of your folders. It has no network. What it does is on the record.',
  );
  expect(
    consequence(form({ folders: [{ path: '/src', mode: 'review' }], network: 'some', hosts: 'a.org' })),
  ).toBe(
    'It may work on its own version of /src, and sees nothing else of yours. It may connect to a.org. What it does is on the record.',
  );
});
