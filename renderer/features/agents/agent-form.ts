import type { Agent } from '../../../shared/agent.ts';
import { commandFields } from './command-form.ts';

export type FormValue = string | number | readonly string[] | null;

/** One field of the form: where it stands in the file, and what it holds now. */
export interface FormField {
  readonly field: string;
  readonly label: string;
  readonly kind: 'words' | 'text' | 'lines' | 'number' | 'money';
  readonly value: string;
  readonly hint?: string;
}

const toolOf = /^tool: (.*)$/;

export function fieldsOf(agent: Agent): FormField[] {
  if (agent.command) return commandFields(agent, agent.command);
  const tools = agent.capabilities.flatMap((text) => toolOf.exec(text)?.[1] ?? []);
  const rights = agent.capabilities.filter((text) => !toolOf.test(text) && !agent.ask.includes(text));
  const lines = (list: readonly string[]) => list.join('\n');
  return [
    { field: 'description', label: 'What it is for', kind: 'words', value: agent.description },
    {
      field: 'model',
      label: 'Model',
      kind: 'words',
      value: agent.models[0] ?? '',
      hint: 'provider/name; empty: the default one',
    },
    {
      field: 'fallback',
      label: 'Where that cannot be had',
      kind: 'lines',
      value: lines(agent.models.slice(1)),
      hint: 'Models, one on a line, tried in order.',
    },
    { field: 'system_prompt', label: 'What it is told', kind: 'text', value: agent.systemPrompt },
    { field: 'tools', label: 'Tools', kind: 'lines', value: lines(tools), hint: 'One on a line.' },
    {
      field: 'capabilities',
      label: 'Rights',
      kind: 'lines',
      value: lines(rights),
      hint: 'One on a line, as in “file_read: $folder/*” or “exec: git status *”.',
    },
    {
      field: 'approval_required',
      label: 'Tools that always ask',
      kind: 'lines',
      value: lines(agent.approvalRequired),
    },
    {
      field: 'network',
      label: 'Hosts it may reach',
      kind: 'lines',
      value: lines(agent.network),
      hint: 'One on a line, as in “example.org:443”; none: no network.',
    },
    {
      field: 'skills',
      label: 'Skills',
      kind: 'lines',
      value: agent.skills === '*' ? '*' : lines(agent.skills),
      hint: 'One on a line; “*”: all there are.',
    },
    {
      field: 'budget_config.max_dollars',
      label: 'Budget in dollars',
      kind: 'money',
      value: agent.budget?.micros ? String(agent.budget.micros / 1_000_000) : '',
      hint: 'For each hour, unless the file says another period.',
    },
    {
      field: 'budget_config.max_tokens',
      label: 'Budget in tokens',
      kind: 'number',
      value: agent.budget?.tokens ? String(agent.budget.tokens) : '',
    },
    {
      field: 'limits.iterations',
      label: 'Steps in one turn',
      kind: 'number',
      value: String(agent.limits.iterations),
    },
  ];
}

/** What was typed as a value for the file; empty takes the field out of it. */
export function valueOf({ field, kind }: FormField, text: string): { value: FormValue } | { wrong: string } {
  const trimmed = text.trim();
  if (trimmed === '') return { value: null };
  if (kind === 'number') {
    return /^[1-9][0-9]{0,14}$/.test(trimmed)
      ? { value: Number(trimmed) }
      : { wrong: 'A whole number, at least 1.' };
  }
  if (kind === 'money') {
    return /^\d{1,6}(\.\d{1,6})?$/.test(trimmed) && Number(trimmed) > 0
      ? { value: Number(trimmed) }
      : { wrong: 'A sum of dollars, for example 2.50.' };
  }
  if (kind === 'words') return { value: trimmed };
  if (kind === 'text') return { value: `${text.trimEnd()}\n` };
  if (field === 'skills' && trimmed === '*') return { value: '*' };
  const lines = trimmed.split('\n').map((line) => line.trim());
  return { value: lines.filter((line) => line !== '') };
}
