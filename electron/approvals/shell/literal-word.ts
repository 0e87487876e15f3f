/** What stands for one letter in `$'…'`; what is not here (`\u`, `\c`) is not read. */
const ansiLetters = new Map([
  ['a', '\u0007'],
  ['b', '\b'],
  ['e', '\u001B'],
  ['E', '\u001B'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['?', '?'],
]);

/**
 * What bash makes of a word that means itself, or null for one that bash would expand: parameters,
 * substitutions, patterns of names, braces, `~`. The grammar says where a word ends; whether it is literal is
 * looked at here a second time, letter by letter, and whatever is not known for certain is not literal.
 */
export function literalWord(text: string): string | null {
  const word = new Reader(text).read();
  return word?.includes('\0') === true ? null : word;
}

class Reader {
  readonly #text: string;
  #at = 0;
  #word = '';
  #braces = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(): string | null {
    while (this.#at < this.#text.length) if (!this.#step()) return null;
    // Nothing between no quotation marks is no word at all.
    return this.#word === '' && !/['"]/.test(this.#text) ? null : this.#word;
  }

  #step(): boolean {
    const letter = this.#text[this.#at]!;
    switch (letter) {
      case '\\':
        return this.#escaped();
      case "'":
        return this.#single();
      case '"':
        return this.#double();
      case '$':
        return this.#text[this.#at + 1] === "'" ? this.#ansi() : false;
      case '~':
        // At the beginning, and after “=” and “:” as in an assignment.
        return this.#word !== '' && !/[=:]$/.test(this.#word) ? this.#plain(letter) : false;
      case '{':
        this.#braces = true;
        return this.#plain(letter);
      case ',':
        return this.#braces ? false : this.#plain(letter);
      case '.':
        return this.#braces && this.#text[this.#at + 1] === '.' ? false : this.#plain(letter);
      case '#':
        // First in a word it begins a comment.
        return /^(\\\n)*$/.test(this.#text.slice(0, this.#at)) ? false : this.#plain(letter);
      case '[':
        return this.#text === '[' ? this.#plain(letter) : false;
      default:
        return /[`*?()<>|&;\s]/.test(letter) ? false : this.#plain(letter);
    }
  }

  #plain(letter: string): boolean {
    this.#word += letter;
    this.#at++;
    return true;
  }

  #escaped(): boolean {
    const next = this.#text[this.#at + 1];
    if (next === undefined) return false;
    if (next !== '\n') this.#word += next;
    this.#at += 2;
    return true;
  }

  #single(): boolean {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) return false;
    this.#word += this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return true;
  }

  #double(): boolean {
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const letter = this.#text[at]!;
      if (letter === '"') {
        this.#at = at + 1;
        return true;
      }
      if (letter === '$' || letter === '`') return false;
      if (letter === '\\') {
        const next = this.#text[++at];
        if (next === undefined) return false;
        if (next !== '\n') this.#word += /[$`"\\]/.test(next) ? next : `\\${next}`;
      } else {
        this.#word += letter;
      }
    }
    return false;
  }

  #ansi(): boolean {
    let at = this.#at + 2;
    while (at < this.#text.length) {
      const letter = this.#text[at]!;
      if (letter === "'") {
        this.#at = at + 1;
        return true;
      }
      if (letter !== '\\') {
        this.#word += letter;
        at++;
        continue;
      }
      const rest = this.#text.slice(at + 1, at + 4);
      const [code, digits = ''] = /^(?:x([0-9a-fA-F]{1,2})|[0-7]{1,3})/.exec(rest) ?? [];
      if (code === undefined) {
        const known = ansiLetters.get(rest[0] ?? '');
        if (known === undefined) return false;
        this.#word += known;
        at += 2;
        continue;
      }
      const byte = digits ? Number.parseInt(digits, 16) : Number.parseInt(code, 8);
      // Above ASCII it is a byte of some encoding, and no letter yet.
      if (byte === 0 || byte > 127) return false;
      this.#word += String.fromCharCode(byte);
      at += 1 + code.length;
    }
    return false;
  }
}
