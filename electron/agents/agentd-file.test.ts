import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { readAgentdFile } from './agentd-file.ts';
import { importAgentd } from './agentd-import.ts';
import { Agents } from './agents.ts';

const bundled = fileURLToPath(new URL('../../resources/agents/', import.meta.url));

const whole = `# The agents of a machine.
[daemon]
audit_root = "/var/lib/records"

[[agents]]
name = "site-builder"
base_image = "registry.example/site:1"
methodology_dir = "../ways"
repo = "https://host.example/site.git"
schedule = "*/15 * * * *"
repo_token_source = "REPO_TOKEN"
[agents.command]
argv = ["site", "exec"]
[[agents.mounts]]
source = "/srv/cache"
target = "/home/site-builder/.cache"
read_only = false
[[agents.credentials]]
name = "GITHUB_TOKEN"
source = "AGENTD_GITHUB_TOKEN"

[[agents]]
name = "reviewer-1"
base_image = "registry.example/review:1"
methodology_dir = "/ways"
repo_token_source = ""
command = { argv = ["review"] }
`;

const agent = (lines: string, { argv = '["make"]', table = 'agents' } = {}) =>
  `[[${table}]]\nname = "site"\nbase_image = "i"\nmethodology_dir = "m"\n${
    table === 'agents' ? `command = { argv = ${argv} }` : `command = ${argv}`
  }\n${lines}\n`;
const mount = (source: string, target: string) =>
  `[[agents.mounts]]\nsource = "${source}"\ntarget = "${target}"\nread_only = true`;
const credential = (name: string, source = 'S') =>
  `[[agents.credentials]]\nname = "${name}"\nsource = "${source}"`;

test('its agents become whole declarations here, and what is different is said', () => {
  const { agents, problems, notes } = readAgentdFile(whole, '/etc/agentd');
  expect(problems).toEqual([]);
  expect(agents).toEqual([
    {
      name: 'site-builder',
      sandbox: { kind: 'container', image: 'registry.example/site:1' },
      lifecycle: 'scheduled(*/15 * * * *)',
      command: {
        preset: 'runa',
        argv: ['site', 'exec'],
        repository: 'https://host.example/site.git',
        clone_token: 'REPO_TOKEN',
        methodology: '/etc/ways',
        mounts: [{ source: '/srv/cache', target: '/home/site-builder/.cache', read_only: false }],
        credentials: [{ secret: 'AGENTD_GITHUB_TOKEN', variable: 'GITHUB_TOKEN' }],
      },
    },
    {
      name: 'reviewer-1',
      sandbox: { kind: 'container', image: 'registry.example/review:1' },
      command: { preset: 'runa', argv: ['review'], methodology: '/ways' },
    },
  ]);
  expect(notes).toEqual([
    expect.stringContaining('[daemon]'),
    expect.stringContaining('holdfast secrets set AGENTD_GITHUB_TOKEN --from-env AGENTD_GITHUB_TOKEN'),
    expect.stringContaining('“REPO_TOKEN”'),
    expect.stringContaining('No host can be reached by “site-builder”, “reviewer-1”'),
  ]);
});

test('profiles of the first version are taken as they were: their command is the whole session', () => {
  const { agents, notes } = readAgentdFile(
    agent('', { table: 'profiles', argv: '["sh", "-c", "runa init"]' }),
    '/x',
  );
  expect(agents[0]?.command).toEqual({ argv: ['sh', '-c', 'runa init'], methodology: '/x/m' });
  expect(notes.at(-1)).toContain('lies at /holdfast/methodology');
});

test.each([
  ['no TOML', 'agents = [', '', 1, /It is no TOML/],
  ['no agents', '[daemon]\n', '', 1, /It has no agents/],
  ['an unknown table', `${agent('')}[logging]\n`, 'logging', 7, /no field “logging”/],
  ['an unknown field', agent('image = "x"'), 'agents[0].image', 6, /no field “image”/],
  ['an unknown field of the daemon', `[daemon]\nport = 1\n${agent('')}`, 'daemon.port', 2, /no field “port”/],
  [
    'an empty field of the daemon',
    `[daemon]\npid_file = " "\n${agent('')}`,
    'daemon.pid_file',
    2,
    /is empty/,
  ],
  [
    'a missing field',
    '[[agents]]\nname = "x"\nbase_image = "i"\ncommand = { argv = ["a"] }\n',
    'agents[0].methodology_dir',
    1,
    /is missing/,
  ],
  [
    'both versions at once',
    `${agent('')}${agent('', { table: 'profiles' }).replace('"site"', '"other"')}`,
    'profiles',
    7,
    /same in two versions/,
  ],
  ['a duplicate agent', `${agent('')}${agent('')}`, 'agents[1].name', 8, /“site” is declared twice/],
  ['a name in capitals', agent('').replace('"site"', '"Site"'), 'agents[0].name', 2, /“Site” is no name/],
  ['a name with a space', agent('').replace('"site"', '"site "'), 'agents[0].name', 2, /“site ” is no name/],
  ['a name that is too long', agent('').replace('site', 's'.repeat(33)), 'agents[0].name', 2, /32 at most/],
  ['a name of the system', agent('').replace('"site"', '"nobody"'), 'agents[0].name', 2, /every system has/],
  [
    'an empty image',
    agent('').replace('"i"', '" "'),
    'agents[0].base_image',
    3,
    /base_image of “site” is empty/,
  ],
  [
    'an image with a space',
    agent('').replace('"i"', '" i"'),
    'agents[0].base_image',
    3,
    /begins or ends with a space/,
  ],
  [
    'an empty methodology',
    agent('').replace('"m"', '""'),
    'agents[0].methodology_dir',
    4,
    /methodology_dir of “site” is empty/,
  ],
  ['an empty command', agent('', { argv: '[]' }), 'agents[0].command', 5, /command of “site” is empty/],
  ['a blank argument', agent('', { argv: '["a", " "]' }), 'agents[0].command', 5, /nothing but spaces/],
  ['a repository over ssh', agent('repo = "git@host:x"'), 'agents[0].repo', 6, /no address to clone from/],
  [
    'a repository that is a folder',
    agent('repo = "/srv/x"'),
    'agents[0].repo',
    6,
    /which agentd does not clone/,
  ],
  [
    'a password in the repository',
    agent('repo = "https://a:b@h/x"'),
    'agents[0].repo',
    6,
    /names a user or a password/,
  ],
  [
    'a token without https',
    agent('repo = "git://h/x"\nrepo_token_source = "T"'),
    'agents[0].repo',
    6,
    /over https alone/,
  ],
  [
    'a schedule without a repository',
    agent('schedule = "* * * * *"'),
    'agents[0].schedule',
    6,
    /no repository to start on/,
  ],
  [
    'a schedule with seconds',
    agent('repo = "https://h/x"\nschedule = "0 * * * * *"'),
    'agents[0].schedule',
    7,
    /6 fields instead of five/,
  ],
  [
    'a relative mount source',
    agent(mount('srv', '/a')),
    'agents[0].mounts[0].source',
    7,
    /not written whole/,
  ],
  ['a mount source in a home', agent(mount('~/x', '/a')), 'agents[0].mounts[0].source', 7, /not absolute/],
  [
    'a mount target that is kept',
    agent(mount('/s', '/home/site/repo')),
    'agents[0].mounts[0].target',
    8,
    /meets \/home\/site\/repo/,
  ],
  [
    'a duplicate mount target',
    agent(`${mount('/s', '/a')}\n${mount('/s', '/a')}`),
    'agents[0].mounts[1].target',
    12,
    /is there twice/,
  ],
  [
    'overlapping mount targets',
    agent(`${mount('/s', '/a')}\n${mount('/s', '/a/b')}`),
    'agents[0].mounts[1].target',
    12,
    /overlaps “\/a”/,
  ],
  [
    'a mount without a mode',
    agent('mounts = [{ source = "/a", target = "/b" }]'),
    'agents[0].mounts[0].read_only',
    6,
    /is missing/,
  ],
  ['a credential without a name', agent(credential('')), 'agents[0].credentials[0].name', 7, /has no name/],
  [
    'a credential with an equals sign',
    agent(credential('A=B')),
    'agents[0].credentials[0].name',
    7,
    /no name of a variable/,
  ],
  [
    'a reserved credential',
    agent(credential('AGENTD_WORK_UNIT')),
    'agents[0].credentials[0].name',
    7,
    /set by Holdfast itself/,
  ],
  [
    'a duplicate credential',
    agent(`${credential('A')}\n${credential('A')}`),
    'agents[0].credentials[1].name',
    10,
    /is there twice/,
  ],
  [
    'a credential from nowhere',
    agent(credential('A', '')),
    'agents[0].credentials[0].source',
    8,
    /has no source/,
  ],
])('a file with %s is refused, with agent, field and place', (_, text, field, line, message) => {
  const { agents, problems } = readAgentdFile(text, '/x');
  expect(agents).toEqual([]);
  expect(problems[0]).toMatchObject({ field, line, message: expect.stringMatching(message) as string });
  expect(problems).toHaveLength(1);
});

test('they are written as files of the person’s, all or none, and never over one that is there unasked', async () => {
  const own = mkdtempSync(join(tmpdir(), 'holdfast-import-'));
  onTestFinished(() => rmSync(own, { recursive: true, force: true }));
  const agents = new Agents({ bundled, own, home: '/home/me' });
  const wish = { text: whole, folder: '/etc/agentd', replace: false, dryRun: false };
  const dry = await importAgentd(agents, { ...wish, dryRun: true });
  expect(dry.agents.map(({ name, file, replaces }) => [name, file, replaces])).toEqual([
    ['site-builder', null, false],
    ['reviewer-1', null, false],
  ]);
  expect(readdirSync(own)).toEqual([]);
  await importAgentd(agents, wish);
  expect(readdirSync(own).toSorted()).toEqual(['reviewer-1.yaml', 'site-builder.yaml']);
  const { command, sandbox, lifecycle } = await agents.get('site-builder');
  expect([sandbox.image, lifecycle, command?.preset]).toEqual([
    'registry.example/site:1',
    'scheduled(*/15 * * * *)',
    'runa',
  ]);
  expect(command?.argv.slice(-2)).toEqual(['site', 'exec']);
  await expect(importAgentd(agents, wish)).rejects.toThrow('file of “site-builder”, “reviewer-1” already');
  const again = await importAgentd(agents, {
    ...wish,
    text: whole.replace('site:1', 'site:2'),
    replace: true,
  });
  expect(again.agents.map(({ replaces }) => replaces)).toEqual([true, true]);
  expect((await agents.get('site-builder')).sandbox.image).toBe('registry.example/site:2');
  const broken = await importAgentd(agents, { ...wish, text: `${whole}x = 1\n`, replace: true });
  expect([broken.agents, broken.problems.length]).toEqual([[], 1]);
});
