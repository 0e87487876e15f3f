import { useEffect, useMemo, useRef, useState } from 'react';
import { problemOf } from '../../../shared/contract/problems.ts';
import type { Recognised } from '../../../shared/methodology.ts';
import type { Problem } from '../../../shared/problem.ts';
import { useRested } from '../../ui/use-rested.ts';
import { useHouse } from '../house.ts';
import { useTask } from '../use-task.ts';
import {
  type CommandAgent,
  type Hand,
  handOf,
  isJson,
  isStep,
  type Looks,
  type WorkForm,
} from './work-form.ts';

export interface Refused {
  readonly message: string;
  readonly mend: string | null;
}

export interface Looked {
  readonly looks: Looks;
  /** What the methodology declares. */
  readonly types: readonly string[];
  /** Why the words or the work unit cannot be handed in, or the methodology cannot be used. */
  readonly refused: Refused | null;
  readonly problem: Problem | null;
}

interface Look {
  readonly types: readonly string[];
  readonly recognised: Recognised | null;
  readonly refused: Refused | null;
}

/** What the files and words of a form are by the methodology of its agent, asked for as they change. */
export function useLooks(form: WorkForm, agent: CommandAgent | null): Looked {
  const methodology = agent?.command.methodology ?? null;
  const files = useFileLooks(form, methodology);
  const looks: Looks = useMemo(
    () =>
      new Map([...files.known].flatMap(([key, { recognised }]) => (recognised ? [[key, recognised]] : []))),
    [files.known],
  );
  const hand = handOf(form, agent, looks);
  const words = useWordsLook(form, hand, methodology);
  const answers = [...files.known.values()];
  const broken = answers.find(({ recognised }) => recognised === null)?.refused ?? null;
  return {
    looks,
    types: answers[0]?.types ?? words.look?.types ?? [],
    refused: words.look?.refused ?? broken,
    problem: files.problem ?? words.problem,
  };
}

function useFileLooks(form: WorkForm, methodology: string | null) {
  const { client } = useHouse();
  const type = useRested(form.type);
  const [answers, setAnswers] = useState<ReadonlyMap<string, Look>>(new Map());
  const [problem, setProblem] = useState<Problem | null>(null);
  const asking = useRef(new Set<string>());
  const asked = form.files
    .filter((file) => isJson(file) || (file.text !== null && file.key === form.artifact))
    .map((file) => {
      const as = file.key === form.artifact && type !== null && type.trim() !== '' ? type.trim() : null;
      return { file, as, name: JSON.stringify([file.key, as, methodology]) };
    });
  const missing = asked.filter(({ name }) => !answers.has(name));
  const names = missing.map(({ name }) => name).join('\n');
  useEffect(() => {
    for (const { file, as, name } of missing) {
      if (asking.current.has(name)) continue;
      asking.current.add(name);
      const what = { kind: 'text' as const, text: file.text ?? '', type: as };
      client.agents
        .checkInput({ methodology, what })
        .then(
          (look) => {
            setProblem(null);
            setAnswers((before) => new Map(before).set(name, look));
          },
          (thrown: unknown) => setProblem(problemOf(thrown)),
        )
        .finally(() => asking.current.delete(name));
    }
    // What is missing is told by its names.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [client, names, methodology]);
  const known = useMemo(
    () =>
      new Map(
        asked.flatMap(({ file, name }) => {
          const look = answers.get(name);
          return look ? [[file.key, look] as const] : [];
        }),
      ),
    // oxlint-disable-next-line react/exhaustive-deps
    [answers, form.files, form.artifact, type, methodology],
  );
  return { known, problem };
}

/** Of what is no file. */
function useWordsLook(form: WorkForm, { handed }: Hand, methodology: string | null) {
  const { client } = useHouse();
  const input = wordsOf(form, handed);
  const question = JSON.stringify(input && { methodology, what: { kind: 'input', input } });
  const rested = useRested(question);
  const { run, ...task } = useTask(async (signal, asked: string) => {
    const words = JSON.parse(asked) as { methodology: string | null; what: { kind: 'input'; input: Words } };
    return { asked, look: await client.agents.checkInput(words, { signal }) };
  });
  useEffect(() => {
    if (rested !== 'null') void run(rested);
  }, [rested, run]);
  return { look: task.result?.asked === question ? task.result.look : null, problem: task.problem };
}

type Words = { kind: 'request'; text: string } | { kind: 'work_unit'; id: string };

function wordsOf({ request, unit }: WorkForm, handed: Hand['handed']): Words | null {
  if (handed === 'request' && request.trim() !== '') return { kind: 'request', text: request };
  if (handed === 'work_unit' && isStep(unit.trim())) return { kind: 'work_unit', id: unit.trim() };
  return null;
}
