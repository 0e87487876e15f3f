import { expect, test } from 'vitest';
import { planSchema } from '../../shared/plan.ts';
import { someCeiling, somePlanning } from './testing/some-planning.ts';

/** A role and a plan as they were written for aaOS. */
const roleFile = `
name: scout
model: deepseek-chat
model_ladder: [deepseek-chat, deepseek-reasoner]
parameters:
  inputs: { type: string_list, required: true, description: What to read }
  output: { type: path, required: true, description: Where to write }
  topic: { type: string, required: false, description: What about }
capabilities:
  - "file_read: {inputs.*}"
  - file_write: {output}
  - "network: https://News.example/front?x=1"
  - "spawn_child: [scout]"
  - "file_read: {nowhere}"
  - tool: file_read
  - web_search
system_prompt: You look at things.
message_template: "Read {inputs} on {topic}, write {output}. Keep {unknown} and {{\\"a\\": 1}}."
budget: { max_input_tokens: 10000, max_output_tokens: 2000 }
retry: { max_attempts: 2, on: [timeout] }
priority: 200
escalate_on: [max_tokens]
orchestration: { max_iterations: 30, commit_nudges: 2 }
require_declared_output: true
`;

const planFile = {
  subtasks: [
    {
      id: 'hn',
      role: 'fetcher',
      params: { url: 'https://hn.example/', workspace: '{run}/hn.html' },
      depends_on: [],
    },
    {
      id: 'look',
      role: 'scout',
      params: { inputs: ['{run}/hn.html', '/data/old.md'], output: '/data/r.md' },
      depends_on: ['hn'],
      ttl: { max_hops: 3, max_wall_clock: 600 },
      current_model_tier: 1,
    },
  ],
  final_output: '/data/r.md',
};

async function taken() {
  const { planning } = somePlanning({ roles: { 'scout.yaml': roleFile } });
  const roles = await planning.roles.usable();
  const ceiling = someCeiling({
    folders: [{ path: '/data', mode: 'rw' }],
    hosts: ['hn.example', 'news.example'],
  });
  const checked = planning.check(planSchema.parse(planFile), roles, ceiling, { runFolder: '/runs/r1' });
  return { planning, roles, ceiling, checked, role: roles.get('scout')!, look: checked.parts[1]! };
}

type Taken = Awaited<ReturnType<typeof taken>>;

/** What aaOS’s own pages say, one behaviour each; `mended` are those that are otherwise here, and why. */
const behaviours: readonly {
  readonly says: string;
  readonly mended?: string;
  readonly holds: (of: Taken) => void;
}[] = [
  {
    says: 'a plan.json and a role file run as they stand',
    holds: ({ checked, role }) => {
      expect(checked.problems).toEqual([]);
      expect(role.retry).toEqual({ attempts: 2, on: ['timeout'] });
    },
  },
  {
    says: 'a model without its provider is DeepSeek’s, and the ladder’s tiers are kept',
    holds: ({ role, look }) => {
      expect(role.models).toEqual(['deepseek/deepseek-chat', 'deepseek/deepseek-reasoner']);
      expect(look.agents.map(({ models }) => models)).toEqual([
        ['deepseek/deepseek-chat'],
        ['deepseek/deepseek-reasoner'],
      ]);
      expect(look.tier).toBe(1);
    },
  },
  {
    says: '{run} is the run’s folder, in every text of the parameters',
    holds: ({ look }) => expect(look.params['inputs']).toEqual(['/runs/r1/hn.html', '/data/old.md']),
  },
  {
    says: '{workspace} and {input.N} are spoken of and not put in',
    mended: 'both are put in',
    holds: ({ planning, roles, ceiling }) => {
      const plan = planSchema.parse({
        ...planFile,
        subtasks: [
          planFile.subtasks[0],
          {
            ...planFile.subtasks[1],
            params: { inputs: ['{input.hn}', '{workspace}/old.md'], output: '/data/r.md' },
          },
        ],
      });
      const { parts } = planning.check(plan, roles, ceiling, { runFolder: '/runs/r1' });
      expect(parts[1]?.params['inputs']).toEqual(['/runs/r1/hn.html', '/data/old.md']);
    },
  },
  {
    says: '{param} and {param.*} of a capability are put in, one right for each element',
    holds: ({ look }) =>
      expect(look.agents[0]?.capabilities).toEqual(
        expect.arrayContaining([
          'file_read: /runs/r1/hn.html',
          'file_read: /data/old.md',
          'file_write: /data/r.md',
          'tool: file_read',
          'spawn_agent: scout',
        ]),
      ),
  },
  {
    says: 'a capability with something unresolved is dropped with a warning',
    holds: ({ look }) => expect(look.dropped).toContain('file_read: {nowhere}: {nowhere} has no value'),
  },
  {
    says: 'an address in a network capability is reduced to its host',
    holds: ({ look }) => expect(look.hosts).toEqual(['news.example']),
  },
  {
    says: 'a role’s grants are what its subtask has',
    mended: 'they are narrowed to what the person granted at launch',
    holds: ({ look }) => {
      expect(look.dropped).toContainEqual(expect.stringContaining('search the web'));
      expect(look.rights.some(({ kind }) => kind === 'web_search')).toBe(false);
    },
  },
  {
    says: 'in the message {param} is put in, lists joined by a comma',
    mended: 'what is optional and not said is left out instead of standing there in braces',
    holds: ({ look }) =>
      expect(look.message).toBe(
        'Read /runs/r1/hn.html, /data/old.md on , write /data/r.md. Keep {unknown} and {{"a": 1}}.',
      ),
  },
  {
    says: 'a file_write of a parameter without “*” declares an output',
    holds: ({ look, role }) => {
      expect(look.outputs).toEqual(['/data/r.md']);
      expect(role.requireDeclaredOutput).toBe(true);
    },
  },
  {
    says: 'ids, roles, dependencies and the final output are checked',
    mended: 'all mistakes are told at once, and a circle is one of them',
    holds: ({ planning, roles, ceiling }) => {
      const wrong = planSchema.parse({
        subtasks: [{ id: 'a', role: 'nobody', params: {}, depends_on: ['b', 'a'] }],
        final_output: '',
      });
      expect(planning.check(wrong, roles, ceiling, { runFolder: '/runs/r1' }).problems).toHaveLength(3);
    },
  },
  {
    says: 'retry.on, priority and the budget of input tokens are read and do nothing',
    mended: 'they are carried to the part',
    holds: ({ look, role }) => {
      expect(look.priority).toBe(200);
      expect(look.budget).toEqual({ tokens: 12_000, micros: null });
      expect(role.escalateOn).toEqual(['max_tokens']);
      expect(look.agents[0]?.limits).toEqual(
        expect.objectContaining({ iterations: 30, nudges: 2, outputTokens: 2000 }),
      );
    },
  },
  {
    says: 'hops and seconds of a part are kept',
    holds: ({ look }) => expect(look.ttl).toEqual({ max_hops: 3, max_wall_clock: 600 }),
  },
  {
    says: 'the fetcher is code: no model, the file is the answer',
    holds: ({ checked }) =>
      expect(checked.parts[0]?.agents[0]?.scaffold).toEqual({
        kind: 'fetcher',
        url: 'https://hn.example/',
        output: '/runs/r1/hn.html',
      }),
  },
  {
    says: 'the planner’s first balanced {…} is its plan',
    mended: 'its form is strict',
    holds: ({ planning }) => {
      expect(planning.readPlan(`Sure! ${JSON.stringify(planFile)} Done.`).problems).toEqual([]);
      expect(planning.readPlan(JSON.stringify({ ...planFile, note: 1 })).plan).toBeNull();
    },
  },
  {
    says: 'whatever is no clear answer of the classifier is direct',
    holds: ({ planning }) => expect(planning.readMode('I think decompose')).toBe('direct'),
  },
  {
    says: 'a direct run is one generalist whose task ends with writing the file',
    holds: ({ planning }) => {
      const [only] = planning.directPlan('Write /data/r.md').subtasks;
      expect(only?.role).toBe('generalist');
      expect(only?.params['task']).toContain('write that file with file_write');
    },
  },
];

test.each(
  behaviours.map((each) => [`${each.says}${each.mended ? ` (mended: ${each.mended})` : ''}`, each] as const),
)('aaOS: %s', async (_, { holds }) => {
  const of = await taken();
  expect(() => holds(of)).not.toThrow();
});

test('aaOS: one malformed file disables the whole catalogue (mended: it disables itself, with every mistake placed)', async () => {
  const { planning } = somePlanning({
    roles: {
      'broken.yaml':
        'name: broken\nmodel_ladder: [who-knows]\nparamters: {}\ncapabilities: ["file_read: a"]\n',
      'worse.yaml':
        'name: worse\nmodel: who-knows\ncapabilities:\n  - "file_read: a{x}b*"\nscaffold: { kind: fetcher }\n',
      'outs.yaml': 'name: outs\noutputs: [relative, "/a/*"]\n',
      'twice-a.yaml': 'name: twice\n',
      'twice-b.yaml': 'name: twice\n',
    },
  });
  const list = await planning.roles.list();
  const problems = (name: string) =>
    list
      .filter((each) => each.name === name)
      .flatMap((each) => each.problems.map(({ line, field }) => [line, field]));
  expect(problems('broken')).toEqual([[3, 'paramters']]);
  expect(problems('worse')).toEqual([
    [4, 'capabilities[0]'],
    [2, 'model'],
    [5, 'scaffold'],
  ]);
  expect(problems('outs')).toEqual([
    [2, 'outputs[0]'],
    [2, 'outputs[1]'],
  ]);
  expect(problems('twice')).toEqual([[1, 'name']]);
  const usable = await planning.roles.usable();
  expect(usable.has('twice')).toBe(true);
  expect(usable.has('fetcher')).toBe(true);
  expect(usable.has('broken')).toBe(false);
});
