import { z } from 'zod';
import { isPlain, miswritten, part, type Written } from './miswritten.ts';

/** A command, argument for argument: `null` stands for any one argument, `rest` for any more of them. */
export const commandPatternSchema = z
  .strictObject({ words: z.array(z.string().refine(isPlain).nullable()).max(200), rest: z.boolean() })
  .refine(({ words, rest }) => (words.length === 0 ? rest : Boolean(words[0])), 'names no command');
export type CommandPattern = z.infer<typeof commandPatternSchema>;

/** A star alone is any one argument, as the last word any number of them; in quotes it is a star. */
export function readCommandPattern(given: Written | readonly Written[]): CommandPattern {
  const words = 'text' in given ? splitWords(given) : given.map((word) => meaning(word, word.text));
  const rest = words.at(-1)?.word === null;
  const kept = rest ? words.slice(0, -1) : words;
  const first = kept[0];
  if (!first && !rest) {
    throw miswritten(
      'text' in given ? given : { field: 'exec', offset: 0 },
      'a command is missing.',
      'Write the command and its arguments, such as “git status *”.',
    );
  }
  if (first && !first.word) {
    throw miswritten(first.place, 'the command itself is not named.', 'Name it, or write “*” alone for all.');
  }
  return { words: kept.map(({ word }) => word), rest };
}

export function writeCommandPattern({ words, rest }: CommandPattern): string {
  return [...words.map((word) => (word === null ? '*' : quoted(word))), ...(rest ? ['*'] : [])].join(' ');
}

interface Word {
  readonly word: string | null;
  readonly place: Written;
}

function meaning(place: Written, word: string): Word {
  return { place, word: word === '*' ? null : word };
}

const wordOrQuoted = /\s*(?:"((?:[^"\\]|\\["\\])*)"|'([^']*)'|([^\s"']+))(?=\s|$)/y;

function splitWords(written: Written): Word[] {
  const words: Word[] = [];
  const text = written.text.trimEnd();
  for (let at = 0; at < text.length; at = wordOrQuoted.lastIndex) {
    wordOrQuoted.lastIndex = at;
    const found = wordOrQuoted.exec(text);
    const begin = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    if (!found) {
      throw miswritten(
        part(written, begin),
        'a quotation mark is not where a word begins and ends.',
        'Put quotation marks around the whole argument.',
      );
    }
    const place = part(written, begin, wordOrQuoted.lastIndex);
    const [, double, single, bare] = found;
    if (bare === undefined) words.push({ place, word: double?.replaceAll(/\\(.)/g, '$1') ?? single ?? '' });
    else if (bare !== '*' && bare.includes('*')) {
      throw miswritten(
        part(written, begin + bare.indexOf('*')),
        '“*” stands for whole arguments only.',
        'Write it as a word of its own, or put the argument in quotation marks if the star is meant.',
      );
    } else words.push(meaning(place, bare));
  }
  return words;
}

function quoted(word: string): string {
  return /^[^\s"'*]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
