import { type Document, isMap } from 'yaml';
import type { ToolServer } from '../../../shared/tool-server.ts';
import { toolServerSchema } from '../../../shared/tool-server.ts';
import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import { fieldsOfText, removeField } from '../../base/fields-of-text.ts';
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
  const document = fieldsOfText(text, 'transport: …');
  for (const { field, value } of set) {
    if (value === null) removeField(document, field);
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
