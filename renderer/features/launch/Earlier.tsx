import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import type { Run } from '../../../shared/run.ts';
import { Button } from '../../ui/Button.tsx';
import menu from '../../ui/Menu.module.css';
import { earlierOf, keepFavourites, readFavourites, type Remembered, sameWish } from './launch-memory.ts';

/** What was launched before and what is kept, to be launched again or changed first. */
export function Earlier({
  runs,
  present,
  onTake,
}: {
  runs: readonly Run[];
  /** What the form says now, where it could be started. */
  present: Remembered | null;
  onTake: (remembered: Remembered) => void;
}) {
  const [favourites, setFavourites] = useState(readFavourites);
  const kept = new Set(favourites.map(({ wish }) => sameWish(wish)));
  const earlier = earlierOf(runs).filter(({ wish }) => !kept.has(sameWish(wish)));
  const keep = (next: readonly Remembered[]) => {
    keepFavourites(next);
    setFavourites(next);
  };
  const isKept = present !== null && kept.has(sameWish(present.wish));
  if (earlier.length === 0 && favourites.length === 0 && present === null) return null;
  return (
    <Menu.Root>
      <Menu.Trigger render={<Button look="ghost">Earlier</Button>} />
      <Menu.Portal>
        <Menu.Positioner className={menu.positioner} sideOffset={4} align="end">
          <Menu.Popup className={menu.popup}>
            {present && (
              <Menu.Item
                className={menu.item}
                onClick={() =>
                  keep(
                    isKept
                      ? favourites.filter(({ wish }) => sameWish(wish) !== sameWish(present.wish))
                      : [present, ...favourites],
                  )
                }
              >
                {isKept ? 'No longer a favourite' : 'Keep this as a favourite'}
              </Menu.Item>
            )}
            {favourites.map((one) => (
              <Menu.Item key={sameWish(one.wish)} className={menu.item} onClick={() => onTake(one)}>
                ★ {shortTitle(one)}
              </Menu.Item>
            ))}
            {earlier.map((one) => (
              <Menu.Item key={sameWish(one.wish)} className={menu.item} onClick={() => onTake(one)}>
                {shortTitle(one)}
                <span className={menu.detail}>{one.wish.invocation.kind}</span>
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

const shortTitle = ({ title }: Remembered) => (title.length > 60 ? `${title.slice(0, 58)}…` : title);
