import { useState } from 'react';
import type { Token } from '../../../shared/contract/house.ts';
import type { Client } from '../../bridge/client.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Row, Rows, Section } from '../../ui/Card.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { NewTokenDialog } from './NewTokenDialog.tsx';
import { RevokeDialog } from './RevokeDialog.tsx';
import { isLive, untilWords } from './token-words.ts';
import { plural } from '../../ui/words.ts';
import { useAnswer } from '../../bridge/use-answer.ts';
import { useWanted, type Wanted } from './use-wanted.ts';

const listTokens = (client: Client, signal: AbortSignal) => client.access.list(undefined, { signal });

const whose: Record<Token['caller'], string> = {
  operator: 'may do all that you may',
  client: 'an outside program',
  agent: 'an agent',
};

/** Who else may come in. */
export function Tokens(wish: Wanted) {
  const tokens = useAnswer(listTokens, ['token.created', 'token.revoked']);
  const [making, setMaking] = useWanted('token', wish);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const [all, setAll] = useState(false);
  const live = tokens.value?.filter(isLive) ?? [];
  const ended = tokens.value?.filter((token) => !isLive(token)) ?? [];
  const shown = all ? [...live, ...ended] : live;
  return (
    <Section
      title="Tokens"
      aside={
        <Button keys="t" onClick={() => setMaking(true)}>
          New token…
        </Button>
      }
    >
      <ProblemNote problem={tokens.problem} />
      {tokens.value && shown.length === 0 ? (
        <Card>
          <Empty title="No tokens">
            A token lets a program in, limited to what you name. The next step is New token.
          </Empty>
        </Card>
      ) : (
        <Rows label="Tokens">
          {shown.map((token) => (
            <Row
              key={token.id}
              mark={<Dot tone={isLive(token) ? 'good' : 'quiet'} label={isLive(token) ? 'valid' : 'ended'} />}
              title={token.name}
              detail={<Limits token={token} />}
              right={
                isLive(token) && (
                  <Button look="ghost" onClick={() => setRevoking(token)} aria-label={`Revoke ${token.name}`}>
                    Revoke…
                  </Button>
                )
              }
            />
          ))}
        </Rows>
      )}
      {ended.length > 0 && (
        <Button look="ghost" onClick={() => setAll(!all)}>
          {all ? 'Hide those that ended' : `Show ${plural(ended.length, 'that ended', 'that ended')}`}
        </Button>
      )}
      <NewTokenDialog open={making} onClose={() => setMaking(false)} />
      <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />
    </Section>
  );
}

function Limits({ token }: { token: Token }) {
  const { caller, procedures, mcp, expires, revoked, created } = token;
  return (
    <>
      {mcp ? 'speaks with Holdfast by MCP' : whose[caller]}
      {procedures && procedures.length > 0 && ` · only ${procedures.join(', ')}`} · made{' '}
      <Age time={created} />
      {revoked ? (
        <>
          {' '}
          · revoked <Age time={revoked} />
        </>
      ) : (
        expires && ` · ${untilWords(expires)}`
      )}
    </>
  );
}
