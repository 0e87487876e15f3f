import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { AgentdImport } from '../../shared/agentd-import.ts';
import { presetNames } from '../../shared/command-agent.ts';
import type { PresetLook } from '../../shared/preset.ts';
import { holdfast, startDaemon, testFolder } from './testing/launch.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/command-agents.md'), 'utf8');
const examples = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text ?? '');

const agentdToml = `[[agents]]
name = "site-builder"
base_image = "registry.example/site:1"
methodology_dir = "ways"
repo = "https://host.example/site.git"
schedule = "*/15 * * * *"
command = { argv = ["site", "exec"] }
[[agents.credentials]]
name = "TOKEN"
source = "SITE_TOKEN"
`;

/** The files that the page speaks of, and a program called claude. */
function places(folder: string): { file: (word: string) => string; searchPath: string } {
  const ways = join(folder, 'ways');
  const programs = join(folder, 'programs');
  for (const each of [ways, programs]) mkdirSync(each);
  cpSync(join(root, 'resources/methodologies/example'), join(ways, 'example'), { recursive: true });
  cpSync(join(ways, 'example'), join(ways, 'broken'), { recursive: true });
  rmSync(join(ways, 'broken/schemas/plan.schema.json'));
  writeFileSync(join(folder, 'links.yaml'), examples('yaml')[0] ?? '');
  writeFileSync(join(folder, 'agentd.toml'), agentdToml);
  const package_ = join(folder, 'node_modules/@anthropic-ai/claude-code');
  mkdirSync(package_, { recursive: true });
  writeFileSync(
    join(package_, 'package.json'),
    JSON.stringify({ name: '@anthropic-ai/claude-code', version: '2.1.328' }),
  );
  // Whoever runs it, leaves a mark.
  writeFileSync(join(package_, 'cli'), `#!/bin/sh\ntouch '${join(folder, 'was-run')}'\n`);
  chmodSync(join(package_, 'cli'), 0o755);
  symlinkSync(join(package_, 'cli'), join(programs, 'claude'));
  const file = (word: string) => {
    if (/\.(yaml|toml)$/.test(word)) return join(folder, word);
    return word === 'example' || word === 'broken' ? join(ways, word) : word;
  };
  return { file, searchPath: [programs, process.env['PATH'] ?? ''].join(delimiter) };
}

test(
  'the files and the commands of docs/command-agents.md do what the page says',
  { timeout: 90_000 },
  async () => {
    const folder = testFolder();
    const { file, searchPath } = places(folder);
    await startDaemon({ folder, variables: { PATH: searchPath, HOME: folder } });
    const said: Record<string, string> = {};
    for (const line of examples('console').join('').trimEnd().split('\n')) {
      const [, words = '', ending = '0'] = /^\$ holdfast (.*?)(?: {2}# ends with (\d+))?$/.exec(line) ?? [];
      const ran = await holdfast(folder, words.split(' ').map(file));
      expect(ran.code, `${line}: ${ran.stdout}${ran.stderr}`).toBe(Number(ending));
      said[words] ??= ran.stdout;
    }
    expect(said['agents presets']).toMatch(/claude-code +lacks something +2\.1\.328 {2}\S+\/cli\n/);
    expect(said['agents presets']).toContain('There is no program “runa” on the search path.');
    expect(said['agents image --list']).toBe('No image is made here yet.\n');
    expect(said['agents image --prune --dry-run']).toBe('0 images would go\n');
    const prune = await holdfast(folder, ['agents', 'image', 'codex', '--prune', '--json']);
    expect(JSON.parse(prune.stdout)).toEqual({ removed: [], kept: [] });
    expect(said['agents show helper']).toMatch(/model +through Holdfast/);
    expect(said['methodology check example']).toContain('in the order plan, change, review');
    expect(said['methodology check broken']).toContain(
      'broken/schemas/plan.schema.json:1:1: There is no such file.',
    );
    expect(said['import agentd agentd.toml --dry-run']).toMatch(/site-builder +would be made\n/);
    expect(said['import agentd agentd.toml']).toContain(
      'holdfast secrets set SITE_TOKEN --from-env SITE_TOKEN',
    );
    expect(said['agents show site-builder']).toMatch(/methodology +\S+\/ways\n/);

    const file_ = JSON.parse((await holdfast(folder, ['agents', 'show', 'signed-in', '--json'])).stdout) as {
      text: string;
      agent: { network: string[]; command: { mounts: object[] } };
    };
    expect(file_.text).toContain('# The agent reads and renews your sign-in');
    expect(file_.agent.command.mounts).toEqual([
      { source: join(folder, '.codex'), target: '/home/signed-in/.codex', readOnly: false },
    ]);
    expect(file_.agent.network).toContain('auth.openai.com:443');

    const presets = JSON.parse(
      (await holdfast(folder, ['agents', 'presets', '--json'])).stdout,
    ) as PresetLook[];
    expect(presets.map(({ name }) => name)).toEqual([...presetNames]);
    const dry = ['import', 'agentd', join(folder, 'agentd.toml'), '--dry-run', '--json'];
    const { agents } = JSON.parse((await holdfast(folder, dry)).stdout) as AgentdImport;
    expect(agents).toMatchObject([{ name: 'site-builder', file: null, replaces: true }]);
    const check = ['methodology', 'check', file('broken'), '--json'];
    const checked = JSON.parse((await holdfast(folder, check)).stdout) as { problems: object[] };
    expect(checked.problems).toHaveLength(1);
    expect(() => readFileSync(join(folder, 'was-run'))).toThrow('ENOENT');
    // Every known agent is in the table of the page.
    for (const name of presetNames) expect(page).toMatch(new RegExp(`^\\| \`${name}\` `, 'm'));
  },
);

test(
  'a command agent is not asked, and a preset has the ways to a model that it has',
  { timeout: 60_000 },
  async () => {
    const { folder } = await startDaemon();
    expect((await holdfast(folder, ['agents', 'new', 'tidy', '--preset', 'script'])).code).toBe(0);
    const asked = await holdfast(folder, ['ask', 'tidy', 'Tidy up.']);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('`holdfast run tidy`')]);
    const way = await holdfast(folder, ['agents', 'new', 'x', '--preset', 'gemini', '--model-by', 'gateway']);
    expect([way.code, way.stderr]).toEqual([2, expect.stringContaining('There are key, sign-in.')]);
  },
);
