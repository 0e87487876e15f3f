import { useState } from 'react';
import type { Token } from '../../../../../shared/contract/house.ts';
import type { McpClientCall, McpRights } from '../../../../../shared/mcp.ts';
import type { Client } from '../../../../bridge/client.ts';
import { useMcpServing } from '../../../../bridge/mcp-serving.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useAnswer } from '../../../../bridge/use-answer.ts';
import { Age } from '../../../../ui/Age.tsx';
import { Button } from '../../../../ui/Button.tsx';
import { Card, Row, Rows, Section } from '../../../../ui/Card.tsx';
import { Dot, type DotTone } from '../../../../ui/Dot.tsx';
import { Empty } from '../../../../ui/Empty.tsx';
import { isLive, untilWords } from '../../token-words.ts';
import { useShortcuts } from '../../../../ui/shortcuts.ts';
import { RevokeDialog } from '../../RevokeDialog.tsx';
import { useWanted, type Wanted } from '../../use-wanted.ts';
import styles from '../McpPage.module.css';
import { rightsWords } from '../program-words.ts';
import { ConfigurationsDialog } from './ConfigurationsDialog.tsx';
import { LetInDialog } from './LetInDialog.tsx';
import { Serving } from './Serving.tsx';

type ProgramToken = Token & { readonly mcp: McpRights };

interface Program {
  readonly token: ProgramToken;
  readonly calls: readonly McpClientCall[];
}

const shownCalls = 5;

const listPrograms = async (client: Client, signal: AbortSignal): Promise<Program[]> => {
  const tokens = await client.access.list(undefined, { signal });
  const live = tokens.filter((token): token is ProgramToken => token.mcp !== null && isLive(token));
  return Promise.all(
    live.map(async (token) => ({
      token,
      calls: await client.mcp.calls({ token: token.id, most: shownCalls }, { signal }),
    })),
  );
};

/** Who speaks with Holdfast by MCP, with which rights, and what they asked last. */
export function Programs(wish: Wanted) {
  const { serving, problem, take } = useMcpServing();
  const programs = useAnswer(listPrograms, ['token.created', 'token.revoked', 'mcp.called', 'mcp.answered']);
  const [letting, setLetting] = useWanted('let-in', wish);
  const [looking, setLooking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const list = programs.value;
  useShortcuts('Programs', [{ keys: 'l', title: 'Let a program in', run: () => setLetting(true) }]);
  return (
    <Section
      title="Programs that speak with Holdfast"
      aside={
        <Button keys="l" onClick={() => setLetting(true)}>
          Let a program in…
        </Button>
      }
    >
      <ProblemNote problem={problem ?? programs.problem} />
      {serving && <Serving serving={serving} onServing={take} />}
      {!serving && !problem && <p className={styles.soft}>Asking whether it listens…</p>}
      {list && list.length === 0 && (
        <Card className={styles.list}>
          <Empty title="No program is let in">
            Claude Code, an editor or any other that speaks MCP can hand goals to Holdfast, within what you
            allow it. The next step is Let a program in.
          </Empty>
        </Card>
      )}
      {list && list.length > 0 && (
        <div className={styles.list}>
          <Rows label="Programs">
            {list.map((program) => (
              <ProgramRow key={program.token.id} program={program} onRevoke={setRevoking} />
            ))}
          </Rows>
          <Button look="ghost" onClick={() => setLooking(true)}>
            How programs are set up…
          </Button>
        </div>
      )}
      <LetInDialog open={letting} serving={serving} onClose={() => setLetting(false)} />
      <ConfigurationsDialog open={looking} onClose={() => setLooking(false)} />
      <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />
    </Section>
  );
}

function ProgramRow({
  program: { token, calls },
  onRevoke,
}: {
  program: Program;
  onRevoke: (token: Token) => void;
}) {
  const [all, setAll] = useState(false);
  const [last] = calls;
  return (
    <Row
      mark={<Dot {...markOf(last)} />}
      title={token.name}
      detail={
        <>
          <div>{rightsOf(token).join(' · ')}</div>
          {last ? (
            <>
              Last <code>{last.tool}</code>
              {last.program !== null && ` from ${last.program}`}, <Age time={last.at} />
              {last.ok === false && ', which failed'}
            </>
          ) : (
            'It has not asked anything yet.'
          )}
          {all && <LastCalls name={token.name} calls={calls} />}
        </>
      }
      right={
        <>
          {calls.length > 1 && (
            <Button
              look="ghost"
              aria-expanded={all}
              aria-label={`Last calls of ${token.name}`}
              onClick={() => setAll(!all)}
            >
              {all ? 'Fewer' : 'Last calls'}
            </Button>
          )}
          <Button look="ghost" onClick={() => onRevoke(token)} aria-label={`Revoke ${token.name}`}>
            Revoke…
          </Button>
        </>
      }
    />
  );
}

const rightsOf = ({ mcp, expires }: ProgramToken) => [
  ...rightsWords(mcp),
  ...(expires === null ? [] : [untilWords(expires)]),
];

function LastCalls({ name, calls }: { name: string; calls: readonly McpClientCall[] }) {
  return (
    <ul className={styles.calls} aria-label={`What ${name} asked last`}>
      {calls.map((call, at) => (
        // Two calls may be alike in everything.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={at}>
          <Dot {...markOf(call)} />
          <code>{call.tool}</code>
          <Age time={call.at} />
        </li>
      ))}
    </ul>
  );
}

function markOf(call: McpClientCall | undefined): { tone: DotTone; label: string } {
  if (call === undefined) return { tone: 'quiet', label: 'has not asked yet' };
  if (call.ok === null) return { tone: 'running', label: 'is being answered' };
  return call.ok ? { tone: 'good', label: 'was answered' } : { tone: 'refused', label: 'failed' };
}
