import { type Document, isMap, parseDocument } from 'yaml';
import { Problem } from '../../shared/problem.ts';

/** A text whose fields are to be set, with its comments and their order; `begin` says how one is begun. */
export function fieldsOfText(text: string, begin: string): Document {
  const document: Document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new Problem(
      'invalid_input',
      'The text is no YAML, so no field of it can be set.',
      'Mend it as text first.',
    );
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new Problem('invalid_input', 'The text holds no fields.', `Begin it with “${begin}”.`);
  }
  return document;
}

/** With it goes what it stood in, where nothing else does. */
export function removeField(document: Document, field: readonly string[]): void {
  if (!document.hasIn(field)) return;
  document.deleteIn(field);
  const above = field.slice(0, -1);
  const rest = above.length > 0 ? document.getIn(above) : undefined;
  if (isMap(rest) && rest.items.length === 0) document.deleteIn(above);
}
