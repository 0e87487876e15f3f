import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOfLink } from './deep-link.ts';

const event = 'evt_01jdc0ffee0123456789abcdef';

test('a link leads to an event or to the record', () => {
  expect(placeOfLink('holdfast://audit')).toBe('#/audit');
  expect(placeOfLink(`holdfast://event/${event}`)).toBe(`#/audit?event=${event}`);
});

test.each([
  'holdfast://audit/',
  'holdfast://audit?do=verify',
  'holdfast://settings',
  'HOLDFAST://audit',
  `holdfast://event/${event}#x`,
  `holdfast://event/${event}&do=export`,
  `holdfast://event/${event}\n`,
  'holdfast://event/evt_short',
  'holdfast://event/run_01jdc0ffee0123456789abcdef',
  'https://example.org/#holdfast://audit',
])('%j leads nowhere', (link) => {
  expect(placeOfLink(link)).toBeUndefined();
});

test('whatever a link says, it leads to a screen of ours with nothing else in it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl({ validSchemes: ['holdfast'] })), (text) => {
      for (const link of [text, `holdfast://event/${text}`]) {
        expect(placeOfLink(link) ?? '#/audit').toMatch(/^#\/audit(\?event=evt_[0-9a-z]{26})?$/);
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});
