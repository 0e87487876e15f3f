const deepest = 500;

/** What a text is, up to the first character that keeps it from being JSON. */
export interface JsonPlaces {
  /** Where each wanted value, or the name of its field, begins; by JSON pointer. */
  readonly places: ReadonlyMap<string, number>;
  readonly failure: { readonly offset: number; readonly message: string } | null;
}

/** One step of a JSON pointer. */
export function pointerStep(name: string | number): string {
  return `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Finds where values stand in a JSON text: the parser of the language says where nothing is. */
export function jsonPlaces(text: string, wanted: ReadonlySet<string>): JsonPlaces {
  const scan = new JsonScan(text, wanted);
  try {
    scan.whole();
    return { places: scan.places, failure: null };
  } catch (failure) {
    if (!(failure instanceof SyntaxError)) throw failure;
    return { places: scan.places, failure: { offset: scan.at, message: failure.message } };
  }
}

class JsonScan {
  readonly places = new Map<string, number>();
  readonly #text: string;
  readonly #wanted: ReadonlySet<string>;
  /** How far it was read. */
  at = 0;

  constructor(text: string, wanted: ReadonlySet<string>) {
    this.#text = text;
    this.#wanted = wanted;
  }

  whole(): void {
    this.#value('', 0);
    this.#space();
    if (this.at < this.#text.length) this.#fail('Something stands after its end.');
  }

  #value(pointer: string, depth: number): void {
    if (depth > deepest) this.#fail(`It is nested more than ${deepest} deep.`);
    this.#space();
    if (this.#wanted.has(pointer) && !this.places.has(pointer)) this.places.set(pointer, this.at);
    const first = this.#text[this.at];
    if (first === '{') this.#fields(pointer, depth);
    else if (first === '[') this.#entries(pointer, depth);
    else if (first === '"') this.#string();
    else this.#word();
  }

  #fields(pointer: string, depth: number): void {
    this.at++;
    if (this.#took('}')) return;
    do {
      this.#space();
      const from = this.at;
      if (this.#text[from] !== '"') this.#fail('The name of a field is missing, in double quotes.');
      this.#string();
      const below = pointer + pointerStep(JSON.parse(this.#text.slice(from, this.at)) as string);
      // Of two fields of one name the last one counts.
      if (this.#wanted.has(below)) this.places.set(below, from);
      if (!this.#took(':')) this.#fail('A colon is missing.');
      this.#value(below, depth + 1);
    } while (this.#took(','));
    if (!this.#took('}')) this.#fail('A comma or “}” is missing.');
  }

  #entries(pointer: string, depth: number): void {
    this.at++;
    if (this.#took(']')) return;
    let index = 0;
    do this.#value(pointer + pointerStep(index++), depth + 1);
    while (this.#took(','));
    if (!this.#took(']')) this.#fail('A comma or “]” is missing.');
  }

  #string(): void {
    const from = this.at++;
    for (;;) {
      if (this.#take(/[^"\\\p{Cc}]+/uy) || this.#take(/[\u007F-\u009F]/y)) continue;
      if (this.#take(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y)) continue;
      if (this.#take(/"/y)) return;
      this.at = from;
      this.#fail('A text is not closed, or holds what must be written with “\\”.');
    }
  }

  #word(): void {
    if (this.#take(/(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])/y))
      return;
    this.#fail(this.at < this.#text.length ? 'This is no value.' : 'It ends too soon.');
  }

  #took(mark: string): boolean {
    this.#space();
    if (this.#text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  #space(): void {
    this.#take(/[ \t\r\n]*/y);
  }

  #take(what: RegExp): boolean {
    what.lastIndex = this.at;
    const isThere = what.test(this.#text);
    if (isThere) this.at = what.lastIndex;
    return isThere;
  }

  #fail(message: string): never {
    throw new SyntaxError(message);
  }
}
