import { useState } from 'react';
import type { FoundModels, ModelProvider, ProviderTrial } from '../../../shared/contract/models.ts';
import type { Client } from '../../bridge/client.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Row, Rows, Section } from '../../ui/Card.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { say } from '../../ui/Toast.tsx';
import { Budgets } from './Budgets.tsx';
import { defaultModelSetting } from './model-setting-texts.ts';
import { type ProviderBeginning, ProviderDialog } from './ProviderDialog.tsx';
import { SettingField } from './SettingField.tsx';
import styles from './SettingsForm.module.css';
import { getSettings, useAnswer } from '../../bridge/use-answer.ts';
import { useWanted, type Wanted } from './use-wanted.ts';

const changes = [
  'provider.configured',
  'provider.removed',
  'secret.stored',
  'secret.removed',
  'setting.changed',
];
const listModels = (client: Client, signal: AbortSignal) => client.models.list(undefined, { signal });

/** Who serves models here, which one is asked where an agent names none, and what may be spent. */
export function Models(wish: Wanted) {
  const { client } = useHouse();
  const models = useAnswer(listModels, changes);
  const settings = useAnswer(getSettings, ['setting.changed']);
  const find = useTask((_signal) => client.models.find());
  const [adding, setAdding] = useWanted('model', wish);
  const [beginning, setBeginning] = useState<ProviderBeginning | null>(null);
  const providers = models.value?.providers ?? [];
  const usable = providers.filter((provider) => provider.usable);
  const close = () => {
    setAdding(false);
    setBeginning(null);
  };
  return (
    <Section
      title="Models"
      aside={
        <div className={styles.buttons}>
          <Button look="ghost" busy={find.busy} onClick={() => void find.run()}>
            Look on this machine
          </Button>
          <Button onClick={() => setAdding(true)}>Set up a provider…</Button>
        </div>
      }
    >
      <ProblemNote problem={models.problem ?? settings.problem ?? find.problem} />
      {find.result && <Found found={find.result} onTake={setBeginning} />}
      {models.value && usable.length === 0 && (
        <Card>
          <Empty title="No models yet">
            Agents need one: of a provider, whose key is kept here sealed, or of a server on this machine.
          </Empty>
        </Card>
      )}
      {usable.length > 0 && (
        <Rows label="Providers">
          {usable.map((provider) => (
            <ProviderRow
              key={provider.name}
              provider={provider}
              onChange={() => setBeginning({ provider: provider.name })}
            />
          ))}
        </Rows>
      )}
      {models.value?.problems.map((problem) => (
        <p key={problem} className={styles.warning}>
          {problem}
        </p>
      ))}
      {settings.value && (
        <>
          <h2 className={styles.sub}>Agents that name no model</h2>
          <Card className={styles.card}>
            <SettingField setting={defaultModelSetting} value={settings.value['models.default']} />
          </Card>
          <Budgets settings={settings.value} />
        </>
      )}
      <ProviderDialog
        open={adding || beginning !== null}
        providers={providers}
        beginning={beginning}
        onClose={close}
      />
    </Section>
  );
}

function ProviderRow({ provider, onChange }: { provider: ModelProvider; onChange: () => void }) {
  const { client } = useHouse();
  const { name, title, baseUrl, secret, configured } = provider;
  const test = useTask((_signal) => client.models.try({ provider: name }));
  const remove = useTask(async (_signal) => {
    await client.models.remove({ provider: name });
    say(`Removed ${title}.`);
  });
  const tone = test.result === null ? 'quiet' : test.result.ok ? 'good' : 'refused';
  return (
    <Row
      mark={<Dot tone={tone} />}
      title={title}
      detail={
        <>
          <code>{baseUrl}</code>, {secret === null ? 'without a key' : <>with the key {secret}</>}
          {test.result && <TrialWords trial={test.result} />}
          <ProblemNote problem={test.problem ?? remove.problem} />
        </>
      }
      right={
        <>
          <Button look="ghost" busy={test.busy} onClick={() => void test.run()} aria-label={`Test ${title}`}>
            Test
          </Button>
          <Button look="ghost" onClick={onChange} aria-label={`Change ${title}`}>
            Change…
          </Button>
          {configured && (
            <Button
              look="ghost"
              busy={remove.busy}
              onClick={() => void remove.run()}
              aria-label={`Remove ${title}`}
            >
              Remove
            </Button>
          )}
        </>
      }
    />
  );
}

function TrialWords({ trial: { ok, models, problem } }: { trial: ProviderTrial }) {
  if (!ok) return <div className={styles.warning}>{`${problem?.message ?? ''} ${problem?.mend ?? ''}`}</div>;
  const some = models.slice(0, 5).join(', ');
  return (
    <div>{`It answers, and has ${models.length === 0 ? 'no models yet' : some}${models.length > 5 ? ' and more' : ''}.`}</div>
  );
}

function Found({ found, onTake }: { found: FoundModels; onTake: (beginning: ProviderBeginning) => void }) {
  const { keys, servers } = found;
  if (keys.length + servers.length === 0) {
    return (
      <Card>
        <Empty title="Nothing found">
          No key is in the environment in which Holdfast was started, and no server of models answers here.
        </Empty>
      </Card>
    );
  }
  return (
    <Rows label="Found on this machine">
      {servers.map(({ provider, baseUrl, models }) => (
        <Row
          key={provider}
          mark={<Dot tone="good" />}
          title={`${provider} answers here`}
          detail={`${baseUrl} has ${models.join(', ') || 'no model yet'}`}
          right={
            <Button
              onClick={() => onTake({ provider, model: models[0] ?? '' })}
              aria-label={`Use ${provider}`}
            >
              Use…
            </Button>
          }
        />
      ))}
      {keys.map(({ provider, variable, stored }) => (
        <Row
          key={variable}
          mark={<Dot tone="quiet" />}
          title={<code>{variable}</code>}
          detail={
            stored ? `a key for ${provider} is kept already` : 'is in the environment, and was not taken'
          }
          right={
            <Button onClick={() => onTake({ provider, variable })} aria-label={`Use ${variable}`}>
              Use…
            </Button>
          }
        />
      ))}
    </Rows>
  );
}
