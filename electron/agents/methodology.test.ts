import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { checkMethodology } from './methodology.ts';

const example = fileURLToPath(new URL('../../resources/methodologies/example/', import.meta.url));
const place = (file: string, line: number, message: string) => `${file}:${line}: ${message}`;

function folderOf(manifest: string, { schemas = {}, protocols = [] as readonly string[] } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-methodology-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'manifest.toml'), manifest);
  mkdirSync(join(folder, 'schemas'));
  for (const [name, text] of Object.entries(schemas))
    writeFileSync(join(folder, 'schemas', `${name}.schema.json`), String(text));
  for (const name of protocols) {
    mkdirSync(join(folder, 'protocols', name), { recursive: true });
    writeFileSync(join(folder, 'protocols', name, 'PROTOCOL.md'), `# ${name}\n`);
  }
  return folder;
}

async function told(folder: string) {
  const { methodology, problems, notes } = await checkMethodology(folder);
  const lines = (list: typeof problems) => list.map(({ file, line, message }) => place(file, line, message));
  return { methodology, problems: lines(problems), notes: lines(notes) };
}

test('the bundled example has no mistake, and its order follows from what is needed', async () => {
  const { methodology, problems, notes } = await told(example);
  expect([problems, notes]).toEqual([[], []]);
  expect(methodology?.order).toEqual(['plan', 'change', 'review']);
  expect(methodology?.types.map(({ name, producers }) => [name, producers])).toEqual([
    ['request', []],
    ['plan', ['plan']],
    ['change', ['change']],
    ['approval', ['review']],
    ['objection', ['review']],
  ]);
  expect(methodology?.types[0]?.canonical).toBe('1.0.0');
  expect(methodology?.protocols[1]?.trigger).toBe('there is a valid “plan” or “objection” has changed');
});

test('every mistake of every file is told at once, each at its place', async () => {
  const folder = folderOf(
    `name = "broken"
[[artifact_types]]
name = "a"
[[artifact_types]]
name = "a"
[[artifact_types]]
name = "b"
[[artifact_types]]
name = "w"
[[protocols]]
name = "p"
requires = ["a", "missing"]
accepts = ["maybe"]
produces = ["w"]
[protocols.trigger]
type = "any_of"
conditions = [
  { type = "on_artifact", name = "b" },
  { type = "all_of", conditions = [{ type = "on_sunday", name = "a" }] },
]
[[protocols.required_output_choices]]
name = "c"
members = ["w"]
[[protocols]]
name = "q"
trigger = { type = "on_change", name = "gone" }
`,
    {
      schemas: { a: '{"type": ["strin"]}', b: '{"type": }', w: '{"required": ["work_unit"]}' },
      protocols: ['p'],
    },
  );
  const { methodology, problems, notes } = await told(folder);
  expect(methodology).toBeNull();
  expect(problems).toEqual([
    'manifest.toml:19: The type of a trigger is one of on_artifact, on_change, on_invalid, all_of, any_of.',
    'manifest.toml:5: The artifact type “a” is declared twice.',
    'manifest.toml:12: “p” names the artifact type “missing”, which is not declared.',
    'manifest.toml:23: The choice “c” of “p” has fewer than two members.',
    'manifest.toml:23: “p” produces “w” in another place already.',
    'manifest.toml:26: “q” names the artifact type “gone”, which is not declared.',
    expect.stringMatching(/^schemas\/a\.schema\.json:1: It is no JSON Schema: /),
    'schemas/b.schema.json:1: This is no value.',
    'manifest.toml:10: “p” produces “w”, which requires “work_unit”: it must say “scoped = true”.',
    'protocols/q/PROTOCOL.md:1: There is no such file.',
  ]);
  expect(notes).toEqual(['manifest.toml:13: “p” names the artifact type “maybe”, which is not declared.']);
});

test.each([
  ['is no TOML', 'name = = 1\n', 'manifest.toml:1: It is no TOML: invalid value.'],
  ['has an unknown field', 'nme = "x"\n', 'manifest.toml:1: There is no field “nme”. Did you mean “name”?'],
  [
    'has a name that is no step of a path',
    'name = "x"\nprotocols = []\n[[artifact_types]]\nname = "../x"\n',
    'manifest.toml:4: It must be one step of a path: no slash, no backslash.',
  ],
  [
    'has a schema of its own in the manifest',
    'name = "x"\nprotocols = []\n[[artifact_types]]\nname = "x"\nschema = {}\n',
    expect.stringContaining('manifest.toml:5: There is no field “schema”.') as string,
  ],
])('a manifest that %s is refused at its place', async (_, manifest, message) => {
  expect((await told(folderOf(manifest))).problems).toEqual(expect.arrayContaining([message]));
});

test('a circle that nothing breaks is told, and one of what is merely possible is none', async () => {
  const trigger = 'trigger = { type = "on_artifact", name = "a" }';
  const two = (how: string) =>
    `name = "x"\n[[artifact_types]]\nname = "a"\n[[artifact_types]]\nname = "b"\n` +
    `[[protocols]]\nname = "p"\nrequires = ["a"]\nproduces = ["b"]\n${trigger}\n` +
    `[[protocols]]\nname = "q"\n${how} = ["b"]\nproduces = ["a"]\n${trigger}\n`;
  const files = { schemas: { a: '{}', b: '{}' }, protocols: ['p', 'q'] };
  expect((await told(folderOf(two('requires'), files))).notes).toEqual([
    'manifest.toml:6: “p”, “q” wait for one another in a circle.',
  ]);
  const soft = await told(folderOf(two('accepts'), files));
  expect([soft.notes, soft.methodology?.order]).toEqual([[], ['q', 'p']]);
});

test('a file that lies elsewhere, a pipe in its place or a folder is not read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-methodology-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(example, folder, { recursive: true });
  rmSync(join(folder, 'schemas/plan.schema.json'));
  symlinkSync('/etc/hostname', join(folder, 'schemas/plan.schema.json'));
  rmSync(join(folder, 'schemas/change.schema.json'));
  mkdirSync(join(folder, 'schemas/change.schema.json'));
  expect((await told(folder)).problems).toEqual([
    'schemas/plan.schema.json:1: It leads out of the folder.',
    'schemas/change.schema.json:1: It is no file.',
  ]);
  expect((await told(join(folder, 'nowhere'))).problems).toEqual(['manifest.toml:1: There is no such file.']);
});

test('schemas of three drafts are read, and no other', async () => {
  const manifest = `name = "x"\nprotocols = []\n${['a', 'b', 'c', 'd'].map((name) => `[[artifact_types]]\nname = "${name}"\n`).join('')}`;
  const schema = (draft: string) => JSON.stringify({ $schema: draft, type: 'string' });
  const schemas = {
    a: schema('http://json-schema.org/draft-07/schema#'),
    b: schema('https://json-schema.org/draft/2019-09/schema'),
    c: readFileSync(join(example, 'schemas/plan.schema.json'), 'utf8'),
    d: schema('http://json-schema.org/draft-04/schema#'),
  };
  expect((await told(folderOf(manifest, { schemas }))).problems).toEqual([
    'schemas/d.schema.json:1: Its “$schema” is none of the drafts 2020-12, 2019-09, 7 and 6.',
  ]);
});
