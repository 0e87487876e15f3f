import { useState } from 'react';
import type { Answer, ApprovalDetail } from '../../../shared/approval.ts';
import type { RuleDraft } from '../../../shared/rule.ts';
import { readObject } from '../../bridge/json-text.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Button } from '../../ui/Button.tsx';
import { Field, TextArea } from '../../ui/Field.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { AnswerChoices, type AnswerChoice } from './AnswerChoices.tsx';
import { EditedInput } from './EditedInput.tsx';
import styles from './Answering.module.css';
import { RuleDrafts } from './RuleDrafts.tsx';
import { useAnswering } from './use-answering.ts';

type Kind = Exclude<Answer['kind'], 'reply'>;

const labels: Record<Kind, string> = {
  once: 'Allow once',
  session: 'Allow for this session',
  always: 'Allow from now on',
  not_now: 'Not now',
  deny: 'Deny',
};

/** The five answers to a call, each with what it leads to. */
export function Answering({ detail }: { detail: ApprovalDetail }) {
  const [kind, setKind] = useState<Kind>('once');
  const [reason, setReason] = useState('');
  const [drafts, setDrafts] = useState<readonly RuleDraft[]>(detail.suggestions.map(({ draft }) => draft));
  const [edited, setEdited] = useState<string | null>(null);
  const answer = useAnswering(detail);
  const read = edited === null ? { input: undefined } : readObject(edited);
  const allowing = kind === 'once' || kind === 'session' || kind === 'always';
  const unfit = 'wrong' in read && allowing;
  const give = () => {
    if (unfit || answer.busy) return;
    const input = allowing && 'input' in read ? read.input : undefined;
    void answer.run(answerOf(kind, { reason, drafts }), input);
  };
  const choices = choicesFor(detail, drafts);
  useShortcuts('This approval', [
    ...choices.map(({ value, label, keys }) => ({ keys, title: label, run: () => setKind(value) })),
    { keys: 'mod enter', title: 'Give this answer', run: give, always: true },
    ...(edited === null
      ? [{ keys: 'e', title: 'Edit what it is given', run: () => setEdited(textOf(detail)) }]
      : []),
  ]);
  return (
    <>
      {edited !== null && <EditedInput text={edited} onChange={setEdited} onClose={() => setEdited(null)} />}
      <AnswerChoices value={kind} choices={choices} onChange={setKind} />
      {kind === 'always' && <RuleDrafts detail={detail} drafts={drafts} onChange={setDrafts} />}
      {kind === 'deny' && (
        <Field label="Why" hint="The agent receives your words and looks for another way.">
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              autoFocus
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      )}
      <ProblemNote problem={answer.problem} />
      <div className={styles.actions}>
        <Button
          look={kind === 'deny' ? 'danger' : 'lead'}
          keys="mod enter"
          disabled={unfit || (kind === 'always' && drafts.length === 0)}
          busy={answer.busy}
          onClick={give}
        >
          {labels[kind]}
        </Button>
        {edited === null && (
          <Button keys="e" onClick={() => setEdited(textOf(detail))}>
            Edit what it is given
          </Button>
        )}
      </div>
    </>
  );
}

const textOf = ({ input }: ApprovalDetail) => JSON.stringify(input, null, 2);

function answerOf(kind: Kind, { reason, drafts }: { reason: string; drafts: readonly RuleDraft[] }): Answer {
  if (kind === 'deny') return { kind, reason: reason.trim() };
  if (kind === 'always') return { kind, rules: [...drafts] };
  return { kind };
}

function choicesFor(detail: ApprovalDetail, drafts: readonly RuleDraft[]): AnswerChoice<Kind>[] {
  const rule = drafts.map(({ what }) => what).join(' and ');
  return [
    { value: 'once', keys: 'a', label: 'Allow once', detail: 'this call, and nothing that looks like it' },
    {
      value: 'session',
      keys: 's',
      label: 'Allow for this session',
      detail: 'the same call, until the session ends',
    },
    ...(detail.suggestions.length > 0
      ? [
          {
            value: 'always' as const,
            keys: 'r',
            label: 'Always, by a rule',
            code: rule,
            detail:
              detail.suggestions.flatMap(({ warnings }) => warnings)[0] ??
              'a rule that you can change and take back',
          },
        ]
      : []),
    { value: 'not_now', keys: 'n', label: 'Not now', detail: 'it keeps waiting, out of the way' },
    {
      value: 'deny',
      keys: 'd',
      label: 'Deny and say why',
      detail: 'the agent receives your words and looks for another way',
    },
  ];
}
