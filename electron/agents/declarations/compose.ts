import { Document, isMap, parseDocument } from 'yaml';
import { Problem } from '../../../shared/problem.ts';

/** Changes fields in a text as a form does: comments, order and everything not named stay. */
export function composeText(text: string, set: Readonly<Record<string, unknown>>): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new Problem(
      'invalid_input',
      'The text is no YAML, so no field of it can be set.',
      'Mend it as text first.',
    );
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new Problem('invalid_input', 'The text holds no fields.', 'Begin it with “name: …”.');
  }
  const target: Document = document;
  for (const [field, value] of Object.entries(set)) {
    const path = field.split('.');
    if (value === null) remove(target, path);
    else target.setIn(path, blockText(target, value));
  }
  return target.toString({ lineWidth: 0 });
}

function remove(document: Document, path: readonly string[]): void {
  if (!document.hasIn(path)) return;
  document.deleteIn(path);
  const above = path.slice(0, -1);
  const rest = above.length > 0 ? document.getIn(above) : undefined;
  if (isMap(rest) && rest.items.length === 0) document.deleteIn(above);
}

/** Several lines are written as lines, not as one with escapes. */
function blockText(document: Document, value: unknown): unknown {
  const node = document.createNode(value);
  if (typeof value === 'string' && value.includes('\n')) (node as { type?: string }).type = 'BLOCK_LITERAL';
  return node;
}
