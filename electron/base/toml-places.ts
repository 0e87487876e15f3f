/** Where each field of a text that is TOML begins, by its path as JSON. Of anything else it says nothing useful. */
export function tomlPlaces(text: string): ReadonlyMap<string, number> {
  return new TomlScan(text).whole();
}

type Path = (string | number)[];

class TomlScan {
  readonly #places = new Map<string, number>();
  /** How many tables there are so far of each list of tables. */
  readonly #lists = new Map<string, number>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): ReadonlyMap<string, number> {
    let table: Path = [];
    for (this.#blank(); this.#at < this.#text.length; this.#blank()) {
      const from = this.#at;
      if (this.#text[this.#at] === '[') table = this.#header(from);
      else this.#field(table);
      // Nothing was read: it is no TOML, and there is no end to be waited for.
      if (this.#at === from) break;
    }
    return this.#places;
  }

  #header(from: number): Path {
    const marks = this.#text[this.#at + 1] === '[' ? 2 : 1;
    this.#at += marks;
    const path: Path = [];
    const names = this.#names();
    names.forEach((name, i) => {
      path.push(name);
      const list = JSON.stringify(path);
      const count = this.#lists.get(list);
      if (marks === 2 && i === names.length - 1) {
        this.#lists.set(list, (count ?? 0) + 1);
        if (count === undefined) this.#places.set(list, from);
        path.push(count ?? 0);
      } else if (count !== undefined) path.push(count - 1);
    });
    this.#places.set(JSON.stringify(path), from);
    this.#at += marks;
    return path;
  }

  #field(table: Path): void {
    const from = this.#at;
    const names = this.#names();
    const path = [...table, ...names];
    names.forEach((_, i) => {
      const above = JSON.stringify(path.slice(0, table.length + i + 1));
      if (!this.#places.has(above)) this.#places.set(above, from);
    });
    this.#take(/=?/y);
    this.#value(path);
  }

  #value(path: Path): void {
    this.#blank();
    const first = this.#text[this.#at];
    if (first === '[') this.#entries(path);
    else if (first === '{') this.#inline(path);
    else if (first === '"' || first === "'") this.#string();
    else this.#take(/[^,\]}#\n]*/y);
  }

  #entries(path: Path): void {
    this.#at++;
    for (let index = 0; ; index++) {
      this.#blank();
      if (this.#at >= this.#text.length || this.#take(/\]/y) !== '') return;
      const below = [...path, index];
      const from = this.#at;
      this.#places.set(JSON.stringify(below), from);
      this.#value(below);
      this.#blank();
      if (this.#take(/,/y) === '' && this.#at === from) return;
    }
  }

  #inline(path: Path): void {
    this.#at++;
    for (;;) {
      this.#blank();
      if (this.#at >= this.#text.length || this.#take(/\}/y) !== '') return;
      const from = this.#at;
      this.#field(path);
      this.#blank();
      if (this.#take(/,/y) === '' && this.#at === from) return;
    }
  }

  #names(): string[] {
    const names: string[] = [];
    do {
      this.#take(/[ \t]*/y);
      const first = this.#text[this.#at];
      names.push(first === '"' || first === "'" ? this.#string() : this.#take(/[A-Za-z0-9_-]*/y));
      this.#take(/[ \t]*/y);
    } while (this.#take(/\./y) !== '');
    return names;
  }

  /** What stands between the quotes, as far as it is needed for a name. */
  #string(): string {
    const whole = this.#take(
      /"""[^]*?(?:(?<!\\)(?:\\\\)*"{3,5}|$)|'''[^]*?(?:'{3,5}|$)|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?/y,
    );
    if (!whole.startsWith('"')) return whole.slice(1, -1);
    try {
      return JSON.parse(whole) as string;
    } catch {
      return whole.slice(1, -1);
    }
  }

  #blank(): void {
    this.#take(/(?:[ \t\r\n]+|#[^\n]*)*/y);
  }

  #take(what: RegExp): string {
    what.lastIndex = this.#at;
    const [taken = ''] = what.exec(this.#text) ?? [];
    this.#at += taken.length;
    return taken;
  }
}
