import { readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { z } from 'zod';
import { mostAttachmentBytes } from '../../shared/attachment-limits.ts';
import { Problem } from '../../shared/problem.ts';
import type { workWishSchema } from '../../shared/work.ts';
import type { Common } from './session.ts';
import { readSeconds } from './values.ts';

export interface RunOptions extends Common {
  branch?: string;
  workUnit?: string;
  request?: string;
  artifactType?: string;
  artifactFile?: string;
  attachFile?: string[];
  timeout?: string;
  detach?: true;
  attach?: true;
}

type Wish = z.input<typeof workWishSchema>;

/** What the arguments of `holdfast run` ask for. Files are read here: the house may see other ones. */
export function workWishFrom(
  agent: string,
  repository: string | undefined,
  options: RunOptions,
  size: Wish['terminal'],
): Wish {
  if (options.detach && options.attach) {
    throw new Problem('invalid_input', '--detach and --attach say the opposite.', 'Give one of them.');
  }
  return {
    agent,
    repository: repository === undefined ? null : placeOf(repository),
    branch: options.branch ?? null,
    input: inputFrom(options),
    attachments: (options.attachFile ?? []).map((file) => ({
      name: basename(resolve(file)),
      data: bytesOf('--attach-file', file).toString('base64'),
    })),
    seconds: options.timeout === undefined ? null : readSeconds('--timeout', options.timeout),
    terminal: size,
    attended: options.attach === true,
  };
}

/** An address as it is; anything else is a folder from here. */
const placeOf = (text: string) => (text.includes('://') ? text : resolve(text));

function inputFrom({ workUnit, request, artifactType, artifactFile }: RunOptions): Wish['input'] {
  const given = [workUnit, request, artifactFile ?? artifactType].filter((each) => each !== undefined);
  if (given.length > 1) {
    throw new Problem(
      'invalid_input',
      'An agent is handed one thing: a work unit, a request or an artifact.',
      'Give one of --work-unit, --request and --artifact-file.',
    );
  }
  if ((artifactType === undefined) !== (artifactFile === undefined)) {
    throw new Problem(
      'invalid_input',
      'An artifact is a file of a type.',
      'Give --artifact-type and --artifact-file.',
    );
  }
  if (workUnit !== undefined) return { kind: 'work_unit', id: workUnit };
  if (request !== undefined) return { kind: 'request', text: request };
  if (artifactType === undefined || artifactFile === undefined) return null;
  const id = basename(artifactFile, extname(artifactFile));
  if (id === '')
    throw new Problem('invalid_input', `${artifactFile} has no name that could be an id.`, 'Rename it.');
  return { kind: 'artifact', type: artifactType, id, document: documentOf(artifactFile) };
}

function documentOf(file: string): z.core.util.JSONType {
  const bytes = bytesOf('--artifact-file', file);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as z.core.util.JSONType;
  } catch (thrown) {
    const why = thrown instanceof SyntaxError ? thrown.message : 'it is no UTF-8';
    throw new Problem('invalid_input', `${file} is no JSON: ${why}.`, 'An artifact is a JSON document.', {
      cause: thrown,
    });
  }
}

function bytesOf(option: string, file: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (thrown) {
    const why = (thrown as NodeJS.ErrnoException).code ?? 'it cannot be read';
    throw new Problem('not_found', `${option} ${file} cannot be read (${why}).`, undefined, {
      cause: thrown,
    });
  }
  if (bytes.length <= mostAttachmentBytes) return bytes;
  throw new Problem(
    'too_large',
    `${file} has more than ${mostAttachmentBytes / 2 ** 20} MiB.`,
    'Put it into the repository.',
  );
}
