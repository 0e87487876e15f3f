import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { checkArtifactText } from './artifact-text.ts';
import { readMethodology } from './methodology.ts';
import { prepareInput } from './work-input.ts';

const example = fileURLToPath(new URL('../../resources/methodologies/example', import.meta.url));

/** The example with one schema of it changed. */
function changed(type: string, schema: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-methodology-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(example, folder, { recursive: true });
  writeFileSync(join(folder, 'schemas', `${type}.schema.json`), JSON.stringify(schema));
  return folder;
}

async function exampleMethodology(folder = example) {
  const { value } = await readMethodology(folder);
  if (!value) throw new Error('the example is broken');
  return value;
}

test('the words of a person become the canonical request of the methodology', async () => {
  const input = await prepareInput({ kind: 'request', text: 'Mend the\nlinks.' }, example);
  expect(input.files).toEqual([
    {
      path: 'request/operator-input.json',
      text: '{\n  "description": "Mend the\\nlinks.",\n  "source": "operator"\n}\n',
    },
  ]);
  expect(input.environment['HOLDFAST_INPUT']).toBe('/holdfast/input/request/operator-input.json');
  expect(input.told).toMatch(/^Mend the\nlinks\.\n\nIt lies in \/holdfast\/input\/request\//);
  expect(input.words).toBe('Mend the links.');
});

test('words are refused where the methodology knows no canonical request of version 1.0.0', async () => {
  const request = { kind: 'request', text: 'x' } as const;
  const canonical = (version: string) => changed('request', { 'x-tesserine-canonical': { version } });
  await expect(prepareInput(request, changed('request', {}))).rejects.toThrow('no canonical one');
  await expect(prepareInput(request, canonical('2.0.0'))).rejects.toThrow('is version 2.0.0');
  const other = { 'x-tesserine-canonical': { version: '1.0.0' }, required: ['who'] };
  await expect(prepareInput(request, changed('request', other))).rejects.toThrow('“who” is missing');
  const without = changed('plan', {});
  writeFileSync(
    join(without, 'manifest.toml'),
    'name = "x"\nprotocols = []\n[[artifact_types]]\nname = "plan"\n',
  );
  await expect(prepareInput(request, without)).rejects.toThrow('declares no artifact type “request”');
  await expect(prepareInput(request, join(without, 'gone'))).rejects.toThrow(
    'manifest.toml:1:1: There is no such',
  );
});

test('an artifact is staged as its methodology wants it, or refused with each mistake', async () => {
  const plan = (document: object) =>
    prepareInput({ kind: 'artifact', type: 'plan', id: 'p 1', document: document as never }, example);
  const { files, environment } = await plan({ steps: ['one'] });
  expect(files[0]?.path).toBe('plan/p 1.json');
  expect(environment).toEqual({
    HOLDFAST_INPUT: '/holdfast/input/plan/p 1.json',
    HOLDFAST_INPUT_TYPE: 'plan',
    HOLDFAST_INPUT_ID: 'p 1',
  });
  await expect(plan({ steps: [''], extra: 1 })).rejects.toThrow(
    '/extra: There is no field “extra”. /steps/0: It must not be empty.',
  );
  const unknown = { kind: 'artifact', type: 'poem', id: 'x', document: {} } as const;
  await expect(prepareInput(unknown, example)).rejects.toThrow('declares no artifact type “poem”');
});

test('without a methodology words are a text, an artifact is its JSON, and a work unit is a variable', async () => {
  const request = await prepareInput({ kind: 'request', text: 'Do it.' }, null);
  expect(request.files).toEqual([{ path: 'request.md', text: 'Do it.\n' }]);
  const artifact = await prepareInput({ kind: 'artifact', type: 't', id: 'i', document: [1] }, null);
  expect(artifact.files).toEqual([{ path: 't/i.json', text: '[\n  1\n]\n' }]);
  const unit = await prepareInput({ kind: 'work_unit', id: 'wu-7' }, example);
  expect(unit).toMatchObject({
    files: [],
    environment: { HOLDFAST_WORK_UNIT: 'wu-7', AGENTD_WORK_UNIT: 'wu-7' },
  });
  expect(await prepareInput(null, null)).toEqual({ files: [], environment: {}, told: null, words: '' });
});

test('an artifact whose name no file could bear, or that would lie among attachments, is refused', async () => {
  const named = (type: string, id: string) =>
    prepareInput({ kind: 'artifact', type, id, document: null }, null);
  await expect(named('t', 'ü'.repeat(200))).rejects.toThrow('The id of the artifact is longer');
  await expect(named('attachments', 'x')).rejects.toThrow('where attachments lie');
});

test('a file is recognised by the schemas, and its mistakes are told where they stand', async () => {
  const methodology = await exampleMethodology();
  const check = (text: string, type: string | null = null) => checkArtifactText(text, type, methodology);
  expect(check('{"steps": ["a"]}')).toEqual({ type: 'plan', fits: ['plan'], nearest: null, problems: [] });
  const text = '{\n  "steps": ["a", 7],\n  "risk": []\n}\n';
  expect(check(text)).toEqual({
    type: null,
    fits: [],
    nearest: 'plan',
    problems: [
      { line: 3, column: 3, field: '/risk', message: 'There is no field “risk”.' },
      { line: 2, column: 18, field: '/steps/1', message: 'It must be text.' },
    ],
  });
  expect(check('{\n  "why": no\n}').problems).toEqual([
    { line: 2, column: 10, field: '', message: 'It is no JSON. This is no value.' },
  ]);
  expect(check('{}', 'poem').problems[0]?.message).toContain('no artifact type “poem”');
  expect(checkArtifactText('[]', 'anything', null)).toMatchObject({ fits: ['anything'], problems: [] });
  const both = await exampleMethodology(changed('approval', { required: ['missing'] }));
  expect(checkArtifactText('{"missing": ["x"]}', null, both)).toMatchObject({
    type: null,
    fits: ['approval', 'objection'],
  });
});

test('a pattern that would try for years keeps nobody waiting', { timeout: 20_000 }, async () => {
  const methodology = await exampleMethodology(
    changed('plan', { properties: { steps: { items: { pattern: '^(a+)+$' } } } }),
  );
  const text = JSON.stringify({ steps: [`${'a'.repeat(40)}!`] });
  expect(checkArtifactText(text, 'plan', methodology).problems[0]?.message).toBe(
    'It takes too long to be checked by its schema.',
  );
});
