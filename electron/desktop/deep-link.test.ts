import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOfLink } from './deep-link.ts';

const event = 'evt_01jdc0ffee0123456789abcdef';
const run = 'run_01jdc0ffee0123456789abcdef';

test('a link leads to an event or to the record', () => {
  expect(placeOfLink('holdfast://audit')).toBe('#/audit');
  expect(placeOfLink(`holdfast://event/${event}`)).toBe(`#/audit?event=${event}`);
});

test('a link leads to a run, or to a part of it', () => {
  expect(placeOfLink(`holdfast://run/${run}`)).toBe(`#/runs/${run}`);
  expect(placeOfLink(`holdfast://run/${run}/fetch-1`)).toBe(`#/runs/${run}/fetch-1`);
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
  `holdfast://run/${event}`,
  `holdfast://run/${run}/`,
  `holdfast://run/${run}/..`,
  `holdfast://run/${run}/a?do=stop`,
  `holdfast://run/${run}/a/b`,
  `holdfast://run/${run}/a\n`,
  'https://example.org/#holdfast://audit',
])('%j leads nowhere', (link) => {
  expect(placeOfLink(link)).toBeUndefined();
});

test('whatever a link says, it leads to a screen of ours with nothing else in it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl({ validSchemes: ['holdfast'] })), (text) => {
      for (const link of [
        text,
        `holdfast://event/${text}`,
        `holdfast://run/${text}`,
        `holdfast://run/${run}/${text}`,
      ]) {
        expect(placeOfLink(link) ?? '#/audit').toMatch(
          /^#\/(audit(\?event=evt_[0-9a-z]{26})?|runs\/run_[0-9a-z]{26}(\/\w[\w.-]{0,79})?)$/,
        );
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});
