import type { AgentSession, ToolCard, TranscriptEntry } from '../../shared/agent-session.ts';
import { harmless, moment, tinted } from './output.ts';

/** One session with an agent as the cells of a row, beside those of commands. */
export function agentSessionCells(session: AgentSession): string[] {
  const { id, activity, outcome, review, sandbox, started, agent, title } = session;
  const waits = review === 'waiting' || review === 'partly_applied';
  const became = outcome ? outcome.label.replaceAll('_', ' ') : activity.replaceAll('_', ' ');
  return [
    id,
    waits ? `${became}, changes wait` : became,
    sandbox,
    moment(started),
    harmless(title === agent ? agent : `${agent}: ${title}`).slice(0, 80),
  ];
}

const marks: Readonly<Record<ToolCard['state'], string>> = {
  queued: 'queued',
  running: 'runs',
  waiting: 'waits',
  done: 'done',
  failed: 'failed',
  denied: 'denied',
  unknown: 'unknown',
};

/** An entry of a transcript as lines. */
export function entryLines(entry: TranscriptEntry): string[] {
  switch (entry.kind) {
    case 'person':
      return [tinted('strong', `${harmless(entry.from)}:`), ...indented(textOf(entry.parts))];
    case 'answer':
      return entry.text.trim() === '' ? [] : [tinted('strong', 'agent:'), ...indented(entry.text)];
    case 'call':
      return cardLines(entry.card);
    case 'note':
      return [tinted(entry.tone === 'quiet' ? 'quiet' : 'warning', `  ${plain(entry.text)}`)];
  }
}

export function cardLines(card: ToolCard): string[] {
  const { tool, preview, state, result, milliseconds } = card;
  const took = milliseconds === null ? '' : `, ${(milliseconds / 1000).toFixed(1)} s`;
  const line = `  ${harmless(tool)}: ${plain(preview)}  [${marks[state]}${took}]`;
  const first = result?.split('\n', 1)[0] ?? '';
  const why = state === 'failed' || state === 'denied' ? [`    ${plain(first)}`] : [];
  return [tinted(state === 'failed' || state === 'denied' ? 'warning' : 'quiet', line), ...why];
}

export function textOf(parts: readonly { readonly kind: string; readonly text?: string }[]): string {
  return parts.map((part) => (part.kind === 'text' ? (part.text ?? '') : '(a picture)')).join('\n');
}

/** What a model wrote must not move the person’s cursor. */
export function plain(text: string): string {
  return harmless(text.replaceAll('\t', '    ').replaceAll('\n', ' ')).slice(0, 400);
}

function indented(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${harmless(line.replaceAll('\t', '    '))}`);
}
