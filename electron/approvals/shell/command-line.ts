import type { Command, Redirect, SyntaxNode, Word } from 'unbash';
import { posix } from 'node:path';
import { type Part, unclearPart } from '../weighing/part.ts';
import { commandParts } from './command-parts.ts';
import { literalWord } from './literal-word.ts';

type Grammar = Pick<typeof import('unbash'), 'parse' | 'forEachChild'>;

/** More than any line that somebody reads before allowing it. */
const longest = 64_000;
/** Each of them is put to every rule. */
const mostParts = 500;
const deepest = 12;

/** What only holds other things together; each of those is judged by itself. */
const holding = new Set<SyntaxNode['type']>([
  'Statement',
  'CompoundList',
  'AndOr',
  'Pipeline',
  'Time',
  'Negation',
  'If',
  'Elif',
  'While',
  'Subshell',
  'BraceGroup',
  'Redirected',
]);
/** Parts of words: who holds the word says what it means that it is not literal. */
const inWords = new Set<SyntaxNode['type']>([
  'Word',
  'Literal',
  'Glob',
  'SingleQuoted',
  'DoubleQuoted',
  'AnsiCQuoted',
  'LocaleString',
  'SimpleExpansion',
  'ParameterExpansion',
  'Default',
  'Remove',
  'Replace',
  'Slice',
  'CaseModification',
  'Transform',
  'Names',
  'Unknown',
  'ArithmeticExpansion',
  'ArithmeticBinary',
  'ArithmeticUnary',
  'ArithmeticTernary',
  'ArithmeticGroup',
  'ArithmeticWord',
  'ArithmeticCommandExpansion',
  'ExtendedGlob',
  'BraceExpansion',
  'HereDocBody',
  'HereDocDelimiter',
  'FileDescriptor',
  'TestUnary',
  'TestBinary',
  'TestLogical',
  'TestNot',
  'TestGroup',
]);
const parenthesisNext = /(?:[ \t]|\\\n)*\(/y;
const fileTests = new Set(['-e', '-f', '-d', '-r', '-w', '-x', '-s', '-L', '-h', '-z', '-n']);
const textTests = new Set(['=', '==', '!=', '<', '>', '-nt', '-ot', '-ef']);

/** Loads the grammar when it is first needed. */
export async function loadGrammar(): Promise<Grammar> {
  return import('unbash');
}

/** Every part of a line for bash. What the grammar does not know, or cannot say for certain, is a part that asks. */
export function lineParts(grammar: Grammar, line: string, cwd: string | null, depth = 0): Part[] {
  if (line.length > longest)
    return [unclearPart(`${line.slice(0, 200)}…`, 'the line is too long to be read')];
  if (depth > deepest) return [unclearPart(line, 'it is nested too deep')];
  if (!line.isWellFormed() || /[^\P{Cc}\t\n]/u.test(line)) {
    return [unclearPart(line, 'it holds characters that cannot be shown')];
  }
  try {
    const parts = new LineReader(grammar, line, cwd, depth).read();
    if (parts.length <= mostParts) return parts;
    return [unclearPart(line.slice(0, 1000), 'it has more parts than anybody reads')];
  } catch (failure) {
    if (!(failure instanceof RangeError)) throw failure;
    return [unclearPart(line.slice(0, 1000), 'it is nested too deep')];
  }
}

class LineReader {
  readonly #grammar: Grammar;
  readonly #line: string;
  readonly #depth: number;
  readonly #parts: Part[] = [];
  /** What positions count in: a substitution in backquotes has a text of its own. */
  #source: string;
  readonly #began: string | null;
  readonly #cwd: string | null;

  constructor(grammar: Grammar, line: string, cwd: string | null, depth: number) {
    this.#grammar = grammar;
    this.#line = line;
    this.#source = line;
    this.#depth = depth;
    this.#began = cwd;
    // Where it goes elsewhere first, nobody knows where a relative path leads.
    const plain = line.replaceAll('\\\n', '').replaceAll(/[\\'"]/g, '');
    this.#cwd = /\b(cd|pushd|popd|chdir)\b/.test(plain) || line.includes("$'") ? null : cwd;
  }

  read(): Part[] {
    this.#visit(this.#grammar.parse(this.#line));
    return this.#parts;
  }

  #unclear(text: string, why: string): void {
    this.#parts.push(unclearPart(text, why));
  }

  #within(node: SyntaxNode): void {
    this.#grammar.forEachChild(node, (child) => this.#visit(child));
  }

  #visit(node: SyntaxNode): void {
    if (node.type === 'Command') return this.#command(node);
    if (node.type === 'Script' && node.source !== undefined) {
      const outside = this.#source;
      this.#source = node.source;
      this.#look(node);
      this.#source = outside;
    } else {
      this.#look(node);
    }
  }

  #look(node: SyntaxNode): void {
    const trouble = this.#trouble(node);
    if (trouble !== null) this.#unclear(textOf(node) ?? this.#line.slice(0, 1000), trouble);
    if (node.type === 'Redirect') this.#redirect(node);
    this.#within(node);
  }

  /** Why what this holds cannot be told from its words; null where its parts tell it. */
  #trouble(node: SyntaxNode): string | null {
    if (node.type === 'Pipeline' && node.commands.length === 0) return 'there is nothing to run';
    if (holding.has(node.type) || inWords.has(node.type)) return null;
    if (node.type === 'Script') {
      return node.errors?.[0] ? `bash would not read it: ${node.errors[0].message}` : null;
    }
    if (node.type === 'HereString') {
      return node.target && literalWord(node.target.text) !== null
        ? null
        : 'what it reads is not written out';
    }
    if (node.type === 'HereDoc') {
      if (!node.delimiter || !node.closing) return 'the text that it reads has no end';
      // A quoted delimiter leaves the text as it is; otherwise it is expanded.
      return node.delimiter.quoted || !/[$`]/.test(node.body.text)
        ? null
        : 'what it reads is not written out';
    }
    if (node.type === 'TestCommand') {
      return isPlainTest(this.#grammar, node) ? null : 'what it compares is evaluated';
    }
    if (node.type === 'Function') {
      return literalWord(node.name.text) === null ? 'its name is not written out' : null;
    }
    if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') {
      return node.script ? null : 'it could not be read';
    }
    return node.type === 'Redirect' ? null : unknownWords(node.type);
  }

  #command(node: Command): void {
    for (const part of node.prefix) {
      if (part.type === 'Assignment') this.#unclear(part.text, 'it sets a variable');
    }
    if (node.name) this.#words(node.name, node);
    if (this.#skips(node)) this.#unclear(this.#source.slice(node.pos, node.end), 'bash would not read it so');
    // What stands inside of its words runs as well, before it.
    this.#grammar.forEachChild(node, (child) => {
      if (child.type === 'Assignment') this.#within(child);
      else this.#visit(child);
    });
  }

  /** Whether something other than blanks stands between its words, or a parenthesis after one: it was passed over. */
  #skips(node: Command): boolean {
    let end = node.pos;
    for (const part of [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]) {
      if (/[^ \t]/.test(this.#source.slice(end, part.pos).replaceAll('\\\n', ''))) return true;
      end = Math.max(end, part.end);
      parenthesisNext.lastIndex = part.end;
      if (parenthesisNext.test(this.#source)) return true;
    }
    return false;
  }

  #words(name: Word, { args }: Command): void {
    const written = [name, ...args];
    const argv: string[] = [];
    let unclear: string | null = null;
    for (const word of written) {
      const literal = word.type === 'Word' ? literalWord(word.text) : null;
      // Both readings have to agree: the grammar’s and ours.
      if (word.type === 'Word' && literal !== null && literal === word.value) {
        argv.push(literal);
        continue;
      }
      unclear = word.type === 'Word' ? `“${word.text}” is not literal` : `“${word.text}” sets a variable`;
      break;
    }
    const text = written.map((word) => word.text).join(' ');
    const readLine = (line: string) => lineParts(this.#grammar, line, this.#cwd, this.#depth + 1);
    this.#parts.push(
      ...commandParts(
        { argv, open: unclear !== null, text, unclear, cwd: this.#began },
        readLine,
        this.#depth,
      ),
    );
  }

  #redirect({ operator, descriptor, target }: Redirect): void {
    if (descriptor?.type === 'FileDescriptorVariable') {
      return this.#unclear(`{${descriptor.name}}${operator}`, 'it sets a variable');
    }
    const path = target ? literalWord(target.text) : null;
    if (target === undefined || path === null || path !== target.value) {
      return this.#unclear(`${operator} ${target?.text ?? ''}`, 'which file it means is not written out');
    }
    if ((operator === '>&' || operator === '<&') && /^(\d+-?|-)$/.test(path)) return;
    if (path === '/dev/null') return;
    const text = `${operator} ${target.text}`;
    // Bash expands the name after “>&” a second time, when its quotation marks are gone.
    if (operator === '>&' && literalWord(path) !== path) {
      return this.#unclear(text, 'which file it means is not written out');
    }
    if (path === '' || /^\/dev\/(tcp|udp)\//.test(path)) return this.#unclear(text, 'it is a connection');
    const whole = path.startsWith('/') ? path : this.#cwd === null ? null : `${this.#cwd}/${path}`;
    if (whole === null || path.split('/').includes('..')) {
      return this.#unclear(text, 'where the file lies cannot be told for certain');
    }
    const part = { path: posix.normalize(whole), text };
    const reads = operator === '<' || operator === '<>' || operator === '<&';
    if (reads) this.#parts.push({ kind: 'read', ...part });
    if (operator !== '<' && operator !== '<&') this.#parts.push({ kind: 'write', ...part });
  }
}

/** Tests of files and texts; others calculate, and calculating may run something. */
function isPlainTest(grammar: Grammar, node: SyntaxNode): boolean {
  if (node.type === 'Word') return literalWord(node.text) !== null;
  if (node.type === 'TestUnary' && !fileTests.has(node.operator)) return false;
  if (node.type === 'TestBinary' && !textTests.has(node.operator)) return false;
  let plain = true;
  grammar.forEachChild(node, (child) => {
    plain &&= isPlainTest(grammar, child);
  });
  return plain;
}

function textOf(node: SyntaxNode): string | null {
  return 'text' in node && typeof node.text === 'string' ? node.text : null;
}

function unknownWords(type: SyntaxNode['type']): string {
  if (type === 'For' || type === 'Select' || type === 'ArithmeticFor') return 'it sets a variable';
  if (type === 'ArithmeticCommand') return 'it calculates, which may run something';
  if (type === 'Coproc') return 'it starts something beside';
  return 'it holds something whose meaning is not known here';
}
