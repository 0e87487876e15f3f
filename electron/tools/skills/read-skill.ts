import { basename } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { plainIssue } from '../../../shared/plain-issue.ts';
import { Problem } from '../../../shared/problem.ts';
import { skillNameSchema } from '../../../shared/skill.ts';
import type { AllowedTool } from '../allowed-tool.ts';
import { readInside, textOf } from './inside-folder.ts';
import { mostSkillBytes } from './skill-files.ts';
import { toolsNamed } from './tools-named.ts';

export interface ReadSkill {
  readonly name: string;
  readonly description: string;
  readonly license: string | null;
  readonly compatibility: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly allowedTools: readonly AllowedTool[] | null;
  /** What stands below the front matter. */
  readonly body: string;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const frontMatter = z.object({
  name: skillNameSchema,
  description: z
    .string()
    .trim()
    .min(1)
    .max(1024)
    .transform((text) => text.replaceAll(/\s+/g, ' ')),
  license: z.string().max(500).optional(),
  compatibility: z.string().max(500).optional(),
  metadata: z.record(z.string().max(100), scalar).optional(),
  'allowed-tools': z.union([z.string().max(10_000), z.array(z.string().max(200)).max(200)]).optional(),
});

/** A skill from its folder, or the Problem that says what is wrong with it. */
export async function readSkill(folder: string): Promise<ReadSkill> {
  const text = textOf(await readInside(folder, 'SKILL.md', mostSkillBytes), 'SKILL.md');
  const [, head, body] = /^\uFEFF?---[ \t]*\r?\n(.*?)^---[ \t]*\r?(?:\n(.*))?$/ms.exec(text) ?? [];
  if (head === undefined) throw wrong('It does not begin with front matter between two lines of “---”');
  const checked = frontMatter.safeParse(parsed(head));
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const where = issue && issue.path.length > 0 ? issue.path.join('.') : 'its front matter';
    throw wrong(`${where}: ${issue ? plainIssue(issue) : 'it does not fit'}`);
  }
  const {
    'allowed-tools': named,
    license = null,
    compatibility = null,
    metadata = {},
    ...rest
  } = checked.data;
  if (rest.name !== basename(folder)) {
    throw wrong(`Its name is ${rest.name}, and its folder is called ${basename(folder)}`);
  }
  const allowedTools =
    named === undefined ? null : atLine(lineOf(head, 'allowed-tools'), () => toolsNamed(named));
  return { ...rest, license, compatibility, metadata, allowedTools, body: (body ?? '').trim() };
}

function parsed(head: string): unknown {
  const document = parseDocument(head, { prettyErrors: false });
  const [error] = document.errors;
  if (error) throw wrong(`Its front matter is no YAML: ${error.message.split('\n', 1)[0]}`);
  return document.toJS({ maxAliasCount: 0 }) as unknown;
}

/** Where a field stands in the file; front matter begins on its second line. */
function lineOf(head: string, field: string): number {
  return head.split('\n').findIndex((line) => line.replace(/^["']/, '').startsWith(field)) + 2;
}

function atLine<Read>(line: number, read: () => Read): Read {
  try {
    return read();
  } catch (thrown) {
    const { code, message, mend } = Problem.of(thrown);
    throw new Problem(code, `Line ${line}: ${message}`, mend);
  }
}

const wrong = (what: string) => new Problem('invalid_input', `${what.replace(/\.$/, '')}.`);
