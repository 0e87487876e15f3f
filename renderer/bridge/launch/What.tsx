import { useEffect } from 'react';
import type { RecipeEntry } from '../../../shared/contract/planning.ts';
import { useHouse } from '../house.ts';
import { useTask } from '../use-task.ts';
import { openWork } from '../work/work-sheet.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import styles from './Launch.module.css';
import type { LaunchForm } from './launch-form.ts';
import { RecipeFields, type WrongParam } from './RecipeFields.tsx';

export interface WhatProps {
  form: LaunchForm;
  recipes: readonly RecipeEntry[];
  entry: RecipeEntry | null;
  hasModel: boolean;
  wrong: readonly WrongParam[];
  /** Whether a command agent can be chosen here, which leads to a sheet of its own. */
  withCommands: boolean;
  set: (change: Partial<LaunchForm>) => void;
}

/** What is to be done: in words, by a recipe’s parameters, or by an agent of one’s choice. */
export function What(props: WhatProps) {
  const { form, withCommands, set } = props;
  if (form.kind === 'recipe') return <OfRecipe {...props} />;
  return (
    <>
      {form.kind === 'agent' && (
        <Who agent={form.agent} withCommands={withCommands} onChoose={(agent) => set({ agent })} />
      )}
      <textarea
        className={styles.text}
        aria-label={form.kind === 'goal' ? 'Goal' : 'What should it do'}
        aria-describedby="launch-consequence"
        placeholder={form.kind === 'goal' ? 'What do you want done?' : 'What should it do?'}
        maxLength={20_000}
        value={form.text}
        onChange={(event) => set({ text: event.target.value })}
      />
    </>
  );
}

function Who({
  agent,
  withCommands,
  onChoose,
}: {
  agent: string | null;
  withCommands: boolean;
  onChoose: (agent: string) => void;
}) {
  const { client } = useHouse();
  const { run, result } = useTask((signal) => client.agents.list(undefined, { signal }));
  useEffect(() => void run(), [run]);
  const able = (result ?? [])
    .filter((each) => each.agent !== null && !each.agent.command)
    .map(({ name }) => name);
  const first = able.find((name) => name === 'generalist') ?? able[0];
  useEffect(() => {
    if (agent === null && first !== undefined) onChoose(first);
  }, [agent, first, onChoose]);
  const commands = (result ?? [])
    .filter((each) => withCommands && each.agent?.command)
    .map(({ name }) => name);
  // A command is started with a repository: it has a sheet of its own.
  const choose = (name: string) =>
    commands.includes(name) ? openWork({ form: { agent: name } }) : onChoose(name);
  return (
    <div className={styles.who}>
      <Field label="Who">
        {(control) => (
          <Select
            {...control}
            value={agent ?? ''}
            options={[
              ...able.map((name) => ({ value: name, label: name })),
              ...commands.map((name) => ({ value: name, label: `${name}: a command, on a repository…` })),
            ]}
            onChange={choose}
          />
        )}
      </Field>
    </div>
  );
}

function OfRecipe({ form, recipes, entry, hasModel, wrong, set }: WhatProps) {
  // What can be started at once comes first.
  const sorted = recipes.toSorted((a, b) => Number(a.needsModel) - Number(b.needsModel));
  if (!entry) {
    return (
      <div className={styles.recipes}>
        <Choice
          label="Which recipe"
          value=""
          options={sorted.map(({ name, recipe, needsModel }) => ({
            value: name,
            label: recipe?.title ?? name,
            detail: needsModel ? (hasModel ? 'with a model' : 'needs a model') : 'needs no model',
          }))}
          onChange={(recipe) => set({ recipe, params: {} })}
        />
      </div>
    );
  }
  return (
    <>
      <div className={styles.who}>
        <Field label="Recipe" hint={entry.recipe?.description}>
          {(control) => (
            <Select
              {...control}
              value={entry.name}
              options={sorted.map(({ name, recipe }) => ({ value: name, label: recipe?.title ?? name }))}
              onChange={(recipe) => set({ recipe, params: {} })}
            />
          )}
        </Field>
      </div>
      {entry.recipe && (
        <RecipeFields
          key={entry.name}
          recipe={entry.recipe}
          params={form.params}
          wrong={wrong}
          onChange={(params) => set({ params })}
        />
      )}
    </>
  );
}
