import type { ServerTool, ToolServerPage, ToolServerRow } from '../../shared/tool-server.ts';
import { plural } from '../../shared/plural.ts';
import { aligned, harmless, type Tone, tinted } from './output.ts';

const tones: Partial<Record<ToolServerRow['state'], Tone>> = {
  ready: 'good',
  starting: 'warning',
  waiting: 'bad',
  signing: 'warning',
  broken: 'bad',
  off: 'quiet',
};

export function rowCells({ name, state, at, tools, changed, problem }: ToolServerRow): string[] {
  const facts = [
    ...(tools === null ? [] : [plural(tools, 'tool')]),
    ...(changed === 0 ? [] : [tinted('warning', `${changed} to look at`)]),
    ...(problem === null ? [] : [tinted('bad', harmless(problem))]),
  ];
  return [harmless(name), tinted(tones[state] ?? 'plain', state), harmless(at), facts.join(', ')];
}

export function pageLines(page: ToolServerPage): string[] {
  const { row, version, protocol, tools } = page;
  const facts = [
    ['state', row.state],
    ['at', row.at],
    ...(version === null ? [] : [['calls itself', version]]),
    ...(protocol === null ? [] : [['protocol', protocol]]),
    ...page.layers.map((layer) => ['held by', layer]),
  ];
  return [
    ...aligned(facts.map((cells) => cells.map(harmless))),
    ...(row.problem === null ? [] : [tinted('bad', harmless(row.problem))]),
    ...(row.mend === null ? [] : [tinted('quiet', `  → ${harmless(row.mend)}`)]),
    ...tools.flatMap((tool) => ['', ...toolLines(tool)]),
  ];
}

export function toolLines(tool: ServerTool): string[] {
  const { name, description, accepted, problem, before, policy } = tool;
  const state =
    problem === null ? (accepted ? `accepted, ${policy.level}` : 'not accepted') : 'cannot be used';
  return [
    `${tinted('strong', harmless(name))}  ${tinted(accepted ? 'good' : 'warning', state)}`,
    ...(problem === null ? [] : [`  ${tinted('bad', harmless(problem))}`]),
    ...description.split('\n').map((line) => `  ${harmless(line)}`),
    ...(before === null
      ? []
      : [
          tinted('quiet', '  What was accepted:'),
          ...before.description.split('\n').map((line) => `  ${harmless(line)}`),
        ]),
  ];
}
