import { Document, isMap, parseDocument } from 'yaml';
import type { ToolServer } from '../../../shared/tool-server.ts';
import { toolServerSchema } from '../../../shared/tool-server.ts';
import { Problem } from '../../../shared/problem.ts';
import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import { placeText } from '../../base/placed-text.ts';
import { type ReadText, readFields } from '../../base/read-fields.ts';

/** The text of one declaration as what it declares, with every mistake at its place. */
export function readServer(text: string): ReadText<ToolServer> {
  return readFields(
    text,
    toolServerSchema,
    'It declares nothing: a server has a transport at least, as in “transport: { kind: http, url: … }”.',
    (given) => {
      const placed = placeText(given);
      return { ...placed, value: withHosts(placed.value) };
    },
  );
}

/** Hosts may be written as everywhere else: `example.org:443`. What is no host is told at its place by the schema. */
function withHosts(value: unknown): unknown {
  const { transport } = (value ?? {}) as { transport?: { hosts?: unknown } };
  if (typeof transport !== 'object' || transport === null || !Array.isArray(transport.hosts)) return value;
  const hosts = transport.hosts.map((host: unknown) => {
    try {
      return typeof host === 'string' ? readHostPattern({ text: host, field: 'hosts', offset: 0 }) : host;
    } catch {
      return host;
    }
  });
  return { ...(value as object), transport: { ...transport, hosts } };
}

export interface FieldChange {
  readonly field: readonly string[];
  /** Null takes it out. */
  readonly value: unknown;
}

/** Changes fields in a text as a form does: comments, order and everything not named stay. */
export function composeServer(text: string, set: readonly FieldChange[]): string {
  if (set.length === 0) return text;
  const document: Document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new Problem(
      'invalid_input',
      'The text is no YAML, so no field of it can be set.',
      'Mend it as text first.',
    );
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new Problem('invalid_input', 'The text holds no fields.', 'Begin it with “transport: …”.');
  }
  for (const { field, value } of set) {
    if (value === null) remove(document, field);
    else put(document, field, value);
  }
  return document.toString({ lineWidth: 0 });
}

/** What stands in the way, such as a text where fields are to be, gives way. */
function put(document: Document, field: readonly string[], value: unknown): void {
  for (let depth = 1; depth < field.length; depth++) {
    const above = field.slice(0, depth);
    const there = document.getIn(above);
    if (there !== undefined && !isMap(there)) document.deleteIn(above);
  }
  document.setIn(field, document.createNode(value));
}

function remove(document: Document, field: readonly string[]): void {
  if (!document.hasIn(field)) return;
  document.deleteIn(field);
  const above = field.slice(0, -1);
  const rest = above.length > 0 ? document.getIn(above) : undefined;
  if (isMap(rest) && rest.items.length === 0) document.deleteIn(above);
}
