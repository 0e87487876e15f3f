import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CheckedMethodology, MethodologyProblem } from '../../../shared/methodology.ts';
import { plural } from '../../../shared/plural.ts';
import { problemText } from '../declared-text.ts';
import { aligned, harmless, tinted } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

export function addMethodologyVerbs(program: Command): void {
  const methodology = program
    .command('methodology')
    .helpCommand(false)
    .summary('Check how work is to be done')
    .description('Check how work is to be done: artifacts with their schemas, and protocols.');

  verb(
    methodology,
    'check <dir>',
    'Say what a methodology declares, or what is wrong with it; ends with 5 where something is',
    'holdfast methodology check ./methodology',
  ).action(async (folder: string, options: Common) => {
    const { client, out } = openSession(options);
    const checked = await client.agents.methodology({ folder: resolve(folder) });
    out.result(checked, () => linesOf(checked, folder));
    if (!checked.methodology) process.exitCode = 5;
  });
}

function linesOf({ methodology, problems, notes }: CheckedMethodology, folder: string): string[] {
  const place = (problem: MethodologyProblem) => `${folder}/${problem.file}:${problemText(problem)}`;
  const said = [
    ...problems.map((problem) => tinted('bad', place(problem))),
    ...notes.map((note) => tinted('warning', place(note))),
  ];
  if (!methodology) return said;
  const { name, types, protocols, order } = methodology;
  const rows = types.map((type) => [
    harmless(type.name),
    type.producers.length === 0 ? 'from outside' : `from ${type.producers.map(harmless).join(', ')}`,
    harmless(type.description),
  ]);
  return [
    `${harmless(name)}: ${plural(types.length, 'artifact type')}, ${plural(protocols.length, 'protocol')}, in the order ${order.map(harmless).join(', ')}.`,
    ...aligned(rows),
    ...said,
  ];
}
