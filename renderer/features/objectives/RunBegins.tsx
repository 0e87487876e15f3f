import { useEffect, useRef, useState } from 'react';
import { useStatus } from '../../bridge/house.ts';
import { Chips } from '../../bridge/launch/Chips.tsx';
import { emptyForm, type LaunchForm, type LaunchKind } from '../../bridge/launch/launch-form.ts';
import { Limits } from '../../bridge/launch/Limits.tsx';
import { MayLine } from '../../bridge/launch/MayLine.tsx';
import { useLaunch } from '../../bridge/launch/use-launch.ts';
import { What } from '../../bridge/launch/What.tsx';
import type { WantedWork } from '../../bridge/objectives.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useRecipes } from '../../bridge/recipes.ts';
import styles from './ObjectiveSheet.module.css';

/** A run that is to begin by a schedule, chosen as one that begins at once. */
export function RunBegins({
  kind,
  onWork,
}: {
  kind: LaunchKind;
  /** Null while it could not be begun. */
  onWork: (work: WantedWork | null) => void;
}) {
  const models = useStatus()?.machine.find(({ id }) => id === 'models');
  const hasModel = models?.state === 'ok';
  const [form, setForm] = useState<LaunchForm>(emptyForm);
  const [limits, setLimits] = useState(false);
  const recipes = useRecipes(kind === 'recipe');
  const usable = (recipes.list ?? []).filter(({ recipe }) => recipe !== null);
  const entry = usable.find(({ name }) => name === form.recipe) ?? null;
  const filled = { ...form, kind };
  const launch = useLaunch(filled, entry);
  const { wish } = launch.read;
  const blocked = launch.preview !== null && launch.preview.problems.length > 0;
  const told = JSON.stringify(blocked ? null : wish);
  const latest = useRef(onWork);
  latest.current = onWork;
  useEffect(() => {
    const read = JSON.parse(told) as typeof wish;
    latest.current(read && { kind: 'run', wish: read });
  }, [told]);
  const set = (change: Partial<LaunchForm>) => setForm((before) => ({ ...before, ...change }));
  const needsModel = kind !== 'recipe' || entry?.needsModel === true;
  return (
    <div className={styles.run}>
      <What
        form={filled}
        recipes={usable}
        entry={entry}
        hasModel={hasModel}
        wrong={launch.wrongParams}
        withCommands={false}
        set={set}
      />
      <Chips form={filled} wish={wish} open={limits} onOpen={() => setLimits(!limits)} />
      {limits && <Limits form={filled} wrong={launch.read.wrong} set={set} />}
      <ProblemNote problem={launch.problem ?? recipes.problem} />
      <MayLine launch={launch} lacksModel={!hasModel && models !== undefined && needsModel} onRecipe={null} />
    </div>
  );
}
