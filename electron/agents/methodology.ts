import type { CheckedMethodology, MethodologyProblem } from '../../shared/methodology.ts';
import { jsonPlaces } from '../base/json-places.ts';
import type { PlacedProblem } from '../base/placed-text.ts';
import { placeToml } from '../base/placed-toml.ts';
import { readFields } from '../base/read-fields.ts';
import { placeOf } from '../base/text-place.ts';
import { type ArtifactSchema, artifactSchema, tooSlow } from './methodologies/artifact-schema.ts';
import { readWithin } from './methodologies/file-within.ts';
import { judgeManifest, judgeScope } from './methodologies/manifest-rules.ts';
import { type Manifest, manifestSchema } from './methodologies/manifest-schema.ts';
import { lookOf } from './methodologies/methodology-look.ts';
import { type Trigger, readTrigger } from './methodologies/triggers.ts';

export const manifestFile = 'manifest.toml';

export interface ArtifactType {
  readonly name: string;
  readonly schema: unknown;
  readonly check: ArtifactSchema;
}

/** What a folder says of how work is done: types of artifacts with their schemas, and protocols. */
export interface Methodology {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly triggers: readonly Trigger[];
  readonly types: ReadonlyMap<string, ArtifactType>;
}

export interface ReadMethodology {
  /** Null where there are problems. */
  readonly value: Methodology | null;
  readonly problems: readonly MethodologyProblem[];
  readonly notes: readonly MethodologyProblem[];
}

/** Reads a methodology whole: everything that is wrong with any of its files is told at once. */
export async function readMethodology(folder: string): Promise<ReadMethodology> {
  const problems: MethodologyProblem[] = [];
  const notes: MethodologyProblem[] = [];
  const put = (list: MethodologyProblem[], file: string, each: PlacedProblem) => list.push({ file, ...each });
  const { text, problem } = await readWithin(folder, manifestFile);
  if (text === null) {
    return { value: null, problems: [whole(manifestFile, problem)], notes };
  }
  const read = readFields(text, manifestSchema(), 'It declares nothing.', placeToml);
  if (!read.value) {
    for (const each of read.problems) put(problems, manifestFile, each);
    return { value: null, problems, notes };
  }
  const manifest = read.value;
  const tell = (path: readonly PropertyKey[], message: string) =>
    put(problems, manifestFile, read.placed.at(path, message));
  const note = (path: readonly PropertyKey[], message: string) =>
    put(notes, manifestFile, read.placed.at(path, message));
  const triggers = manifest.protocols.map(({ trigger }, i) =>
    readTrigger(trigger, ['protocols', i, 'trigger'], tell),
  );
  judgeManifest(manifest, triggers, { tell, note });
  const types = new Map<string, ArtifactType>();
  for (const name of new Set(manifest.artifact_types.map((type) => type.name))) {
    const type = await readType(folder, name);
    if (!('problem' in type)) {
      types.set(name, type);
      continue;
    }
    problems.push(type.problem);
    // Everybody else waits meanwhile.
    if (type.problem.message === tooSlow) break;
  }
  judgeScope(manifest, (type) => wantsWorkUnit(types.get(type)?.schema), tell);
  for (const name of new Set(manifest.protocols.map((protocol) => protocol.name))) {
    const file = `protocols/${name}/PROTOCOL.md`;
    const said = await readWithin(folder, file);
    if (said.text === null) problems.push(whole(file, said.problem));
    else if (said.text.trim() === '') problems.push(whole(file, 'It says nothing.'));
  }
  if (problems.length > 0) return { value: null, problems, notes };
  return {
    value: { folder, manifest, triggers: triggers.filter((one) => one !== null), types },
    problems,
    notes,
  };
}

async function readType(
  folder: string,
  name: string,
): Promise<ArtifactType | { problem: MethodologyProblem }> {
  const file = `schemas/${name}.schema.json`;
  const { text, problem } = await readWithin(folder, file);
  if (text === null) return { problem: whole(file, problem) };
  const { failure } = jsonPlaces(text, new Set());
  if (failure) {
    return { problem: { file, ...placeOf(text, failure.offset), field: '', message: failure.message } };
  }
  const schema = JSON.parse(text) as unknown;
  const check = await artifactSchema(schema);
  return typeof check === 'string' ? { problem: whole(file, check) } : { name, schema, check };
}

const whole = (file: string, message: string): MethodologyProblem => ({
  file,
  line: 1,
  column: 1,
  field: '',
  message,
});

function wantsWorkUnit(schema: unknown): boolean {
  const { required } = (typeof schema === 'object' && schema !== null ? schema : {}) as {
    required?: unknown;
  };
  return Array.isArray(required) && required.includes('work_unit');
}

/** The same for whoever looks at it. */
export async function checkMethodology(folder: string): Promise<CheckedMethodology> {
  const { value, problems, notes } = await readMethodology(folder);
  return { methodology: value ? lookOf(value) : null, problems: [...problems], notes: [...notes] };
}
