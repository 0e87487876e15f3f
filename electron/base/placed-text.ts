import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';

type Path = readonly PropertyKey[];

/** What is wrong with a text, and where. Lines and columns count from 1. */
export interface PlacedProblem {
  readonly line: number;
  readonly column: number;
  /** Empty where it is the text as a whole. */
  readonly field: string;
  readonly message: string;
}

/** A text that knows where each of its fields stands. */
export interface PlacedText {
  /** What it says; meaningless where there are problems. */
  readonly value: unknown;
  /** What keeps it from being read at all. */
  readonly problems: readonly PlacedProblem[];
  at(path: Path, message: string): PlacedProblem;
}

/** Aliases beyond this many make a small file a large value. */
const mostAliases = 50;

/** More mistakes than anybody mends at once. */
const mostProblems = 50;
/** Whether two of them are the same takes time that grows with their square. */
const mostFields = 2000;
/** So many marks of fields a text has at most, before it is read at all; most of them stand in prompts. */
const mostMarks = 10_000;

/** Of a YAML text. */
export function placeText(given: string): PlacedText {
  const marks = given.replaceAll(/[^:?]/g, '').length;
  const tooMany = marks > mostMarks || (marks > mostFields && fieldsOf(given) > mostFields);
  const text = tooMany ? '' : given;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const placed = (offset: number, field: string, message: string): PlacedProblem => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col), field, message };
  };
  const problems = [...document.errors, ...document.warnings]
    .slice(0, mostProblems)
    .map(({ message, pos: [from] }) => placed(from, '', sentence(message)));
  if (tooMany) problems.push(placed(0, '', `It has more than ${mostFields.toLocaleString('en')} fields.`));
  let value: unknown = null;
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: mostAliases });
      if (!hasAnEnd(value)) {
        value = null;
        problems.push(placed(0, '', 'It is nested in itself, or too deeply.'));
      }
    } catch (failure) {
      problems.push(placed(0, '', sentence((failure as Error).message)));
    }
  }
  return {
    value,
    problems,
    at: (path, message) => placed(offsetOf(document, path), fieldName(path), message),
  };
}

/** An alias of what it stands in makes a value that nothing comes to the end of. */
function hasAnEnd(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

function fieldsOf(text: string): number {
  let count = 0;
  visit(parseDocument(text, { uniqueKeys: false, prettyErrors: false }), { Pair: () => void count++ });
  return count;
}

/** `capabilities[2]`, `memory.context_window`. */
export function fieldName(path: Path): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`))
    .join('');
}

/** Where a field begins; where it is not there, the innermost thing around it. */
function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
      const place = pair && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      if (place === undefined) return offset;
      offset = place;
      node = pair?.value;
    } else if (isCollection(node)) {
      node = (node.items as unknown[])[Number(key)];
      offset = (node as { range?: [number] } | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}

function sentence(message: string): string {
  const [line = message] = message.split('\n');
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
