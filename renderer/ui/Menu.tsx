import { Menu as Base } from '@base-ui/react/menu';
import { type ReactNode, useState } from 'react';
import styles from './Menu.module.css';

export interface MenuOption {
  value: string;
  label: string;
  detail?: string;
}

export interface ChipMenuProps {
  /** What the chip decides, for those who do not see it. */
  label: string;
  /** What is chosen now; null shows `none` in a quiet voice. */
  value: string | null;
  none: string;
  options: readonly MenuOption[];
  onChange: (value: string | null) => void;
  shown?: ReactNode;
}

/** A chip that opens a list of choices, the first of which is none. */
export function ChipMenu({ label, value, none, options, onChange, shown }: ChipMenuProps) {
  // Inside the landmark it belongs to, so that it is found there by people who go from landmark to landmark.
  const [home, setHome] = useState<HTMLElement | null>(null);
  return (
    <Base.Root>
      <Base.Trigger
        ref={(chip: HTMLElement | null) => setHome(chip?.closest('main') ?? null)}
        className={styles.chip}
        aria-label={`${label}: ${value ?? none}`}
        data-set={value !== null || undefined}
      >
        {value === null ? none : <b>{shown ?? value}</b>}
        <svg viewBox="0 0 8 8" aria-hidden="true">
          <path d="m1.5 3 2.5 2.5 2.5-2.5" />
        </svg>
      </Base.Trigger>
      <Base.Portal container={home}>
        <Base.Positioner className={styles.positioner} sideOffset={4} align="start">
          <Base.Popup className={styles.popup}>
            <Base.RadioGroup
              value={value ?? ''}
              onValueChange={(next) => onChange(next === '' ? null : String(next))}
            >
              {[{ value: '', label: none }, ...options].map((option: MenuOption) => (
                <Base.RadioItem key={option.value} value={option.value} className={styles.item} closeOnClick>
                  <span className={styles.tick}>
                    <Base.RadioItemIndicator>✓</Base.RadioItemIndicator>
                  </span>
                  {option.label}
                  {option.detail && <span className={styles.detail}>{option.detail}</span>}
                </Base.RadioItem>
              ))}
            </Base.RadioGroup>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
