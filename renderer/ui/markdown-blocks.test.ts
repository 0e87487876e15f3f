import { expect, test } from 'vitest';
import { markdownBlocks } from './markdown-blocks.ts';

test('what a person would read is laid out', () => {
  const text =
    '# One\n\n- a\n  - b\n    - **c**\n\n> > quoted `twice`\n\n| a | b |\n|---|---|\n| _1_ | 2 |\n';
  const kinds = markdownBlocks(text)
    ?.map(({ type }) => type)
    .filter((type) => type !== 'space');
  expect(kinds).toEqual(['heading', 'list', 'blockquote', 'table']);
  expect(markdownBlocks('A **word** of it. '.repeat(400))).not.toBeNull();
  expect(markdownBlocks('A **word** and _another_.\n\n'.repeat(2000))).not.toBeNull();
});

test.each(['>', '> ', '- ', '* ', '1. ', '- - ', '> - ', '  - ', '_a', 'a_', '*a**b_', '**a'])(
  'a text that is nothing but %j is shown as it is',
  (mark) => {
    const many = mark.repeat(Math.floor(59_000 / mark.length));
    for (const text of [many, `words\n\n${many}`, `${many}\nwords`]) expect(markdownBlocks(text)).toBeNull();
  },
);

test('lists that go deeper with each line are shown as they are', () => {
  const lines = Array.from({ length: 240 }, (_, i) => `${'  '.repeat(i)}- a`);
  expect(markdownBlocks(lines.join('\n'))).toBeNull();
  expect(markdownBlocks('x'.repeat(60_001))).toBeNull();
});
