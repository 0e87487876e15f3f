import { useEffect, useState } from 'react';
import type { ModelProvider } from '../../../shared/contract/models.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { say } from '../../ui/Toast.tsx';
import styles from './SettingsForm.module.css';

/** What a dialog begins with, where something was found or is to be changed. */
export interface ProviderBeginning {
  readonly provider: string;
  /** Where its key lies in Holdfast's environment. */
  readonly variable?: string;
  readonly model?: string;
}

interface Draft {
  readonly provider: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
}

const another = '';
const nothing: Draft = { provider: 'anthropic', name: '', baseUrl: '', key: '', model: '' };

export interface ProviderDialogProps {
  open: boolean;
  providers: readonly ModelProvider[];
  beginning: ProviderBeginning | null;
  onClose: () => void;
}

/** Sets up a provider and tests the connection. The key leaves the page's memory with the dialog. */
export function ProviderDialog({ open, providers, beginning, onClose }: ProviderDialogProps) {
  const { client } = useHouse();
  const [draft, setDraft] = useState<Draft>(nothing);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  useEffect(() => {
    if (open) setDraft(beginning ? { ...nothing, ...startOf(beginning) } : nothing);
  }, [open, beginning]);
  const known = providers.find(({ name }) => name === draft.provider);
  const provider = known?.name ?? draft.name.trim();
  const fromEnvironment =
    beginning?.variable !== undefined && beginning.provider === provider && draft.key === '';
  const setUp = useTask(async (_signal) => {
    await client.models.configure({
      provider,
      ...(draft.baseUrl.trim() === '' ? {} : { baseUrl: draft.baseUrl.trim() }),
      ...(draft.key === '' ? {} : { key: draft.key }),
      keyFromEnvironment: fromEnvironment,
      ...(draft.model.trim() === '' ? {} : { model: draft.model.trim() }),
    });
    return client.models.try({ provider });
  });
  const close = () => {
    setUp.reset();
    setDraft(nothing);
    onClose();
  };
  const submit = async () => {
    const trial = await setUp.run();
    if (!trial?.ok) return;
    say(`${known?.title ?? provider} is set up, and the connection works.`);
    close();
  };
  const wantsKey = known ? known.secret !== null : true;
  const missing = known
    ? wantsKey && !known.keyed && draft.key === '' && !fromEnvironment
    : draft.baseUrl === '';
  const failed = setUp.result?.problem;
  return (
    <Dialog
      title="Set up a provider"
      words="The key is sealed on this machine, and used from the next call on."
      open={open}
      onClose={close}
      lead={{
        label: 'Set up and test',
        disabled: provider === '' || missing,
        busy: setUp.busy,
        run: () => void submit(),
      }}
    >
      <ProviderFields
        draft={draft}
        known={known}
        providers={providers}
        variable={fromEnvironment ? beginning?.variable : undefined}
        change={change}
      />
      {failed && (
        <p className={styles.warning} role="alert">
          {`It is set up, but the connection does not work. ${failed.message} ${failed.mend ?? ''}`}
        </p>
      )}
      <ProblemNote problem={setUp.problem} />
    </Dialog>
  );
}

function ProviderFields({
  draft,
  known,
  providers,
  variable,
  change,
}: {
  draft: Draft;
  known: ModelProvider | undefined;
  providers: readonly ModelProvider[];
  variable: string | undefined;
  change: (part: Partial<Draft>) => void;
}) {
  const wantsKey = wantsOne(known);
  return (
    <>
      <Field label="Provider">
        {(control) => (
          <Select
            {...control}
            value={known ? draft.provider : another}
            options={[
              ...providers.map(({ name, title }) => ({ value: name, label: title })),
              { value: another, label: 'Another…' },
            ]}
            onChange={(value) => change({ provider: value, baseUrl: '' })}
          />
        )}
      </Field>
      {!known && (
        <Field label="Name" hint="Small letters; models are then written NAME/MODEL.">
          {(control) => (
            <TextInput
              {...control}
              mono
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
      )}
      <Field label="Address" hint={known ? undefined : 'Of chat completions as OpenAI speaks them.'}>
        {(control) => (
          <TextInput
            {...control}
            mono
            placeholder={known?.baseUrl ?? 'http://127.0.0.1:8080/v1'}
            value={draft.baseUrl}
            onChange={(event) => change({ baseUrl: event.target.value })}
          />
        )}
      </Field>
      {wantsKey && (
        <Field label="Key" hint={keyHint(known, variable)}>
          {(control) => (
            <TextInput
              {...control}
              mono
              type="password"
              autoComplete="new-password"
              value={draft.key}
              onChange={(event) => change({ key: event.target.value })}
            />
          )}
        </Field>
      )}
      <Field label="Default model" hint="For agents that name none. Empty: as it is.">
        {(control) => (
          <TextInput
            {...control}
            mono
            placeholder={known?.models[0]?.ref.slice(known.name.length + 1)}
            value={draft.model}
            onChange={(event) => change({ model: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

/** One of their own may want a key, or not. */
const wantsOne = (known: ModelProvider | undefined) => (known ? known.secret !== null : true);

const startOf = ({ provider, model }: ProviderBeginning): Partial<Draft> => ({
  provider,
  model: model ?? '',
});

function keyHint(known: ModelProvider | undefined, variable: string | undefined): string {
  if (variable !== undefined) return `Empty: the one in ${variable} is taken and kept.`;
  if (known?.keyed) return `Empty: the one that is kept as ${known.secret} stays.`;
  return known ? `It is kept as ${known.secret}.` : 'Empty: it wants none.';
}
