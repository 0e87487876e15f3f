import { useState } from 'react';
import type { RuleDraft, RuleEffect } from '../../../shared/rule.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { RulePreviewNote } from './RulePreviewNote.tsx';

const effects: readonly { value: RuleEffect; label: string }[] = [
  { value: 'allow', label: 'Allow it' },
  { value: 'ask', label: 'Ask me' },
  { value: 'deny', label: 'Deny it' },
];

/** A rule from nothing, with what it would have made of past calls. */
export function NewRuleDialog({
  open,
  onClose,
  onMade,
}: {
  open: boolean;
  onClose: () => void;
  onMade: () => void;
}) {
  const { client } = useHouse();
  const [effect, setEffect] = useState<RuleEffect>('allow');
  const [what, setWhat] = useState('');
  const [agent, setAgent] = useState('');
  const [folder, setFolder] = useState('');
  const draft: RuleDraft = {
    effect,
    what: what.trim(),
    agent: agent.trim() === '' ? null : agent.trim(),
    scope: folder.trim() === '' ? { kind: 'everywhere' } : { kind: 'project', folder: folder.trim() },
    expires: null,
  };
  const add = useTask(async (_signal) => {
    await client.rules.add(draft);
    setWhat('');
    onMade();
  });
  return (
    <Dialog
      title="New rule"
      words="A standing answer, for every call that it fits."
      open={open}
      onClose={onClose}
      wide
      lead={{ label: 'Add', disabled: draft.what === '', busy: add.busy, run: () => void add.run() }}
    >
      <Choice label="What it says" value={effect} options={effects} onChange={setEffect} />
      <Field
        label="To what"
        hint="As in “exec: git status *”, “file_write: /home/me/notes/*”, “network: example.org”, “tool: send_email”."
      >
        {(control) => (
          <TextInput
            {...control}
            mono
            autoFocus
            value={what}
            onChange={(event) => setWhat(event.target.value)}
          />
        )}
      </Field>
      <Field label="For which agent" hint="Empty: every one.">
        {(control) => (
          <TextInput {...control} value={agent} onChange={(event) => setAgent(event.target.value)} />
        )}
      </Field>
      <Field label="In which folder" hint="Empty: everywhere.">
        {(control) => (
          <TextInput {...control} mono value={folder} onChange={(event) => setFolder(event.target.value)} />
        )}
      </Field>
      {draft.what !== '' && <RulePreviewNote draft={draft} />}
      <ProblemNote problem={add.problem} />
    </Dialog>
  );
}
