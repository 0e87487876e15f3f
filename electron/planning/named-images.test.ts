import { expect, test } from 'vitest';
import { somePlanning } from './testing/some-planning.ts';

test('images are those that roles name, and recipes with whatever is chosen', async () => {
  const recipe = (name: string, image: string) =>
    [
      `name: ${name}`,
      `title: ${name}`,
      'parameters:',
      '  version: { type: choice, choices: ["1", "2"], default: "1" }',
      '  any: { type: string }',
      `needs: { sandbox: container, image: '${image}' }`,
      'plan: { subtasks: [{ id: a, role: runner, params: { command: [echo, "{version}", "{any}"] } }] }',
    ].join('\n');
  const { planning } = somePlanning({
    roles: {
      'boxed.yaml': 'name: boxed\nsystem_prompt: Do it.\nsandbox: { kind: container, image: "r:1" }\n',
    },
    recipes: { 'one.yaml': recipe('one', 'c:{version}'), 'two.yaml': recipe('two', '{any}') },
  });
  expect(await planning.namedImages()).toEqual([
    { image: 'r:1', by: 'the role “boxed”' },
    { image: 'c:1', by: 'the recipe “one”' },
    { image: 'c:2', by: 'the recipe “one”' },
  ]);
});
