const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  laquo: '«',
  raquo: '»',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
};

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi, (whole, ten, sixteen, name) => {
    const code = ten ? Number(ten) : sixteen ? Number.parseInt(String(sixteen), 16) : null;
    if (code !== null) return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    return entities[String(name).toLowerCase()] ?? whole;
  });
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** What a page is called; null where it does not say. */
export function titleOf(html: string): string | null {
  const found = /<title[^>]{0,200}>([^<]{1,500})/i.exec(html)?.[1];
  return found === undefined ? null : oneLine(unescaped(found)) || null;
}

/** The words of a page, without what is not read: for a document that people read, never for a browser. */
export function readableText(html: string): string {
  const words = withoutParts(html, ['script', 'style', 'head', 'svg', 'template', 'noscript'])
    .split('<!--')
    .map((part, i) => (i === 0 ? part : (part.split('-->', 2)[1] ?? '')))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<li\b[^<>]*>/gi, '\n- ')
    .replaceAll(/<(?:br|hr)\b[^<>]*>/gi, '\n')
    .replaceAll(
      /<\/?(?:p|div|section|article|h[1-6]|ul|ol|table|tr|blockquote|pre|main|header|footer|nav)\b[^<>]*>/gi,
      '\n\n',
    )
    .replaceAll(/<\/t[dh]>/gi, ' ')
    .replaceAll(/<[^<>]*>/g, '');
  const lines = unescaped(words).split('\n').map(oneLine);
  return lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function withoutParts(html: string, names: readonly string[]): string {
  let left = html;
  for (const name of names) {
    const pieces: string[] = [];
    const lower = left.toLowerCase();
    let at = 0;
    for (;;) {
      const begin = lower.indexOf(`<${name}`, at);
      const isIt = begin >= 0 && !/[a-z0-9-]/.test(lower[begin + name.length + 1] ?? '');
      if (begin < 0) break;
      if (!isIt) {
        pieces.push(left.slice(at, begin + 1));
        at = begin + 1;
        continue;
      }
      pieces.push(left.slice(at, begin));
      const end = lower.indexOf(`</${name}`, begin);
      at = end < 0 ? left.length : Math.max(end, lower.indexOf('>', end)) + 1;
    }
    left = pieces.join('') + left.slice(at);
  }
  return left;
}
