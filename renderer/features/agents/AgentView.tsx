import { useState } from 'react';
import type { AgentEntry } from '../../../shared/contract/agents.ts';
import { useHouse } from '../../bridge/house.ts';
import { ConfirmDialog } from '../../bridge/ConfirmDialog.tsx';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { openWork } from '../../bridge/work/work-sheet.ts';
import { FileText } from '../../bridge/FileText.tsx';
import { ProblemList } from '../../bridge/ProblemList.tsx';
import { Button } from '../../ui/Button.tsx';
import { go, stay, usePlace } from '../../ui/place.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { Tabs } from '../../ui/Tabs.tsx';
import { say } from '../../ui/Toast.tsx';
import { View, ViewBar, ViewBody } from '../../ui/View.tsx';
import { AgentAbout } from './AgentAbout.tsx';
import { AgentForm } from './AgentForm.tsx';
import { AgentMemory } from './AgentMemory.tsx';
import { AgentSkills } from './AgentSkills.tsx';
import styles from './AgentView.module.css';
import { type Draft, useDraft } from './use-draft.ts';

const looks = [
  { value: 'about', label: 'About' },
  { value: 'form', label: 'Form' },
  { value: 'file', label: 'File' },
  { value: 'memory', label: 'Memory' },
  { value: 'skills', label: 'Skills' },
] as const;
type Look = (typeof looks)[number]['value'];
/** A command keeps nothing here, and reads no skills. */
const looksOfCommand = looks.filter(({ value }) => value !== 'memory' && value !== 'skills');

/** One agent: what it is and may do, and its file, as a form or as text. */
export function AgentView({ entry, onSaved }: { entry: AgentEntry; onSaved: (name: string) => void }) {
  const { params } = usePlace();
  const look = looks.find(({ value }) => value === params.get('look'))?.value ?? 'about';
  const show = (next: Look) => stay({ agent: entry.name, look: next });
  const draft = useDraft(entry, (name) => {
    say(`Saved ${name}.`);
    onSaved(name);
  });
  const works = entry.agent !== null && !entry.agent.command;
  const talk = () => go('sessions', { do: 'ask', agent: entry.name });
  const begins = (entry.agent?.command ?? null) !== null;
  const start = () => openWork({ form: { agent: entry.name } });
  useShortcuts('This agent', [
    ...(works ? [{ keys: 'a', title: 'Ask it something', run: talk }] : []),
    ...(begins ? [{ keys: 'i', title: 'Start it', run: start }] : []),
  ]);
  return (
    <View
      label={`Agent ${entry.name}`}
      title={<h2>{entry.name}</h2>}
      line={
        <span className={styles.origin}>
          {entry.origin === 'bundled' ? 'comes with Holdfast' : entry.file}
        </span>
      }
      actions={
        <>
          <Tabs
            label="What to look at"
            shown={look}
            tabs={entry.agent?.command ? looksOfCommand : looks}
            onShow={show}
          />
          {entry.origin === 'yours' && <RemoveButton name={entry.name} />}
          {begins ? (
            <Button look="lead" keys="i" onClick={start}>
              Start…
            </Button>
          ) : (
            <Button look="lead" keys="a" disabled={!works} onClick={talk}>
              Ask…
            </Button>
          )}
        </>
      }
    >
      <ViewBody>
        <ProblemNote problem={draft.problem} />
        {look === 'about' && <AgentAbout checked={entry} />}
        {look === 'form' && <AgentForm draft={draft} />}
        {look === 'file' && draft.text !== null && (
          <FileText text={draft.text} problems={draft.checked.problems} onWrite={draft.write} />
        )}
        {look === 'memory' && (
          <AgentMemory
            key={entry.name}
            agent={entry.name}
            remembers={entry.agent?.memory.episodic ?? false}
          />
        )}
        {look === 'skills' && <AgentSkills named={entry.agent?.skills ?? []} />}
        {look === 'about' && <ProblemList problems={entry.problems} />}
      </ViewBody>
      {draft.changed && <DraftBar draft={draft} bundled={entry.origin === 'bundled'} />}
    </View>
  );
}

function DraftBar({ draft, bundled }: { draft: Draft; bundled: boolean }) {
  useShortcuts('This file', [{ keys: 'mod s', title: 'Save', run: () => void draft.save(), always: true }]);
  return (
    <ViewBar
      note={
        bundled
          ? 'Saving makes a file of yours that stands in the place of ours.'
          : 'Not saved yet. Sessions that run keep what they began with.'
      }
    >
      <Button disabled={draft.busy} onClick={() => draft.revert()}>
        Revert
      </Button>
      <Button look="lead" keys="mod s" busy={draft.busy} onClick={() => void draft.save()}>
        Save
      </Button>
    </ViewBar>
  );
}

function RemoveButton({ name }: { name: string }) {
  const { client } = useHouse();
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    const { hash } = await client.agents.get({ name });
    await client.agents.remove({ name, before: hash });
    say(`Removed ${name}.`);
  };
  return (
    <>
      <Button look="ghost" onClick={() => setAsking(true)}>
        Remove…
      </Button>
      <ConfirmDialog
        title={`Remove ${name}?`}
        words="Its file is deleted. Sessions that run go on, and what it did stays on the record."
        open={asking}
        label="Remove"
        deed={remove}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
