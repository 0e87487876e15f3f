import { expect, test } from 'vitest';
import { readableText, titleOf } from './readable-text.ts';

test('the words of a page are taken, and nothing that is not read', () => {
  const page = `<!doctype html><html><head><title> Two
    words &mdash; &#8220;x&#x201d; </title><style>p { color: red }</style></head>
    <body><header>Top</header><!-- not this --><script>alert('<p>not this')</script>
    <h1>Heading</h1><p>A <b>bold</b> word&nbsp;&amp; more.<br>Next line<ul><li>one<li>two</ul>
    <scripted>kept</scripted><script src=x>`;
  expect(titleOf(page)).toBe('Two words — “x”');
  expect(readableText(page)).toBe('Top\n\nHeading\n\nA bold word & more.\nNext line\n\n- one\n- two\n\nkept');
});

test('a page without an end, or of signs alone, is read in little time', () => {
  expect(readableText('<p>'.repeat(200_000))).toBe('');
  expect(readableText('<'.repeat(200_000)).length).toBe(200_000);
  expect(readableText(`a<!--${'<!--'.repeat(100_000)}`)).toBe('a');
  expect(readableText(`<script>${'</scrip'.repeat(100_000)}`)).toBe('');
  expect(titleOf('<title>')).toBeNull();
});
