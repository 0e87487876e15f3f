import { type ModelWay, waysOf } from '../../../shared/new-command-agent.ts';
import type { PresetLook } from '../../../shared/preset.ts';
import { Field } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import styles from './PresetChoice.module.css';

const wayWords: Record<ModelWay, string> = {
  gateway: 'Through Holdfast: no key in the sandbox',
  key: 'With a key that is stored here',
  'sign-in': 'With your sign-in on this machine',
};

/** How a known command-line agent comes to its model, with what follows from that and what it still lacks. */
export function PresetChoice({
  preset,
  way,
  onChoose,
}: {
  preset: PresetLook;
  way: ModelWay | null;
  onChoose: (way: ModelWay) => void;
}) {
  const ways = waysOf(preset);
  const lacks = preset.missing.filter(({ what }) => what === 'program' || way === 'key');
  return (
    <>
      {way !== null && ways.length > 0 && (
        <Field label="It comes to its model">
          {(control) => (
            <Select
              {...control}
              value={way}
              options={ways.map((value) => ({ value, label: wayWords[value] }))}
              onChange={onChoose}
            />
          )}
        </Field>
      )}
      {way === 'sign-in' && preset.signIn && <p className={styles.note}>{preset.signIn.consequence}</p>}
      {lacks.map(({ message, mend }) => (
        <p key={message} className={styles.note}>
          {message} {mend}
        </p>
      ))}
    </>
  );
}
