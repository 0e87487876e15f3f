import { useState } from 'react';
import type { Agent } from '../../../shared/agent.ts';
import type { Skill } from '../../../shared/skill.ts';
import type { Client } from '../../bridge/client.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useAnswer } from '../../bridge/use-answer.ts';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Row, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { TextBlock } from '../../ui/TextBlock.tsx';
import { say } from '../../ui/Toast.tsx';
import styles from './AgentMemory.module.css';

const listSkills = (client: Client, signal: AbortSignal) => client.skills.list(undefined, { signal });
const kinds = ['skill.added', 'skill.removed', 'setting.changed'];

/** The skills there are, and which of them this agent is offered. */
export function AgentSkills({ named }: { named: Agent['skills'] }) {
  const { client } = useHouse();
  const answer = useAnswer(listSkills, kinds);
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const change = useTask(async (_signal, { name, enabled }: Skill) => {
    await (enabled ? client.skills.disable({ skill: name }) : client.skills.enable({ skill: name }));
  });
  return (
    <div className={styles.kept}>
      <Section title="Skills" aside={<Button onClick={() => setAdding(true)}>Add from a folder…</Button>}>
        <ProblemNote problem={answer.problem ?? change.problem} />
        {answer.value && answer.value.length > 0 && (
          <Rows label="Skills">
            {answer.value.map((skill) => (
              <Row
                key={skill.name}
                title={<code>{skill.name}</code>}
                detail={skill.problem ?? `${stateOf(skill, named)}. ${skill.description}`}
                right={
                  <>
                    <Button
                      look="ghost"
                      onClick={() => setShown(skill.name)}
                      aria-label={`Read ${skill.name}`}
                    >
                      Read…
                    </Button>
                    <Button
                      look="ghost"
                      disabled={change.busy}
                      onClick={() => void change.run(skill)}
                      aria-label={`${skill.enabled ? 'Disable' : 'Enable'} ${skill.name}`}
                    >
                      {skill.enabled ? 'Disable' : 'Enable'}
                    </Button>
                  </>
                }
              />
            ))}
          </Rows>
        )}
        <p className={styles.soft}>
          Disabling one keeps every agent from it. Which of the others this agent is offered is said in its
          file.
        </p>
      </Section>
      {adding && <AddDialog onClose={() => setAdding(false)} />}
      {shown !== null && <SkillDialog name={shown} onClose={() => setShown(null)} />}
    </div>
  );
}

function stateOf({ name, enabled, origin }: Skill, named: Agent['skills']): string {
  const offered = named === '*' || named.includes(name);
  const from = { bundled: 'comes with Holdfast', yours: 'yours', folder: 'from your folder' }[origin];
  if (!enabled) return `Disabled, ${from}`;
  return offered ? `Offered to it, ${from}` : `Not named in its file, ${from}`;
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const { client } = useHouse();
  const [from, setFrom] = useState('');
  const add = useTask((_signal) => client.skills.add({ from }));
  const submit = async () => {
    if (!(await add.run())) return;
    say('Added.');
    onClose();
  };
  return (
    <Dialog
      title="Add a skill"
      words="A folder with a SKILL.md. It is checked and copied; links are not taken along."
      open
      onClose={onClose}
      lead={{ label: 'Add', disabled: !from.startsWith('/'), busy: add.busy, run: () => void submit() }}
    >
      <Field label="Its folder" hint="A whole path on this machine.">
        {(control) => (
          <TextInput
            {...control}
            mono
            value={from}
            onChange={(event) => setFrom(event.target.value)}
            autoFocus
          />
        )}
      </Field>
      <ProblemNote problem={add.problem} />
    </Dialog>
  );
}

function SkillDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { client } = useHouse();
  const [ask] = useState(
    () => (_: Client, signal: AbortSignal) => client.skills.get({ skill: name }, { signal }),
  );
  const { value: skill, problem } = useAnswer(ask, kinds);
  const remove = useTask((_signal) => client.skills.remove({ skill: name }));
  const submit = async () => {
    if (!(await remove.run())) return;
    say(`Removed ${name}.`);
    onClose();
  };
  const own = skill?.origin === 'yours';
  return (
    <Dialog
      title={name}
      words={skill?.description}
      open
      wide
      onClose={onClose}
      lead={own && { label: 'Remove', danger: true, busy: remove.busy, run: () => void submit() }}
    >
      <ProblemNote problem={problem ?? remove.problem} />
      {skill?.allowedTools && (
        <p className={styles.soft}>
          While it is followed, only {skill.allowedTools.join(', ') || 'no tool'} may be used.
        </p>
      )}
      {skill && <TextBlock label={`Text of ${name}`}>{skill.problem ?? skill.text}</TextBlock>}
    </Dialog>
  );
}
