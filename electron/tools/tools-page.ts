import { z } from 'zod';
import type { Tool } from './tool.ts';

interface Field {
  readonly description?: string;
  readonly default?: unknown;
  readonly [key: string]: unknown;
}

const surfaces = {
  sandbox: 'in the session’s sandbox',
  broker: 'outside, through the broker',
  none: 'in Holdfast alone',
} as const;

/** The page that says what every tool is: written from the tools themselves. */
export function toolsPage(tools: readonly Tool[]): string {
  const rows = tools.map(({ name, title }) => `| [\`${name}\`](#${name}) | ${title} |`);
  return `${[
    '# Tools',
    'What an agent can call. It is offered those that its file names (`tools`, or capabilities `tool: NAME`), and each call asks its tokens again. This page is written from the tools: `npx vitest run electron/tools/tools-page.test.ts -u`.',
    'A call says beforehand what it would do, and is put to [rules and approvals](approvals.md) before it does it. What happens in the sandbox is held to the agent’s own rights by the kernel; what goes out goes through the broker, which asks the tokens for each host. **Repeatable** calls are simply done again where a crash hid their end; for the others a person says what becomes of them. Calls of one answer that are all **side by side** run at the same time. An **action** asks each time, unless a rule says otherwise.',
    '`web_search` is offered to agents that hold the capability `web_search`, once an engine is set up: a [SearXNG](https://docs.searxng.org) of your own, or Brave Search with a key. `holdfast configure --search searxng --base-url http://localhost:8888` or `holdfast configure --search brave --key-from-env BRAVE_API_KEY` does so, as Settings → Searching the web does; `holdfast configure --search none` takes it away.',
    ['| tool | |', '| --- | --- |', ...rows].join('\n'),
    ...tools.map(section),
  ].join('\n\n')}\n`;
}

function section({
  name,
  title,
  description,
  needs,
  surface,
  repeatable,
  parallel,
  action,
  input,
}: Tool): string {
  const facts = [
    `Where: ${surfaces[surface]}.`,
    `Needs: ${needs ?? `nothing beside \`tool: ${name}\``}.`,
    `Repeatable: ${repeatable ? 'yes' : 'no'}. Side by side: ${parallel ? 'yes' : 'no'}. Action: ${action ? 'yes' : 'no'}.`,
  ];
  return [`## ${name}`, `**${title}.** ${escaped(description)}`, facts.join(' '), inputTable(input)].join(
    '\n\n',
  );
}

function inputTable(input: z.ZodType): string {
  const {
    properties = {},
    required = [],
    additionalProperties: more,
  } = z.toJSONSchema(input, { io: 'input' }) as {
    properties?: Record<string, Field>;
    required?: string[];
    additionalProperties?: unknown;
  };
  const rows = Object.entries(properties).map(([name, field]) => {
    const open = required.includes(name) ? 'required' : defaultOf(field);
    return `| \`${name}\` | ${escaped(typeOf(field))} | ${open} | ${escaped(field.description ?? '')} |`;
  });
  if (rows.length === 0) return more === false ? 'It takes nothing.' : 'It takes whatever it is given.';
  return ['| input | type | default | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function defaultOf({ default: value }: Field): string {
  return value === undefined ? 'none' : `\`${JSON.stringify(value)}\``;
}

function typeOf(field: Field): string {
  const either = (field['anyOf'] ?? field['oneOf']) as Field[] | undefined;
  if (either) return [...new Set(either.map(typeOf))].join(' or ');
  const choices = field['enum'] as unknown[] | undefined;
  if (choices) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  switch (field['type']) {
    case 'array':
      return `list of ${typeOf((field['items'] ?? {}) as Field)}${bounds(field, 'minItems', 'maxItems')}`;
    case 'string':
      return `text${bounds(field, 'minLength', 'maxLength')}`;
    case 'integer':
    case 'number':
      return `number${bounds(field, 'minimum', 'maximum')}`;
    case 'object':
      return 'object';
    case 'boolean':
      return 'yes or no';
    case 'null':
      return 'null';
    default:
      return 'JSON';
  }
}

function bounds(field: Field, least: string, most: string): string {
  const low = field[least] as number | undefined;
  const high = field[most] as number | undefined;
  const count = (value: number) => value.toLocaleString('en');
  if (high === undefined || high >= Number.MAX_SAFE_INTEGER) return '';
  return low === undefined || low === 0 ? `, at most ${count(high)}` : `, ${count(low)} to ${count(high)}`;
}

const escaped = (text: string) => text.replaceAll(/([|*<>])/g, String.raw`\$1`);
