import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import type { Run } from '../../../shared/run.ts';
import { useHouse } from '../../bridge/house.ts';
import { scheduleThis } from '../../bridge/objectives.ts';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import menu from '../../ui/Menu.module.css';
import { say } from '../../ui/Toast.tsx';
import { canRaise, ranOut } from './bounds.ts';
import { RaiseDialog } from './RaiseDialog.tsx';

/** What is done with a run less often. */
export function MoreActions({
  run,
  onLink,
  onRecord,
  onRecipe,
}: {
  run: Run;
  onLink: () => void;
  onRecord: () => void;
  onRecipe: () => void;
}) {
  const { client } = useHouse();
  const [raising, setRaising] = useState(false);
  const pin = useTask(async (_signal) => {
    const { pinned } = await client.runs.pin({ run: run.id, pinned: !run.pinned });
    say(pinned ? 'Its folder is kept.' : 'Its folder is removed in its time.');
  });
  const finished = run.state === 'finished';
  return (
    <>
      <Menu.Root>
        <Menu.Trigger render={<Button look="ghost">More</Button>} />
        <Menu.Portal>
          <Menu.Positioner className={menu.positioner} sideOffset={4} align="end">
            <Menu.Popup className={menu.popup}>
              {finished && (
                <Menu.Item className={menu.item} onClick={onRecipe}>
                  Save as recipe…
                </Menu.Item>
              )}
              {finished && run.invocation.kind !== 'plan' && (
                <Menu.Item className={menu.item} onClick={() => schedule(run)}>
                  Schedule this…
                </Menu.Item>
              )}
              {canRaise(run) && (
                <Menu.Item className={menu.item} onClick={() => setRaising(true)}>
                  Raise its budget…
                </Menu.Item>
              )}
              <Menu.Item className={menu.item} onClick={onRecord}>
                Export its record…
              </Menu.Item>
              <Menu.Item className={menu.item} onClick={onLink}>
                Copy its link
              </Menu.Item>
              {run.folder !== null && (
                <Menu.Item className={menu.item} onClick={() => void pin.run()}>
                  {run.pinned ? 'Let its folder be removed in its time' : 'Keep its folder'}
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {ranOut(run) && canRaise(run) && <Button onClick={() => setRaising(true)}>Raise its budget…</Button>}
      <RaiseDialog run={run} open={raising} onClose={() => setRaising(false)} />
    </>
  );
}

/** The same wish, by a schedule; a plan that was given whole is saved as a recipe first. */
function schedule({ invocation, title, ceiling, approvePlan, priority }: Run): void {
  if (invocation.kind === 'plan') return;
  scheduleThis({ kind: 'run', wish: { invocation, title, ceiling, approvePlan, priority } });
}
