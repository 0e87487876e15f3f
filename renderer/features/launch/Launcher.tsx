import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type Run, runWishSchema } from '../../../shared/run.ts';
import { useHouse, useStatus } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { scheduleThis } from '../../bridge/objectives.ts';
import { useRecipes } from '../../bridge/recipes.ts';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Card } from '../../ui/Card.tsx';
import { go, stay, usePlace } from '../../ui/place.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { Tabs } from '../../ui/Tabs.tsx';
import { Chips } from '../../bridge/launch/Chips.tsx';
import { Earlier } from './Earlier.tsx';
import {
  emptyForm,
  type LaunchForm,
  type LaunchKind,
  type LaunchWish,
} from '../../bridge/launch/launch-form.ts';
import styles from '../../bridge/launch/Launch.module.css';
import type { Remembered } from './launch-memory.ts';
import { Limits } from '../../bridge/launch/Limits.tsx';
import { MayLine } from '../../bridge/launch/MayLine.tsx';
import { formOf } from '../../bridge/launch/remembered-form.ts';
import { useLaunch } from '../../bridge/launch/use-launch.ts';
import { What } from '../../bridge/launch/What.tsx';

const tabs = [
  { value: 'goal' as const, label: 'Goal' },
  { value: 'recipe' as const, label: 'Recipe' },
  { value: 'agent' as const, label: 'Agent' },
];

/** What a person wants done: a goal, a recipe or a message to an agent, with all that it may do shown before it starts. */
export function Launcher({ runs }: { runs: readonly Run[] }) {
  const { client } = useHouse();
  const models = useStatus()?.machine.find(({ id }) => id === 'models');
  const hasModel = models?.state === 'ok';
  const [form, setForm] = useState<LaunchForm>(emptyForm);
  const [kind, setKind] = useState<LaunchKind>('goal');
  // Whoever does not look for recipes pays for none.
  const recipes = useRecipes(kind === 'recipe');
  const [limits, setLimits] = useState(false);
  const card = useRef<HTMLFormElement>(null);
  const usable = (recipes.list ?? []).filter(({ recipe }) => recipe !== null);
  const entry = usable.find(({ name }) => name === form.recipe) ?? null;
  const filled = { ...form, kind };
  const launch = useLaunch(filled, entry);
  const { wish } = launch.read;
  const set = (change: Partial<LaunchForm>) => setForm((before) => ({ ...before, ...change }));

  const start = useTask(async (_signal) => {
    if (!wish) return;
    const run = await client.runs.submit(wish);
    setForm(emptyForm);
    go(`runs/${run.id}`);
  });
  const blocked = launch.preview !== null && launch.preview.problems.length > 0;
  const ready = wish !== null && !blocked;
  const submit = () => {
    if (ready && !start.busy) void start.run();
  };
  const take = ({ wish: again }: Remembered) => {
    const next = formOf(again);
    setForm(next);
    setKind(next.kind);
  };
  useWanted(card, setKind, set);
  useShortcuts('Launch', [{ keys: 'b', title: 'Begin a run', run: () => focusFirst(card.current) }]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  };
  return (
    <section aria-label="Begin a run" className={styles.launcher}>
      <Card lead className={styles.card}>
        {/* Ctrl and Enter start it from every field. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <form
          ref={card}
          onKeyDown={onKeyDown}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <div className={styles.kinds}>
            <Tabs label="What to begin with" shown={kind} tabs={tabs} onShow={setKind} />
            <span className={styles.space} />
            <Earlier runs={runs} present={rememberedOf(wish, filled)} onTake={take} />
          </div>
          <What
            form={filled}
            recipes={usable}
            entry={entry}
            hasModel={hasModel}
            wrong={launch.wrongParams}
            withCommands
            set={set}
          />
          <div className={styles.row}>
            <Chips form={filled} wish={wish} open={limits} onOpen={() => setLimits(!limits)} />
            <Going wish={wish} ready={ready} busy={start.busy} />
          </div>
          {limits && <Limits form={filled} wrong={launch.read.wrong} set={set} />}
          <ProblemNote problem={start.problem ?? launch.problem ?? recipes.problem} />
          <MayLine
            launch={launch}
            lacksModel={
              !hasModel && models !== undefined && (kind !== 'recipe' || entry?.needsModel === true)
            }
            onRecipe={kind === 'recipe' ? null : () => setKind('recipe')}
          />
        </form>
      </Card>
    </section>
  );
}

/** It begins at once, or by a schedule. */
function Going({ wish, ready, busy }: { wish: LaunchWish | null; ready: boolean; busy: boolean }) {
  return (
    <>
      <Button
        look="ghost"
        className={styles.go}
        disabled={!ready}
        onClick={() => wish && scheduleThis({ kind: 'run', wish })}
      >
        Schedule…
      </Button>
      <Button type="submit" look="lead" keys="mod enter" className={styles.go} disabled={!ready} busy={busy}>
        Start
      </Button>
    </>
  );
}

function rememberedOf(wish: unknown, { text }: LaunchForm): Remembered | null {
  const read = wish === null ? null : runWishSchema.safeParse(wish);
  if (!read?.success) return null;
  const title = read.data.title ?? (text.trim().split('\n', 1)[0] ?? '').slice(0, 200);
  return { title, wish: read.data };
}

const focusFirst = (form: HTMLFormElement | null) =>
  form?.querySelector<HTMLElement>('textarea, input, select, [role="radio"]')?.focus();

/** A link leads here: to the first field, to a recipe, to an agent. */
function useWanted(
  card: { readonly current: HTMLFormElement | null },
  choose: (kind: LaunchKind) => void,
  set: (change: Partial<LaunchForm>) => void,
): void {
  const { params } = usePlace();
  const wanted = params.get('do') === 'launch';
  const recipe = params.get('recipe');
  const agent = params.get('agent');
  const goal = params.get('goal');
  const latest = useRef({ choose, set });
  latest.current = { choose, set };
  useEffect(() => {
    if (!wanted) return;
    if (recipe !== null) {
      latest.current.choose('recipe');
      latest.current.set({ recipe: recipe === '' ? null : recipe });
    } else if (agent !== null) {
      latest.current.choose('agent');
      latest.current.set({ agent });
    } else if (goal !== null) {
      latest.current.choose('goal');
      latest.current.set({ text: goal });
    }
    stay({});
    card.current?.scrollIntoView({ block: 'nearest' });
    requestAnimationFrame(() => focusFirst(card.current));
  }, [wanted, recipe, agent, goal, card]);
}
