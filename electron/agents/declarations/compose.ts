import type { Document } from 'yaml';
import { fieldsOfText, removeField } from '../../base/fields-of-text.ts';

/** Changes fields in a text as a form does: comments, order and everything not named stay. */
export function composeText(text: string, set: Readonly<Record<string, unknown>>): string {
  const target = fieldsOfText(text, 'name: …');
  for (const [field, value] of Object.entries(set)) {
    const path = field.split('.');
    if (value === null) removeField(target, path);
    else target.setIn(path, blockText(target, value));
  }
  return target.toString({ lineWidth: 0 });
}

/** Several lines are written as lines, not as one with escapes. */
function blockText(document: Document, value: unknown): unknown {
  const node = document.createNode(value);
  if (typeof value === 'string' && value.includes('\n')) (node as { type?: string }).type = 'BLOCK_LITERAL';
  return node;
}
