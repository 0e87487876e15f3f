import type { ToolResult, ToolShown } from './tool.ts';

/** What a tool found or did, as JSON for the model. */
export function found(value: unknown, shown?: ToolShown): ToolResult {
  return {
    content: [{ kind: 'text', text: JSON.stringify(value, null, 1) }],
    ok: true,
    ...(shown && { shown }),
  };
}

/** Plain text for the model. */
export function said(text: string, shown?: ToolShown): ToolResult {
  return { content: [{ kind: 'text', text }], ok: true, ...(shown && { shown }) };
}

/** It was carried out and did not succeed: the model is told how. */
export function failed(text: string, shown?: ToolShown): ToolResult {
  return { content: [{ kind: 'text', text }], ok: false, ...(shown && { shown }) };
}
