import type { AgentEntry } from '../../../shared/contract/agents.ts';
import { Field, TextArea, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { HandedFiles } from './HandedFiles.tsx';
import type { Looked } from './use-looks.ts';
import styles from './Work.module.css';
import { type CommandAgent, type Hand, type Handed, type ReadWork, type WorkForm } from './work-form.ts';

const ways: readonly { value: Handed; label: string }[] = [
  { value: 'nothing', label: 'Nothing' },
  { value: 'request', label: 'A request, in words' },
  { value: 'work_unit', label: 'A work unit, by its id' },
  { value: 'artifact', label: 'A file, as an artifact' },
];

export interface WorkFieldsProps {
  form: WorkForm;
  agents: readonly AgentEntry[];
  agent: CommandAgent | null;
  hand: Hand;
  looked: Looked;
  wrong: ReadWork['wrong'];
  /** Where command agents were at work lately. */
  recent: readonly string[];
  /** Whether each file may have a session of its own. */
  canBeMany: boolean;
  set: (change: Partial<WorkForm>) => void;
  onFiles: (files: readonly File[]) => void;
}

/** What a command agent is started with. */
export function WorkFields(props: WorkFieldsProps) {
  const { form, agents, agent, hand, looked, wrong, recent, set } = props;
  const own = agent?.command.repository ?? null;
  const seconds = agent?.limits.seconds ?? null;
  const described = agent !== null && agent.description !== '';
  return (
    <>
      <div className={styles.even}>
        <Field label="Who" hint={described ? agent.description : undefined}>
          {(control) => (
            <Select
              {...control}
              value={form.agent ?? ''}
              options={agents.map(({ name }) => ({ value: name, label: name }))}
              onChange={(name) => set({ agent: name, type: null })}
            />
          )}
        </Field>
        <Field label="It is handed">
          {(control) => (
            <Select {...control} value={hand.handed} options={ways} onChange={(handed) => set({ handed })} />
          )}
        </Field>
      </div>
      <div className={styles.pair}>
        <Field
          label="Repository"
          hint={own === null ? 'An address, or a folder from “/” on; it is cloned.' : 'Empty: its own.'}
          wrong={wrong.repository}
        >
          {(control) => (
            <>
              <TextInput
                {...control}
                mono
                list="recent-repositories"
                placeholder={own ?? 'https://git.example.org/tide.git'}
                value={form.repository}
                onChange={(event) => set({ repository: event.target.value })}
              />
              <datalist id="recent-repositories">
                {recent.map((each) => (
                  <option key={each} value={each} aria-label={each} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label="Branch" wrong={wrong.branch} hint="It begins there.">
          {(control) => (
            <TextInput
              {...control}
              mono
              placeholder={agent?.command.branch ?? 'the repository’s own'}
              value={form.branch}
              onChange={(event) => set({ branch: event.target.value })}
            />
          )}
        </Field>
        <Field label="Time" wrong={wrong.deadline} hint="Such as 90s, 10m, 2h.">
          {(control) => (
            <TextInput
              {...control}
              placeholder={seconds === null ? 'no limit' : `${seconds}s`}
              value={form.deadline}
              onChange={(event) => set({ deadline: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Words form={form} hand={hand} looked={looked} wrong={wrong} set={set} />
      <HandedFiles {...props} />
    </>
  );
}

function Words({
  form,
  hand,
  looked: { refused },
  wrong,
  set,
}: Pick<WorkFieldsProps, 'form' | 'hand' | 'looked' | 'wrong' | 'set'>) {
  const said = refused ? [refused.message, refused.mend].filter(Boolean).join(' ') : undefined;
  if (hand.handed === 'request') {
    return (
      <Field label="Request" wrong={form.request.trim() === '' ? undefined : said}>
        {(control) => (
          <TextArea
            {...control}
            rows={4}
            maxLength={100_000}
            value={form.request}
            onChange={(event) => set({ request: event.target.value })}
          />
        )}
      </Field>
    );
  }
  if (hand.handed !== 'work_unit') return null;
  return (
    <Field label="Work unit" wrong={wrong.unit ?? (form.unit.trim() === '' ? undefined : said)}>
      {(control) => (
        <TextInput
          {...control}
          mono
          value={form.unit}
          onChange={(event) => set({ unit: event.target.value })}
        />
      )}
    </Field>
  );
}
