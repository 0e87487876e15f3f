import { useState } from 'react';
import type { McpServing } from '../../../../../shared/mcp.ts';
import { useHouse } from '../../../../bridge/house.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../../bridge/use-task.ts';
import { Button } from '../../../../ui/Button.tsx';
import { Card } from '../../../../ui/Card.tsx';
import { classes } from '../../../../ui/classes.ts';
import { CopyText } from '../../../../ui/CopyText.tsx';
import { Dot } from '../../../../ui/Dot.tsx';
import { ErrorNote } from '../../../../ui/ErrorNote.tsx';
import { Field, TextInput } from '../../../../ui/Field.tsx';
import form from '../../SettingsForm.module.css';
import styles from '../McpPage.module.css';
import { servingStanding } from '../serving-words.ts';

/** Whether Holdfast listens, where, and the switch. */
export function Serving({
  serving,
  onServing,
}: {
  serving: McpServing;
  onServing: (serving: McpServing) => void;
}) {
  const { client } = useHouse();
  const serve = useTask(async (_signal, on: boolean, port: number) =>
    onServing(await client.mcp.serve({ on, port })),
  );
  const { on, port, address, problem } = serving;
  const { tone, words } = servingStanding(serving);
  return (
    <Card className={form.card}>
      <div className={styles.line}>
        <span className={styles.standing}>
          <Dot tone={tone} />
          <span role="status">{words}</span>
          {address !== null && <CopyText value={address} label="the address" />}
        </span>
        <Button look={on ? 'plain' : 'lead'} busy={serve.busy} onClick={() => void serve.run(!on, port)}>
          {on ? 'Switch off' : 'Switch on'}
        </Button>
      </div>
      {on && problem !== null && (
        <ErrorNote
          message={problem}
          action={
            <Button busy={serve.busy} onClick={() => void serve.run(true, port)}>
              Try again
            </Button>
          }
        />
      )}
      <PortField key={port} port={port} busy={serve.busy} onPort={(next) => void serve.run(on, next)} />
      <ProblemNote problem={serve.problem} />
    </Card>
  );
}

function PortField({ port, busy, onPort }: { port: number; busy: boolean; onPort: (port: number) => void }) {
  const [text, setText] = useState(String(port));
  const next = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  const wrong = next >= 1 && next <= 65_535 ? undefined : 'A number from 1 to 65535.';
  return (
    <form
      className={classes(form.line, styles.port)}
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong === undefined && next !== port) onPort(next);
      }}
    >
      <Field label="Port" hint="Of this machine alone; nobody else reaches it." wrong={wrong}>
        {(control) => (
          <TextInput
            {...control}
            mono
            inputMode="numeric"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setText(String(port))}
          />
        )}
      </Field>
      {text.trim() !== String(port) && (
        <Button type="submit" look="lead" keys="enter" disabled={wrong !== undefined} busy={busy}>
          Save
        </Button>
      )}
    </form>
  );
}
