import { expect, test } from 'vitest';
import { modelHouse, operator } from './testing/model-house.ts';

test('what a person sets up lies over what is known, and goes again when it is removed', async () => {
  const { providers, vault, record } = await modelHouse();
  expect(providers.usable(providers.find('openai')!)).toBe(false);
  await vault.set('work.key', 'some-key-of-work');
  await providers.configure({ provider: 'openai', secret: 'work.key' }, operator);
  const openai = providers.find('openai')!;
  expect(openai).toMatchObject({ configured: true, keyed: true, secret: 'work.key', wire: 'chat' });
  expect(providers.usable(openai)).toBe(true);
  expect(providers.target('openai/gpt-6-sol')).toMatchObject({
    model: 'gpt-6-sol',
    endpoint: { key: 'some-key-of-work', outputBound: 'max_completion_tokens' },
  });
  await providers.remove('openai', operator);
  expect(providers.find('openai')).toMatchObject({ configured: false, secret: 'openai.key' });
  await expect(providers.remove('openai', operator)).rejects.toMatchObject({ code: 'not_found' });
  expect((await record.rebuild(operator)).differences).toBe(0);
});

test.each([
  [{ provider: 'Mine', baseUrl: 'https://a.example/v1' }, 'no name of a provider'],
  [{ provider: 'mine' }, 'needs its address'],
  [{ provider: 'mine', baseUrl: 'ftp://a.example' }, 'no address'],
  [{ provider: 'mine', baseUrl: 'https://me:pass@a.example/v1' }, 'no address'],
  [{ provider: 'mine', baseUrl: 'http://a.example/v1', secret: 'mine.key' }, 'everybody on the way'],
  [{ provider: 'mine', baseUrl: 'http://127.0.0.1.example/v1', secret: 'mine.key' }, 'everybody on the way'],
  [{ provider: 'openai', baseUrl: 'http://10.0.0.7/v1' }, 'everybody on the way'],
])('%j is refused, with the reason', async (wish, words) => {
  const { providers } = await modelHouse();
  await expect(providers.configure(wish, operator)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining(words) as unknown,
  });
});

test.each([
  'http://127.0.0.1:11434/v1',
  'http://localhost:1234/v1',
  'http://[::1]:80/v1',
  'https://a.example/v1/',
])('a key may go to %s', async (baseUrl) => {
  const { providers } = await modelHouse();
  const set = await providers.configure({ provider: 'mine', baseUrl, secret: 'mine.key' }, operator);
  expect(set.baseUrl).toBe(baseUrl.replace(/\/$/, ''));
});
