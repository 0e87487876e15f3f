import type { Approval, ApprovalDetail } from '../../shared/approval.ts';
import type { DecidedPart } from '../../shared/rule.ts';
import { harmless } from './output.ts';

/** How long ago, in the one unit that says enough. */
export function age(time: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(time)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

export function approvalCells({ id, state, agent, asked, line, settled }: Approval, now: Date): string[] {
  return [id, settled?.how ?? state, age(asked, now), harmless(agent), harmless(line)];
}

const marks = { allow: 'allowed', ask: 'asks', deny: 'denied', free: 'free' } as const;

export function partLines(parts: readonly DecidedPart[]): string[] {
  return parts.map(
    ({ verdict, text, why }) => `  ${marks[verdict].padEnd(8)}${harmless(text)}  (${harmless(why)})`,
  );
}

/** One approval whole, nothing cut: this is read before it is allowed. */
export function detailLines(detail: ApprovalDetail): string[] {
  const { settled, question, difference } = detail;
  const lines = [
    `${detail.id}  ${settled?.how ?? detail.state}`,
    `agent      ${harmless(detail.agent)} (${detail.session})`,
    `tool       ${harmless(detail.tool)}, ${harmless(detail.where)}`,
    `folder     ${harmless(detail.folder ?? 'none')}`,
    `why        ${harmless(detail.why)}`,
    ...(detail.expires === null ? [] : [`expires    ${detail.expires}`]),
  ];
  if (settled?.reason) lines.push(`reason     ${harmless(settled.reason)}`);
  if (question) {
    lines.push('question', ...indented(question.text));
    lines.push(...question.choices.map((choice) => `  - ${harmless(choice)}`));
  } else {
    lines.push('arguments', ...indented(JSON.stringify(detail.input, null, 2)));
    if (detail.edited !== null)
      lines.push('allowed instead', ...indented(JSON.stringify(detail.edited, null, 2)));
    lines.push('parts', ...partLines(detail.parts));
  }
  if (difference) lines.push(`changes    ${harmless(difference.path)}`, ...indented(difference.text));
  for (const { words, warnings, overrides } of detail.suggestions) {
    lines.push(`always     ${harmless(words)}`);
    lines.push(...warnings.map((warning) => `           ${harmless(warning)}`));
    lines.push(...overrides.map((other) => `           It would overrule ${harmless(other)}.`));
  }
  return lines;
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${harmless(line.replaceAll('\t', '    '))}`);
}
