import { useState } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { getSettings, useAnswer } from '../../bridge/use-answer.ts';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { searchUrlSetting } from './outside-setting-texts.ts';
import { readSetting } from './setting-texts.ts';
import styles from './SettingsForm.module.css';

type Engine = 'none' | 'searxng' | 'brave';

const engines = [
  { value: 'none', label: 'None' },
  { value: 'searxng', label: 'SearXNG' },
  { value: 'brave', label: 'Brave Search' },
] as const;

/** The engine that agents search the web with, where their files give them the right to. */
export function SearchSettings() {
  const settings = useAnswer(getSettings, ['setting.changed']);
  return (
    <Section title="Searching the web">
      <ProblemNote problem={settings.problem} />
      {settings.value && (
        <Card className={styles.card}>
          <SearchForm settings={settings.value} />
        </Card>
      )}
    </Section>
  );
}

function SearchForm({ settings }: { settings: Settings }) {
  const { client } = useHouse();
  const before = settings['search.engine'] ?? 'none';
  const [chosen, setChosen] = useState<Engine | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [key, setKey] = useState('');
  const engine = chosen ?? before;
  const same = engine === before;
  const url = typed ?? (same ? (settings['search.url'] ?? '') : '');
  const read = readSetting(searchUrlSetting, url);
  const secret = same ? settings['search.secret'] : null;
  const set = useTask(async (_signal) => {
    const address = engine === 'none' || read.wrong !== undefined ? null : read.value;
    const name = key === '' ? secret : (secret ?? 'search.key');
    if (key !== '' && name !== null) await client.secrets.set({ name, value: key });
    // The engine last: until then no agent is offered what is half set up.
    await client.settings.set({ key: 'search.url', value: address });
    await client.settings.set({ key: 'search.secret', value: engine === 'none' ? null : name });
    await client.settings.set({ key: 'search.engine', value: engine === 'none' ? null : engine });
    setChosen(null);
    setTyped(null);
    setKey('');
    return engine === 'none' ? null : client.search.try({ query: 'Holdfast', count: 3 });
  });
  const missing =
    (engine === 'searxng' && (url.trim() === '' || read.wrong !== undefined)) ||
    (engine === 'brave' && secret === null && key === '');
  const idle = same && engine === 'none';
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing && !idle) void set.run();
      }}
    >
      <Field
        label="Engine"
        hint="Offered to agents that hold the right web_search; what they look for goes to it."
      >
        {(control) => (
          <Select
            {...control}
            value={engine}
            options={engines}
            onChange={(value) => {
              setChosen(value);
              setTyped(null);
              setKey('');
              set.reset();
            }}
          />
        )}
      </Field>
      {engine === 'searxng' && (
        <Field label="Address" hint={searchUrlSetting.hint} wrong={url === '' ? undefined : read.wrong}>
          {(control) => (
            <TextInput
              {...control}
              mono
              placeholder={searchUrlSetting.placeholder}
              value={url}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
      )}
      {engine === 'brave' && (
        <Field
          label="Key"
          hint={secret === null ? 'Kept sealed, as search.key.' : `Empty: the one kept as ${secret} stays.`}
        >
          {(control) => (
            <TextInput
              {...control}
              mono
              type="password"
              autoComplete="new-password"
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
          )}
        </Field>
      )}
      {set.result && (
        <p className={styles.words} role="status">
          {`${set.result.engine} answers: ${set.result.pages.map(({ title }) => title).join(' · ') || 'nothing was found'}.`}
        </p>
      )}
      <ProblemNote problem={set.problem} />
      {!idle && (
        <div className={styles.buttons}>
          <Button type="submit" look={same ? 'plain' : 'lead'} disabled={missing} busy={set.busy}>
            {engine === 'none' ? 'Search no more' : 'Save and try'}
          </Button>
        </div>
      )}
    </form>
  );
}
