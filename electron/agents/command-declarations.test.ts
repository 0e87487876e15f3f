import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Agents } from './agents.ts';
import { refuseCommandAgent } from './only-run.ts';

const bundled = fileURLToPath(new URL('../../resources/agents/', import.meta.url));

function someAgents(files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-commands-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const own = join(folder, 'agents');
  mkdirSync(own);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(own, `${name}.yaml`), text);
  return { own, agents: new Agents({ bundled, own, home: '/home/me' }) };
}

const command = (lines: string) => `name: site\ncommand:\n  argv: [make]\n${lines.replaceAll(/^/gm, '  ')}\n`;
const repository = (text: string) => command(`repository: '${text}'`);
const target = (text: string) => command(`mounts:\n  - { source: /a, target: '${text}', read_only: true }`);
const targets = (one: string, other: string) =>
  command(
    `mounts:\n  - { source: /a, target: ${one}, read_only: true }\n  - { source: /a, target: ${other}, read_only: true }`,
  );
const credential = (fields: string) => command(`credentials:\n  - { secret: key, ${fields} }`);

test.each([
  ['a reserved name', 'name: daemon\ncommand: { argv: [make] }\n', 'name', 1, /“daemon”: every system has/],
  ['no command at all', 'name: site\ncommand: {}\n', 'command', 2, /“site” has no command/],
  ['an empty command', 'name: site\ncommand: { argv: [] }\n', 'command.argv', 2, /at least 1 entry/],
  [
    'a blank argument',
    'name: site\ncommand:\n  argv: [make, " "]\n',
    'command.argv[1]',
    3,
    /of “site” is nothing/,
  ],
  ['an unknown field', command('repo: x'), 'command.repo', 4, /There is no field “repo”/],
  ['ssh', repository('ssh://host/x'), 'command.repository', 4, /of “site” is no address to clone from/],
  ['a short ssh address', repository('git@host:x.git'), 'command.repository', 4, /no address to clone from/],
  ['a relative folder', repository('./x'), 'command.repository', 4, /no address to clone from/],
  ['a folder with dots', repository('/a/../b'), 'command.repository', 4, /holds “.” or “..”/],
  ['a repository without host', repository('https:///x'), 'command.repository', 4, /names no host/],
  ['a repository without path', repository('https://host'), 'command.repository', 4, /names no path/],
  ['a repository with a question', repository('https://host/x?a'), 'command.repository', 4, /“\?” or a “#”/],
  ['a repository with a mark', repository('https://host/x#a'), 'command.repository', 4, /“\?” or a “#”/],
  [
    'a password in it',
    repository('https://me:pw@host/x'),
    'command.repository',
    4,
    /names a user or a password/,
  ],
  ['outer spaces', repository(' https://host/x'), 'command.repository', 4, /begins or ends with a space/],
  ['inner spaces', repository('https://host/a b'), 'command.repository', 4, /cannot be read as an address/],
  [
    'a token without https',
    command('repository: http://host/x\nclone_token: t'),
    'command.repository',
    4,
    /over https alone/,
  ],
  [
    'a token for a folder',
    command('repository: /x\nclone_token: t'),
    'command.repository',
    4,
    /over https alone/,
  ],
  ['a token that is no name', command('clone_token: "1 2"'), 'command.clone_token', 4, /no name of a secret/],
  [
    'a schedule without a repository',
    `${command('terminal: false')}lifecycle: scheduled(0 4 * * *)\n`,
    'lifecycle',
    5,
    /no repository to start on/,
  ],
  [
    'a schedule that is none',
    `${repository('/x')}lifecycle: scheduled(0 25 * * *)\n`,
    'lifecycle',
    5,
    /“25” for the hour, which goes from 0 to 23/,
  ],
  [
    'a schedule of six fields',
    `${repository('/x')}lifecycle: scheduled(0 0 4 * * *)\n`,
    'lifecycle',
    5,
    /has 6 fields instead of five/,
  ],
  [
    'a schedule in a zone that nobody knows',
    `${repository('/x')}schedule: { cron: 0 4 * * *, zone: Mars/Olympus }\n`,
    'schedule.zone',
    5,
    /“Mars\/Olympus” for its time zone/,
  ],
  [
    'a schedule said twice',
    `${repository('/x')}lifecycle: scheduled(0 4 * * *)\nschedule: { cron: 0 4 * * * }\n`,
    'lifecycle',
    5,
    /says its schedule twice/,
  ],
  [
    'a schedule that is never due',
    `${repository('/x')}schedule: { cron: 0 4 31 2 * }\n`,
    'schedule.cron',
    5,
    /is never due/,
  ],
  ['a relative mount target', target('a'), 'command.mounts[0].target', 5, /of “site” is not written whole/],
  ['a mount target with dots', target('/a/../b'), 'command.mounts[0].target', 5, /holds “.” or “..”/],
  ['a mount target with a comma', target('/a,b'), 'command.mounts[0].target', 5, /holds a comma/],
  [
    'a mount target with a slash at its end',
    target('/a/'),
    'command.mounts[0].target',
    5,
    /ends with a slash/,
  ],
  ['a mount target with a pattern', target('/a*'), 'command.mounts[0].target', 5, /one of \* \? /],
  [
    'the home as a mount target',
    target('/home/site'),
    'command.mounts[0].target',
    5,
    /would cover \/home\/site/,
  ],
  ['what is above the home', target('/home'), 'command.mounts[0].target', 5, /would cover \/home\/site/],
  ['everything', target('/'), 'command.mounts[0].target', 5, /would cover \/home\/site/],
  ['the clone', target('/home/site/repo'), 'command.mounts[0].target', 5, /meets \/home\/site\/repo/],
  [
    'a place in the clone',
    target('/home/site/repo/x'),
    'command.mounts[0].target',
    5,
    /meets \/home\/site\/repo/,
  ],
  [
    'the record',
    target('/home/site/.agentd/x'),
    'command.mounts[0].target',
    5,
    /meets \/home\/site\/.agentd/,
  ],
  [
    'the methodology',
    target('/agentd/methodology/x'),
    'command.mounts[0].target',
    5,
    /meets \/agentd\/methodology/,
  ],
  ['what is above the input', target('/agentd'), 'command.mounts[0].target', 5, /meets \/agentd\//],
  ['a place of Holdfast', target('/holdfast/input'), 'command.mounts[0].target', 5, /meets \/holdfast/],
  ['a place of secrets', target('/run'), 'command.mounts[0].target', 5, /meets \/run\/secrets/],
  ['a place of the system', target('/proc/x'), 'command.mounts[0].target', 5, /meets \/proc/],
  ['the same target twice', targets('/a', '/a'), 'command.mounts[1].target', 6, /of “site” is there twice/],
  ['targets that overlap', targets('/a/b', '/a'), 'command.mounts[1].target', 6, /overlaps “\/a\/b”/],
  [
    'a relative mount source',
    command('mounts:\n  - { source: x, target: /a, read_only: true }'),
    'command.mounts[0].source',
    5,
    /of “site” is not written whole/,
  ],
  [
    'a mount without a mode',
    command('mounts:\n  - { source: /x, target: /a }'),
    'command.mounts[0].read_only',
    5,
    /is missing/,
  ],
  [
    'a credential that goes nowhere',
    credential('variable: A, file: b'),
    'command.credentials[0]',
    5,
    /either a “variable” or a “file”/,
  ],
  [
    'a reserved variable',
    credential('variable: HOME'),
    'command.credentials[0].variable',
    5,
    /set by Holdfast itself/,
  ],
  [
    'a reserved variable of ours',
    credential('variable: HOLDFAST_X'),
    'command.credentials[0].variable',
    5,
    /set by Holdfast/,
  ],
  [
    'the path as a secret',
    credential('variable: PATH'),
    'command.credentials[0].variable',
    5,
    /set by Holdfast itself/,
  ],
  [
    'a variable with an equals sign',
    credential('variable: "A=B"'),
    'command.credentials[0].variable',
    5,
    /letters, digits/,
  ],
  ['a file that is a path', credential('file: ../x'), 'command.credentials[0].file', 5, /one step of a path/],
  [
    'a variable twice',
    command('credentials:\n  - { secret: a, variable: A }\n  - { secret: b, variable: A }'),
    'command.credentials[1].variable',
    6,
    /“A” of “site” is there twice/,
  ],
  [
    'a secret that is no name',
    command('credentials: [{ secret: "a b", variable: A }]'),
    'command.credentials[0].secret',
    4,
    /no name of a secret/,
  ],
  [
    'a reserved variable of the environment',
    command('environment: { AGENT_NAME: x }'),
    'command.environment.AGENT_NAME',
    4,
    /set by Holdfast itself/,
  ],
  [
    'a variable that is a credential too',
    command('environment: { A: x }\ncredentials: [{ secret: a, variable: A }]'),
    'command.environment.A',
    4,
    /one of its credentials already/,
  ],
  [
    'runa without a methodology',
    'name: site\ncommand: { preset: runa, argv: [x] }\n',
    'command',
    2,
    /has no methodology/,
  ],
  [
    'runa without an agent',
    'name: site\ncommand: { preset: runa, methodology: m }\n',
    'command',
    2,
    /the agent that runa runs/,
  ],
  [
    'a gateway that nothing is sent through',
    'name: site\ncommand: { preset: gemini, gateway: {} }\n',
    'command.gateway',
    2,
    /“site” cannot go through the gateway: Gemini CLI speaks/,
  ],
  [
    'a gateway without a model that is needed',
    'name: site\ncommand: { preset: opencode, gateway: {} }\n',
    'command.gateway',
    2,
    /“site” has no “model”/,
  ],
  [
    'a budget that nothing would hold',
    'name: site\ncommand: { argv: [x] }\nbudget_config: { max_dollars: 1 }\n',
    'budget_config',
    3,
    /“site” has a budget that nothing would hold/,
  ],
  [
    'a model that would be more than a name',
    'name: site\ncommand: { preset: opencode, gateway: { model: \'a","b\' } }\n',
    'command.gateway.model',
    2,
    /no name of a model/,
  ],
  [
    'a preset that there is not',
    'name: site\ncommand: { preset: emacs }\n',
    'command.preset',
    2,
    /script or claude-code/,
  ],
])('%s is refused, with agent, field and place', async (_, text, field, line, message) => {
  const { agents } = someAgents({});
  const { agent, problems } = await agents.check(text);
  expect(agent).toBeNull();
  expect(problems).toEqual([
    expect.objectContaining({ field, line, message: expect.stringMatching(message) as string }),
  ]);
});

test('all of them at once', async () => {
  const { agents } = someAgents({});
  const { problems } = await agents.check(
    command('repository: ftp://x/y\nclone_token: ""\n').replace('make', "' '"),
  );
  expect(problems.map(({ field }) => field)).toEqual(['command.clone_token']);
  const several = await agents.check(
    `${repository('ftp://x/y').replace('make', "' '")}lifecycle: scheduled(1)\n`,
  );
  expect(several.problems.map(({ field }) => field)).toEqual([
    'command.repository',
    'command.argv[0]',
    'lifecycle',
  ]);
});

test('a home beside the kept places may be mounted, and paths are whole once they are read', async () => {
  const { agents, own } = someAgents({
    site: command(
      [
        'repository: ~/sites/blog',
        'methodology: ../ways/site',
        'mounts:',
        '  - { source: ~/.claude, target: /home/site/.claude, read_only: false }',
        '  - { source: /var/cache, target: /home/site/repo-cache, read_only: true }',
      ].join('\n'),
    ),
  });
  const { command: read } = await agents.get('site');
  expect(read).toMatchObject({
    repository: '/home/me/sites/blog',
    methodology: join(own, '../ways/site'),
    mounts: [
      { source: '/home/me/.claude', target: '/home/site/.claude', readOnly: false },
      { source: '/var/cache', target: '/home/site/repo-cache', readOnly: true },
    ],
  });
});

test('a command is inherited field by field, and what only the whole shows is told in the file that says it', async () => {
  const { agents } = someAgents({
    base: 'name: base\ncommand:\n  argv: [make]\n  repository: https://host/x\n  environment: { A: one, B: two }\n',
    nightly:
      'name: nightly\nextends: base\nlifecycle: scheduled(*/15 0-6/2 * jan-MAR,7 mon)\ncommand: { environment: { B: three } }\n',
    secret: 'name: secret\nextends: base\ncommand:\n  repository: http://host/x\n  clone_token: t\n',
    late: 'name: late\nextends: base\ncommand:\n  mounts: [{ source: /a, target: /home/base, read_only: true }]\n',
    mail: 'name: mail\nextends: base\n',
  });
  expect((await agents.get('nightly')).command).toMatchObject({
    argv: ['make'],
    repository: 'https://host/x',
    environment: { A: 'one', B: 'three' },
  });
  expect((await agents.entry('secret')).problems).toEqual([
    expect.objectContaining({ line: 4, field: 'command.repository' }),
  ]);
  // Another agent’s home is none of its own.
  expect((await agents.entry('late')).problems).toEqual([]);
  expect((await agents.entry('mail')).problems).toEqual([
    expect.objectContaining({ field: 'name', line: 1 }),
  ]);
});

test('what it is given beside its capabilities is among its rights, in words', async () => {
  const { agents } = someAgents({
    site: command(
      'mounts: [{ source: ~/.codex, target: /home/site/.codex, read_only: false }]\ncredentials: [{ secret: a.key, variable: A }]\ngateway: {}',
    ),
  });
  expect((await agents.entry('site')).rights).toEqual([
    'read and change files in /home/me/.codex',
    'read and use the secret a.key',
    'call models through Holdfast',
  ]);
});

test('a command agent is never asked', async () => {
  const { agents } = someAgents({ site: command('terminal: true') });
  const site = await agents.get('site');
  expect(() => refuseCommandAgent(site)).toThrow('“site” is a command: it can be started, and not be asked.');
  expect(() => refuseCommandAgent({ name: 'other' })).not.toThrow();
});
