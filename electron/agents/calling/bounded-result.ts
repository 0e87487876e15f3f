import type { ContentPart } from '../../../shared/conversation.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { ToolResult } from '../../tools/tool.ts';

/** What a model receives of one result at most; tools keep to less by themselves. */
const mostLetters = 200_000;
const mostPictures = 8;
const mostShown = 200_000;

export function boundedResult(result: ToolResult, hint: string | null): ToolResult {
  let letters = mostLetters;
  let pictures = mostPictures;
  const content: ContentPart[] = [];
  for (const part of result.content) {
    if (part.kind === 'image') {
      if (pictures-- > 0) content.push(part);
      continue;
    }
    const text = part.text.slice(0, letters).toWellFormed();
    letters -= text.length;
    const cut = text.length < part.text.length;
    content.push({
      kind: 'text',
      text: cut ? `${text}\n(cut: ${part.text.length - text.length} more letters)` : text,
    });
  }
  if (hint !== null) content.push({ kind: 'text', text: hint });
  if (content.length === 0) content.push({ kind: 'text', text: '(nothing)' });
  const { ok, shown } = result;
  const bounded =
    shown?.kind === 'diff' ? { ...shown, text: shown.text.slice(0, mostShown).toWellFormed() } : shown;
  return { ok, content, shown: bounded };
}

export function problemResult({ message, mend }: Problem): ToolResult {
  const text = mend === undefined ? message : `${message} ${mend}`;
  return { ok: false, content: [{ kind: 'text', text }] };
}
