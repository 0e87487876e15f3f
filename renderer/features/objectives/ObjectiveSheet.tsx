import { useEffect, useRef, useState } from 'react';
import { type Objective, objectiveNameSchema } from '../../../shared/objective.ts';
import { useHouse } from '../../bridge/house.ts';
import type { WantedWork } from '../../bridge/objectives.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { say } from '../../ui/Toast.tsx';
import { Begins } from './Begins.tsx';
import { nameFor } from './objective-name.ts';
import styles from './ObjectiveSheet.module.css';
import { Rules } from './Rules.tsx';
import { readRules, rulesFormOf, ruleWords, usualRules } from './rules-form.ts';
import { emptyTiming, timingFormOf, timingOf } from './timing-form.ts';
import { useTimes, When } from './When.tsx';

export interface SheetProps {
  open: boolean;
  /** The one that is changed; null: a new one. */
  changed: Objective | null;
  /** What somebody wants to give a schedule. */
  wanted: WantedWork | null;
  taken: ReadonlySet<string>;
  onClose: () => void;
  onSaved: (name: string) => void;
}

/** An objective is made or changed: what it begins, when, and by which rules. */
export function ObjectiveSheet(props: SheetProps) {
  const { open, changed, onClose } = props;
  const sheet = useSheet(props);
  const { save, name, wrongName, work, timing, rules } = sheet;
  return (
    <Dialog
      title={changed ? `Change ${changed.name}` : 'New objective'}
      words="It begins by itself, each time on the record. Nothing begins by making it."
      open={open}
      onClose={onClose}
      wide
      lead={{
        label: changed ? 'Save' : 'Make',
        disabled: !sheet.ready,
        busy: save.busy,
        run: () => void save.run(),
      }}
    >
      <h3 className={styles.part}>What it begins</h3>
      <Begins given={sheet.given} onWork={sheet.setWork} onOther={sheet.chooseOther} />
      <h3 className={styles.part}>When</h3>
      <When form={timing} times={sheet.times} set={sheet.setTiming} />
      <h3 className={styles.part}>By which rules</h3>
      {sheet.ruling ? (
        <Rules
          form={rules}
          wrong={sheet.readRules.wrong}
          isRun={work?.kind !== 'agent'}
          set={sheet.setRules}
        />
      ) : (
        <div className={styles.given}>
          <p>{sheet.ruleWords.join(' ')}</p>
          <Button onClick={sheet.rule}>Change…</Button>
        </div>
      )}
      {!changed && (
        <Field label="Its name" wrong={wrongName}>
          {(control) => (
            <TextInput
              {...control}
              mono
              placeholder="nightly"
              value={name}
              onChange={(event) => sheet.setName(event.target.value)}
            />
          )}
        </Field>
      )}
      <ProblemNote problem={save.problem} />
    </Dialog>
  );
}

/** Without anything that it begins yet it is taken for a run. */
const aRun: WantedWork = { kind: 'run', wish: { invocation: { kind: 'goal', goal: '–' } } };

function useSheet({ open, changed, wanted, taken, onSaved }: SheetProps) {
  const { client } = useHouse();
  const [typedName, setName] = useState<string | null>(null);
  const [given, setGiven] = useState<WantedWork | null>(null);
  const [chosen, setWork] = useState<WantedWork | null>(null);
  const [timing, setTiming] = useState(emptyTiming);
  const [rules, setRules] = useState(usualRules);
  const [ruling, setRuling] = useState(false);
  const was = useRef(false);
  useEffect(() => {
    if (open && !was.current) {
      setName(null);
      setWork(null);
      setGiven(changed?.work ?? wanted);
      setTiming(changed ? timingFormOf(changed.timing) : emptyTiming);
      setRules(changed ? rulesFormOf(changed.policy, changed.work) : usualRules);
      setRuling(false);
    }
    was.current = open;
  }, [open, changed, wanted]);

  const work = given ?? chosen;
  const name = changed?.name ?? typedName ?? (work ? nameFor(work, taken) : '');
  const wrongName =
    changed || name === ''
      ? undefined
      : taken.has(name)
        ? 'There is one of this name.'
        : objectiveNameSchema.safeParse(name).success
          ? undefined
          : 'Small letters, digits, dash and underscore, starting with a letter.';
  const read = readRules(rules);
  const when = timingOf(timing);
  const times = useTimes(open ? when : null);
  const asked = work && withUnattended(work, rules.unattended);
  const ready =
    asked !== null &&
    when !== null &&
    times.looked?.problem === null &&
    read.policy !== null &&
    name !== '' &&
    wrongName === undefined;
  const save = useTask(async (_signal) => {
    if (!ready || !asked || !when || !read.policy) return;
    const replace = changed !== null;
    await client.objectives.save({ name, timing: when, policy: read.policy, work: asked, replace });
    say(replace ? `Saved ${name}.` : `Made ${name}.`);
    onSaved(name);
  });
  return {
    given,
    work,
    name,
    wrongName,
    timing,
    times,
    rules,
    ruling,
    ready,
    save,
    readRules: read,
    ruleWords: read.policy ? ruleWords(read.policy, withUnattended(work ?? aRun, rules.unattended)) : [],
    setName: (typed: string) => setName(typed.trim()),
    setWork,
    chooseOther: () => setGiven(null),
    setTiming: (change: Partial<typeof timing>) => setTiming((before) => ({ ...before, ...change })),
    setRules: (change: Partial<typeof rules>) => setRules((before) => ({ ...before, ...change })),
    rule: () => setRuling(true),
  };
}

function withUnattended(work: WantedWork, unattended: 'wait' | 'deny'): WantedWork {
  if (work.kind === 'agent') return work;
  return { kind: 'run', wish: { ...work.wish, ceiling: { ...work.wish.ceiling, unattended } } };
}
