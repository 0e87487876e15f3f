import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { FileText } from '../../../../bridge/FileText.tsx';
import type { ToolServerPage } from '../../../../../shared/tool-server.ts';
import { Button } from '../../../../ui/Button.tsx';
import { Dot } from '../../../../ui/Dot.tsx';
import { ErrorNote } from '../../../../ui/ErrorNote.tsx';
import { hashOf, stay, usePlace } from '../../../../ui/place.ts';
import { useShortcuts } from '../../../../ui/shortcuts.ts';
import { Tabs } from '../../../../ui/Tabs.tsx';
import { say } from '../../../../ui/Toast.tsx';
import { View, ViewBar, ViewBody } from '../../../../ui/View.tsx';
import { mcpPlace } from '../mcp-places.ts';
import { ServerAbout } from './ServerAbout.tsx';
import { ServerActions } from './ServerActions.tsx';
import styles from './ServerPage.module.css';
import { ServerTools } from './ServerTools.tsx';
import { serverStanding } from './server-words.ts';
import { type ServerDraft, useServerDraft } from './use-server-draft.ts';
import { type ShownServer, useToolServer } from './use-tool-servers.ts';

const looks = [
  { value: 'tools', label: 'Tools' },
  { value: 'about', label: 'About' },
  { value: 'file', label: 'File' },
] as const;

/** One server of tools: how it stands, what it offers, by which rules, and its declaration. */
export function ServerPage({ name }: { name: string }) {
  const server = useToolServer(name);
  return (
    <div className={styles.page}>
      {server.page ? (
        <ShownPage server={server} page={server.page} />
      ) : (
        <div className={styles.without}>
          <ProblemNote
            problem={server.problem}
            action={<a href={hashOf(mcpPlace)}>All servers of tools</a>}
          />
          {!server.problem && <p className={styles.soft}>Asking how it stands…</p>}
        </div>
      )}
    </div>
  );
}

function ShownPage({ server, page }: { server: ShownServer; page: ToolServerPage }) {
  const { row } = page;
  const { params } = usePlace();
  const look = looks.find(({ value }) => value === params.get('look'))?.value ?? lookFirst(page);
  const { words, tone } = serverStanding(row);
  const draft = useServerDraft(page, (saved) => {
    say(`Saved ${row.name}.`);
    server.take(saved);
  });
  return (
    <View
      label={`Server ${row.name}`}
      title={
        <div className={styles.titled}>
          <h1>
            <a href={hashOf(mcpPlace)} className={styles.up}>
              MCP
            </a>
          </h1>
          <h2>{row.name}</h2>
        </div>
      }
      line={
        <>
          <Dot tone={tone} />
          <span role="status">{words}</span>
        </>
      }
      actions={
        <>
          <Tabs
            label="What to look at"
            shown={look}
            tabs={looks}
            onShow={(next) => {
              server.again();
              stay({ look: next });
            }}
          />
          <ServerActions
            row={row}
            signsIn={
              draft.server?.transport.kind !== 'stdio' && (draft.server?.transport.oauth ?? null) !== null
            }
            onPage={server.take}
          />
        </>
      }
    >
      <ViewBody>
        <ProblemNote problem={server.problem ?? draft.problem} />
        {row.problem !== null && <ErrorNote message={row.problem} mend={row.mend ?? undefined} />}
        {look === 'tools' && <ServerTools page={page} draft={draft} onPage={server.take} />}
        {look === 'about' && <ServerAbout page={page} draft={draft} />}
        {look === 'file' && <FileText text={draft.text} problems={draft.problems} onWrite={draft.write} />}
      </ViewBody>
      {draft.changed && <DraftBar draft={draft} />}
    </View>
  );
}

/** What cannot be read is mended in its text. */
const lookFirst = ({ row }: ToolServerPage) => (row.state === 'broken' ? 'file' : 'tools');

function DraftBar({ draft }: { draft: ServerDraft }) {
  useShortcuts('This declaration', [{ keys: 'mod s', title: 'Save', run: draft.save, always: true }]);
  return (
    <ViewBar note="Not saved yet. Saving ends the server; it starts again by its new declaration.">
      <Button disabled={draft.busy} onClick={draft.revert}>
        Revert
      </Button>
      <Button
        look="lead"
        keys="mod s"
        disabled={draft.problems.length > 0}
        busy={draft.busy}
        onClick={draft.save}
      >
        Save
      </Button>
    </ViewBar>
  );
}
