import { posix } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import { found } from '../results.ts';
import { tool } from '../tool.ts';
import { readText } from './file-text.ts';
import { intendedPath, pathInput, wholePath } from './paths.ts';
import { readableText, titleOf } from './readable-text.ts';

const mostOfOne = 5_000_000;
const mostOfAll = 20_000_000;

/** A part of the document: words for people. */
interface Section {
  readonly title: string;
  readonly text: string;
  readonly isMarkdown: boolean;
}

export const joinFiles = tool({
  name: 'join_files',
  title: 'Join files',
  description:
    'Joins text files into one document with a title and a heading for each, in this order: HTML where output ends with .html, Markdown otherwise. Of HTML files the words are taken. Each has at most 5 MB, all together 20 MB.',
  input: z.strictObject({
    inputs: z.array(pathInput).min(1).max(10_000),
    output: pathInput,
    title: z.string().max(500).default(''),
  }),
  needs: 'file_read of each input, file_write of the output',
  repeatable: true,
  parallel: false,
  surface: 'sandbox',
  action: false,
  intends: ({ inputs, output }, folder) => [
    ...inputs.map((path) => ({ kind: 'read' as const, path: intendedPath(path, folder) })),
    { kind: 'write', path: intendedPath(output, folder) },
  ],
  preview: ({ inputs, output }) => `${inputs.length} to ${output}`,
  async run({ inputs, output, title }, hands, signal) {
    const sections: Section[] = [];
    let size = 0;
    for (const path of inputs) {
      signal.throwIfAborted();
      const { text, path: real } = await readText(hands, path, mostOfOne);
      size += text.length;
      if (size > mostOfAll) {
        throw new Problem('too_large', `The files have more than ${mostOfAll.toLocaleString('en')} letters.`);
      }
      sections.push(sectionOf(real, text));
    }
    const document = /\.html?$/i.test(output) ? asHtml(title, sections) : asMarkdown(title, sections);
    const bytes = Buffer.from(document);
    const { path } = await hands.files.write(wholePath(output, hands.folder), bytes, { how: 'replace' });
    return found({ path, bytes_written: bytes.length, joined: sections.length });
  },
});

function sectionOf(path: string, text: string): Section {
  const name = posix.basename(path);
  if (/\.html?$/i.test(name) || /^\s*<(?:!doctype html|html)/i.test(text.slice(0, 500))) {
    return { title: titleOf(text) ?? name, text: readableText(text), isMarkdown: true };
  }
  return { title: name, text: text.trim(), isMarkdown: /\.(?:md|markdown)$/i.test(name) };
}

function asMarkdown(title: string, sections: readonly Section[]): string {
  const parts = sections.map(({ title: heading, text, isMarkdown }) => {
    const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
    return `## ${heading}\n\n${isMarkdown ? text : `${fence}\n${text}\n${fence}`}`;
  });
  return `${[...(title === '' ? [] : [`# ${title}`]), ...parts].join('\n\n')}\n`;
}

const longestRun = (text: string) =>
  (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);

/** Whatever the files hold, it is shown and never run. */
function asHtml(title: string, sections: readonly Section[]): string {
  const head = escaped(title || 'Document');
  const parts = sections.map(
    ({ title: heading, text }) =>
      `<section>\n<h2>${escaped(heading)}</h2>\n<pre>${escaped(text)}</pre>\n</section>`,
  );
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><title>${head}</title>`,
    '<style>body{font:1rem/1.5 system-ui;max-width:48rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;font:inherit}</style></head>',
    '<body>',
    ...(title === '' ? [] : [`<h1>${head}</h1>`]),
    ...parts,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => signs[sign] ?? sign);
