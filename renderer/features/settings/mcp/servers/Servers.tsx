import { useState } from 'react';
import type { ToolServerRow } from '../../../../../shared/tool-server.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { Button } from '../../../../ui/Button.tsx';
import { Card, Row, Rows, Section } from '../../../../ui/Card.tsx';
import { Dot } from '../../../../ui/Dot.tsx';
import { Empty } from '../../../../ui/Empty.tsx';
import { go, hashOf } from '../../../../ui/place.ts';
import { useShortcuts } from '../../../../ui/shortcuts.ts';
import { useWanted, type Wanted } from '../../use-wanted.ts';
import { serverPlace } from '../mcp-places.ts';
import styles from '../McpPage.module.css';
import { AddServerDialog } from './AddServerDialog.tsx';
import { PasteFileDialog } from './PasteFileDialog.tsx';
import { serverStanding, toolsWords } from './server-words.ts';
import { useToolServers } from './use-tool-servers.ts';

/** Servers that others wrote, whose tools agents may use. */
export function Servers(wish: Wanted) {
  const { list, problem } = useToolServers();
  const [adding, setAdding] = useWanted('server', wish);
  const [pasting, setPasting] = useState(false);
  useShortcuts('Servers of tools', [{ keys: 'w', title: 'Add a server', run: () => setAdding(true) }]);
  const taken = new Set((list ?? []).map(({ name }) => name));
  return (
    <Section
      title="Servers of tools"
      aside={
        <div className={styles.line}>
          <Button look="ghost" onClick={() => setPasting(true)}>
            Paste another program’s file…
          </Button>
          <Button keys="w" onClick={() => setAdding(true)}>
            Add a server…
          </Button>
        </div>
      }
    >
      <ProblemNote problem={problem} />
      {!list && !problem && <p className={styles.soft}>Asking which there are…</p>}
      {list && list.length === 0 && (
        <Card>
          <Empty title="No servers of tools">
            A server brings tools that somebody else wrote: for issues, mail, a data base. Agents use them
            under the same rights, rules and approvals as Holdfast’s own.
          </Empty>
        </Card>
      )}
      {list && list.length > 0 && (
        <Rows label="Servers of tools">
          {list.map((row) => (
            <ServerRow key={row.name} row={row} />
          ))}
        </Rows>
      )}
      <AddServerDialog
        open={adding}
        taken={taken}
        onClose={() => setAdding(false)}
        onAdded={(name) => {
          setAdding(false);
          go(serverPlace(name));
        }}
      />
      <PasteFileDialog open={pasting} taken={taken} onClose={() => setPasting(false)} />
    </Section>
  );
}

function ServerRow({ row }: { row: ToolServerRow }) {
  const { words, tone } = serverStanding(row);
  return (
    <Row
      mark={<Dot tone={tone} label={words} />}
      title={<a href={hashOf(serverPlace(row.name))}>{row.name}</a>}
      detail={
        <>
          {words}
          {row.state !== 'broken' && <>, {toolsWords(row)}</>}
          {row.problem !== null && <div className={styles.wrong}>{row.problem}</div>}
          <div>
            <code>{row.at}</code>
          </div>
        </>
      }
      right={
        row.changed > 0 && (
          <Button onClick={() => go(serverPlace(row.name))} aria-label={`Look at ${row.name}`}>
            Look…
          </Button>
        )
      }
    />
  );
}
