import { expect, test } from 'vitest';
import { npmConfiguration, npmRegistries, npmSecrets } from './npm-registries.ts';

const text = `
; what follows is mine
registry = "https://packages.example.org/npm/"
@mine:registry=https://mine.example.org:8443/   # ours
//packages.example.org/:_authToken=\${TOKEN}
//mine.example.org:8443/:_authToken='second-token'
//mine.example.org/:_authToken=of-another-port
//elsewhere.example.org/:_authToken=never-taken
//packages.example.org/npm/deeper/:_authToken=deeper
save-exact=true
`;

test('registries and scopes are taken with what each of them is shown, and nothing of others', () => {
  const found = npmRegistries(text, { TOKEN: 'first-token' });
  expect(found).toEqual({
    registry: 'https://packages.example.org/npm/',
    scopes: { '@mine': 'https://mine.example.org:8443/' },
    shown: [
      ['//packages.example.org/:_authToken', 'first-token'],
      ['//mine.example.org:8443/:_authToken', 'second-token'],
    ],
  });
  expect(npmConfiguration(found)).toBe(
    '@mine:registry="https://mine.example.org:8443/"\n//packages.example.org/:_authToken="first-token"\n//mine.example.org:8443/:_authToken="second-token"\n',
  );
});

test('a token of a registry that is not named is not taken', () => {
  const found = npmRegistries('//elsewhere.example.org/:_authToken=mine', {});
  expect(found).toEqual({ registry: null, scopes: {}, shown: [] });
  expect(npmConfiguration(found)).toBeNull();
});

test('passwords are known in each form', () => {
  const auth = Buffer.from('me:my-word').toString('base64');
  const word = Buffer.from('other-word').toString('base64');
  const lines = [
    'registry=https://a.example.org/',
    `//a.example.org/:_auth=${auth}`,
    '@b:registry=https://b.example.org/',
    '//b.example.org/:username=you',
    `//b.example.org/:_password="${word}"`,
  ];
  const secrets = npmSecrets(npmRegistries(lines.join('\n'), {}));
  expect(new Set(secrets)).toEqual(new Set([auth, 'me:my-word', 'my-word', word, 'other-word']));
});

test('what cannot be used is refused: a variable that is not there, and a certificate', () => {
  expect(() => npmRegistries(text, {})).toThrow(/names the variable TOKEN/);
  const optional = 'registry=https://a.example.org/\n//a.example.org/:_authToken=${TOKEN?}';
  expect(npmRegistries(optional, {}).shown).toEqual([]);
  const certificate = 'registry=https://a.example.org/\n//a.example.org/:keyfile=/home/me/key';
  expect(() => npmRegistries(certificate, {})).toThrow(/a certificate of yours/);
});
