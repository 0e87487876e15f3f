import { type McpTool, usualMcpTools } from '../../../../../shared/mcp-tools.ts';
import { BudgetField } from '../../../../bridge/BudgetField.tsx';
import { FolderLines } from '../../../../bridge/FolderLines.tsx';
import { HostsField } from '../../../../bridge/PlaceFields.tsx';
import { useAgents } from '../../../../bridge/use-agents.ts';
import { Checkbox } from '../../../../ui/Checkbox.tsx';
import { Choice } from '../../../../ui/Choice.tsx';
import { Field, TextInput } from '../../../../ui/Field.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { lifetimes } from '../../token-form.ts';
import { type LetInForm, periods, type ReadLetIn } from '../let-in-form.ts';
import styles from '../McpPage.module.css';
import { toolWords } from '../program-words.ts';

interface FieldsProps {
  form: LetInForm;
  wrong: ReadLetIn['wrong'];
  set: (change: Partial<LetInForm>) => void;
}

const bounds = [
  { bound: 'callsPerMinute', label: 'Calls in a minute' },
  { bound: 'callsAtOnce', label: 'Calls at the same time' },
] as const;

/** What a program may do, in the order in which a person thinks of it. */
export function LetInFields({ form, wrong, set }: FieldsProps) {
  return (
    <>
      <Field label="Name" hint="So that you know it again." wrong={wrong.name}>
        {(control) => (
          <TextInput
            {...control}
            autoFocus
            placeholder="Claude Code"
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Tools form={form} wrong={wrong} set={set} />
      <Agents form={form} wrong={wrong} set={set} />
      <FolderLines folders={form.folders} wrong={wrong.folders} onChange={(folders) => set({ folders })} />
      <div className={styles.pair}>
        <HostsField
          label="Network"
          hint="Hosts that its runs may connect to; empty: none."
          value={form.hosts}
          wrong={wrong.hosts}
          onChange={(hosts) => set({ hosts })}
        />
        <BudgetField
          hint="Of all its runs: $2.50 or 500k tokens; empty: none."
          value={form.budget}
          wrong={wrong.budget}
          onChange={(budget) => set({ budget })}
        />
        {form.budget.trim() !== '' && (
          <Field label="That budget is">
            {(control) => (
              <Select
                {...control}
                value={form.period}
                options={periods}
                onChange={(period) => set({ period })}
              />
            )}
          </Field>
        )}
      </div>
      <div className={styles.pair}>
        {bounds.map(({ bound, label }) => (
          <Field key={bound} label={label} wrong={wrong[bound]}>
            {(control) => (
              <TextInput
                {...control}
                inputMode="numeric"
                value={form[bound]}
                onChange={(event) => set({ [bound]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <Choice
        label="How long"
        value={form.lifetime}
        options={lifetimes}
        onChange={(lifetime) => set({ lifetime })}
      />
    </>
  );
}

/** What is never given unasked comes last. */
const inOrder: readonly McpTool[] = [...usualMcpTools, 'answer_approval'];

function Tools({ form, wrong, set }: FieldsProps) {
  const toggle = (tool: McpTool, isChosen: boolean) => set({ tools: withOr(form.tools, tool, isChosen) });
  return (
    <fieldset className={styles.tools}>
      <legend>It may</legend>
      {inOrder.map((tool) => (
        <Checkbox key={tool} checked={form.tools.has(tool)} onChange={(isChosen) => toggle(tool, isChosen)}>
          <span title={tool}>{toolWords[tool]}</span>
        </Checkbox>
      ))}
      {form.tools.has('answer_approval') && (
        <p className={styles.warning} role="status">
          Then nobody but this program may ever look at what its agents ask. Give this only to one that puts
          each question before you.
        </p>
      )}
      {wrong.tools && <p className={styles.wrong}>{wrong.tools}</p>}
    </fieldset>
  );
}

function Agents({ form, wrong, set }: FieldsProps) {
  const { list } = useAgents();
  const { agents } = form;
  return (
    <>
      <Choice
        label="Agents that it may start and ask"
        value={agents === null ? 'any' : 'some'}
        options={[
          { value: 'any', label: 'Any' },
          { value: 'some', label: 'Only these' },
        ]}
        onChange={(which) => set({ agents: which === 'any' ? null : new Set() })}
      />
      {agents && (
        <fieldset className={styles.tools}>
          <legend>Only these</legend>
          {(list ?? []).map(({ name }) => (
            <Checkbox
              key={name}
              checked={agents.has(name)}
              onChange={(isChosen) => set({ agents: withOr(agents, name, isChosen) })}
            >
              {name}
            </Checkbox>
          ))}
          {wrong.agents && <p className={styles.wrong}>{wrong.agents}</p>}
        </fieldset>
      )}
    </>
  );
}

/** The set with one more, or without it. */
function withOr<One>(before: ReadonlySet<One>, one: One, isIn: boolean): ReadonlySet<One> {
  const next = new Set(before);
  if (isIn) next.add(one);
  else next.delete(one);
  return next;
}
