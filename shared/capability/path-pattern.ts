import { isPlain, miswritten, part, type Written } from './miswritten.ts';

/**
 * Which paths: `*` for all, `/folder/*` for a folder and everything below it, `/file` for exactly that.
 * A pattern is a text and is made simple as a text; it never follows links.
 */
export function readPathPattern(written: Written): string {
  const { text } = written;
  if (text === '*') return text;
  if (!text.startsWith('/')) {
    throw miswritten(written, 'a path begins with “/”.', 'Write the whole path, or “*” for every path.');
  }
  const star = text.indexOf('*');
  if (star >= 0 && star < text.length - 1) {
    throw miswritten(
      part(written, star),
      '“*” stands only at the end.',
      'Write “/folder/*” for a folder and everything below it, however deep.',
    );
  }
  const path = simplePath(star < 0 ? text : text.slice(0, -1));
  if (star < 0) return path;
  return path === '/' ? '*' : `${path}/*`;
}

export function isPathPattern(text: string): boolean {
  try {
    return isPlain(text) && readPathPattern({ text, field: '', offset: 0 }) === text;
  } catch {
    return false;
  }
}

/** Without `.`, `..`, doubled and trailing slashes. */
function simplePath(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}
