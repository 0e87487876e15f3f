/**
 * One part of a call, which has to be allowed by itself. A program's arguments are known as far as `argv` goes;
 * `open` says that further ones follow which nobody knows now.
 */
export type Part =
  | { readonly kind: 'read' | 'write'; readonly path: string; readonly text: string }
  | ({ readonly kind: 'command' } & CommandPart)
  | { readonly kind: 'host'; readonly host: string; readonly port: number }
  | { readonly kind: 'spawn' | 'message'; readonly name: string }
  /** Something that cannot be taken back. */
  | { readonly kind: 'action'; readonly what: string }
  /** The call as such, where nothing more is known of what it does. */
  | { readonly kind: 'call'; readonly tool: string };

export interface CommandPart {
  readonly argv: readonly string[];
  readonly open: boolean;
  /** As it was written, for people. */
  readonly text: string;
  /** Why no pattern allows it: what it will do cannot be told from its words. */
  readonly unclear: string | null;
  /** Why only a rule that spells all of it out allows it. */
  readonly careful: string | null;
  /** It does nothing outside the shell. */
  readonly harmless: boolean;
  /** Looked at for refusing only: what contains it decides whether it is allowed. */
  readonly within: boolean;
}

export function unclearPart(text: string, why: string, argv: readonly string[] = []): Part {
  return {
    kind: 'command',
    argv,
    open: true,
    text,
    unclear: why,
    careful: null,
    harmless: false,
    within: false,
  };
}

export function partText(part: Part): string {
  switch (part.kind) {
    case 'read':
    case 'write':
    case 'command':
      return part.text;
    case 'host':
      return `${part.host}:${part.port}`;
    case 'spawn':
    case 'message':
      return part.name;
    case 'action':
      return part.what;
    case 'call':
      return part.tool;
  }
}

/** What it would do, to follow “it would”. */
export function partDeed(part: Part): string {
  switch (part.kind) {
    case 'read':
      return `read ${part.path}`;
    case 'write':
      return `write ${part.path}`;
    case 'command':
      return part.unclear === null ? 'run this command' : 'run something that cannot be told beforehand';
    case 'host':
      return `connect to ${part.host}, port ${part.port}`;
    case 'spawn':
      return `start the agent ${part.name}`;
    case 'message':
      return `send a message to ${part.name}`;
    case 'action':
      return part.what;
    case 'call':
      return `use the tool ${part.tool}`;
  }
}
