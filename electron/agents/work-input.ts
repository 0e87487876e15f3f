import type { WorkInput } from '../../shared/work.ts';
import { Problem } from '../../shared/problem.ts';
import { inputFolder } from './input-places.ts';
import {
  canonicalVersion,
  isReadVersion,
  requestDocument,
  requestId,
  requestType,
} from './methodologies/canonical-request.ts';
import type { DocumentIssue } from './methodologies/artifact-schema.ts';
import { type Methodology, readMethodology } from './methodology.ts';

/** What a command agent is handed, ready to be laid into its sandbox. */
export interface PreparedInput {
  /** Below `inputFolder`, to be read only. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly environment: Readonly<Record<string, string>>;
  /** What an agent that knows nothing of methodologies is told; null: nothing. */
  readonly told: string | null;
  /** For a person, in one line. */
  readonly words: string;
}

const nothing: PreparedInput = { files: [], environment: {}, told: null, words: '' };
const longestWords = 200;

/**
 * Checks an input against the methodology, whoever hands it in, and says what has to be staged. Nothing is written:
 * what is refused is refused before anything begins.
 */
export async function prepareInput(
  input: WorkInput | null,
  methodologyFolder: string | null,
): Promise<PreparedInput> {
  const methodology = methodologyFolder === null ? null : await usable(methodologyFolder);
  switch (input?.kind) {
    case undefined:
      return nothing;
    case 'work_unit':
      return workUnit(input.id);
    case 'request':
      return methodology ? canonicalRequest(input.text, methodology) : plainRequest(input.text);
    case 'artifact': {
      const { type, id, document } = input;
      if (methodology) checkArtifact(type, document, methodology);
      return artifact(type, id, document, `Your input is the artifact “${id}” of type “${type}”`);
    }
  }
}

/** A methodology to work with; a `Problem` with its first mistake where it is broken. */
export async function usable(folder: string): Promise<Methodology> {
  const { value, problems } = await readMethodology(folder);
  if (value) return value;
  const [first] = problems;
  const place = first ? `${first.file}:${first.line}:${first.column}: ${first.message}` : 'it is empty.';
  throw new Problem(
    'invalid_input',
    `The methodology ${folder} cannot be worked by: ${place}`,
    `\`holdfast methodology check ${folder}\` lists what is wrong.`,
  );
}

function workUnit(id: string): PreparedInput {
  return {
    files: [],
    environment: { HOLDFAST_WORK_UNIT: id, AGENTD_WORK_UNIT: id },
    told: `Work on the work unit “${id}”. Its id is in the variable HOLDFAST_WORK_UNIT.`,
    words: oneLine(`work unit ${id}`),
  };
}

function plainRequest(text: string): PreparedInput {
  const path = 'request.md';
  return {
    files: [{ path, text: `${text.trimEnd()}\n` }],
    environment: { HOLDFAST_INPUT: `${inputFolder}/${path}` },
    told: text,
    words: oneLine(text),
  };
}

function canonicalRequest(text: string, methodology: Methodology): PreparedInput {
  const type = methodology.types.get(requestType);
  const { name } = methodology.manifest;
  if (!type) {
    throw new Problem(
      'invalid_input',
      `The methodology “${name}” declares no artifact type “${requestType}”, so no request can be made in words.`,
      `Hand in an artifact of one of its types: ${typeNames(methodology)}.`,
    );
  }
  const version = canonicalVersion(type.schema);
  if (version === null || !isReadVersion(version)) {
    throw new Problem(
      'invalid_input',
      version === null
        ? `The “${requestType}” of the methodology “${name}” is no canonical one, so words cannot be made into it.`
        : `The “${requestType}” of the methodology “${name}” is version ${version}; version 1.0.0 can be written.`,
      `Hand in an artifact of type “${requestType}” that fits its schema.`,
    );
  }
  const document = requestDocument(text);
  checkArtifact(requestType, document, methodology);
  return { ...artifact(requestType, requestId, document, text), words: oneLine(text) };
}

function artifact(type: string, id: string, document: unknown, told: string): PreparedInput {
  refuseName(type, 'type');
  refuseName(`${id}.json`, 'id');
  const path = `${type}/${id}.json`;
  const file = `${inputFolder}/${path}`;
  return {
    files: [{ path, text: `${JSON.stringify(document, null, 2)}\n` }],
    environment: { HOLDFAST_INPUT: file, HOLDFAST_INPUT_TYPE: type, HOLDFAST_INPUT_ID: id },
    told: `${told}\n\nIt lies in ${file}, also named by the variable HOLDFAST_INPUT.`,
    words: oneLine(`${type} ${id}`),
  };
}

/** The most that systems take for one step of a path. */
const longestName = 255;

function refuseName(name: string, what: 'type' | 'id'): void {
  if (Buffer.byteLength(name) > longestName) {
    throw new Problem(
      'invalid_input',
      `The ${what} of the artifact is longer than the name of a file may be.`,
      'Give it a shorter one.',
    );
  }
  if (name !== 'attachments') return;
  throw new Problem(
    'invalid_input',
    'No artifact is of the type “attachments”: that is where attachments lie.',
    'Give it another type.',
  );
}

/** Refuses a document that does not fit its type, with everything that is wrong with it. */
function checkArtifact(type: string, document: unknown, methodology: Methodology): void {
  const declared = methodology.types.get(type);
  if (!declared) {
    throw new Problem(
      'invalid_input',
      `The methodology “${methodology.manifest.name}” declares no artifact type “${type}”.`,
      `There are ${typeNames(methodology)}.`,
    );
  }
  const issues = declared.check.issues(document);
  if (issues.length === 0) return;
  throw new Problem(
    'invalid_input',
    `It is no valid “${type}”: ${issues.slice(0, 5).map(issueText).join(' ')}`,
    `It has to fit schemas/${type}.schema.json of ${methodology.folder}.`,
  );
}

function issueText({ pointer, message }: DocumentIssue): string {
  return pointer === '' ? message : `${pointer}: ${message}`;
}

function typeNames({ types }: Methodology): string {
  return [...types.keys()].join(', ') || 'none';
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > longestWords ? `${line.slice(0, longestWords).toWellFormed()}…` : line;
}
