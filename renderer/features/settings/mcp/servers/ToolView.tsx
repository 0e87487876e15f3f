import type { ServerTool, ToolPolicy, ToolServerPage } from '../../../../../shared/tool-server.ts';
import { useHouse } from '../../../../bridge/house.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../../bridge/use-task.ts';
import { Button } from '../../../../ui/Button.tsx';
import { CopyText } from '../../../../ui/CopyText.tsx';
import { ErrorNote } from '../../../../ui/ErrorNote.tsx';
import { TextBlock } from '../../../../ui/TextBlock.tsx';
import { say } from '../../../../ui/Toast.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import styles from './ServerPage.module.css';
import { ToolChange } from './ToolChange.tsx';
import { ToolTrial } from './ToolTrial.tsx';
import type { FieldChange, ServerDraft } from './use-server-draft.ts';

const jsonOf = (value: unknown) => JSON.stringify(value, null, 2) ?? '';

/** One tool: what it says it does, what it takes, by which rules it is used, and a try. */
export function ToolView({
  server,
  tool,
  draft,
  onPage,
}: {
  server: string;
  tool: ServerTool;
  draft: ServerDraft;
  onPage: (page: ToolServerPage) => void;
}) {
  const { name, title, description, input, readOnly, destructive, problem, accepted } = tool;
  return (
    <article className={styles.tool} aria-label={`Tool ${name}`}>
      <div className={styles.named}>
        <h3>{title ?? name}</h3>
        <CopyText value={tool.tool} label="the name that agents and rules use" />
        <p className={styles.said}>{marksOf(readOnly, destructive)}</p>
      </div>
      {problem !== null && <ErrorNote message={problem} />}
      {!accepted && problem === null && <Acceptance server={server} tool={tool} onPage={onPage} />}
      <section>
        <h3>What it says it does</h3>
        <p className={styles.description}>{description === '' ? 'Nothing.' : description}</p>
      </section>
      <section>
        <h3>What it takes</h3>
        <TextBlock label="What it takes">{jsonOf(input)}</TextBlock>
      </section>
      {draft.server && <OwnPolicy name={name} draft={draft} declared={draft.server} />}
      {problem === null && <ToolTrial server={server} tool={tool} />}
    </article>
  );
}

function marksOf(readOnly: boolean, destructive: boolean): string {
  if (readOnly) return 'It says that it only reads. Nothing holds it to that.';
  return destructive
    ? 'As far as it says, it may destroy something.'
    : 'It says that it changes things, and destroys nothing.';
}

function Acceptance({
  server,
  tool,
  onPage,
}: {
  server: string;
  tool: ServerTool;
  onPage: (page: ToolServerPage) => void;
}) {
  const { name, before, digest } = tool;
  const { client } = useHouse();
  const accept = useTask(async (_signal) => {
    onPage(await client.toolServers.accept({ server, digests: [digest] }));
    say(`Accepted ${name}.`);
  });
  return (
    <section className={styles.form}>
      <p className={styles.warning}>
        {before
          ? 'It is not what you accepted. No agent is offered it before you accept it as it is now.'
          : 'You have not accepted it yet. Read what it says: a model reads the same, and may follow it.'}
      </p>
      {before && <ToolChange now={tool} before={before} />}
      <div className={styles.buttons}>
        <Button look="lead" busy={accept.busy} onClick={() => void accept.run()}>
          Accept {name}
        </Button>
      </div>
      <ProblemNote problem={accept.problem} />
    </section>
  );
}

function OwnPolicy({
  name,
  draft,
  declared: { tools, usual },
}: {
  name: string;
  draft: ServerDraft;
  declared: NonNullable<ServerDraft['server']>;
}) {
  const own = Object.hasOwn(tools, name) ? tools[name] : undefined;
  const policy = own ?? usual;
  return (
    <section>
      <h3>By which rules</h3>
      <PolicyForm
        key={JSON.stringify(policy)}
        policy={policy}
        onSet={(part, value) =>
          // What it took over from the others stays with it when it gets rules of its own.
          draft.set([
            ...(own ? [] : [{ field: ['tools', name], value: jsonPolicy(policy) }]),
            { field: ['tools', name, part], value },
          ])
        }
      />
      <p className={styles.said}>
        {own ? 'These are its own. ' : 'So it is for every tool without rules of its own.'}
        {own && (
          <Button look="ghost" onClick={() => draft.set([{ field: ['tools', name], value: null }])}>
            As for the others
          </Button>
        )}
      </p>
    </section>
  );
}

const jsonPolicy = ({ level, repeatable, arguments: schemas }: ToolPolicy): FieldChange['value'] => ({
  level,
  repeatable,
  ...(schemas && { arguments: schemas as FieldChange['value'] }),
});
