import type { McpServing } from '../../../../shared/mcp.ts';
import { useMcpServing } from '../../../bridge/mcp-serving.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import { Button } from '../../../ui/Button.tsx';
import { Row, Rows, Section } from '../../../ui/Card.tsx';
import { Dot } from '../../../ui/Dot.tsx';
import { go } from '../../../ui/place.ts';
import { plural } from '../../../ui/words.ts';
import { mcpPlace } from './mcp-places.ts';
import { servingStanding } from './serving-words.ts';
import { useToolServers } from './servers/use-tool-servers.ts';

/** What is decided about MCP has a page of its own; here stands how it is. */
export function McpSection() {
  const { serving, problem } = useMcpServing();
  const { list, problem: lost } = useToolServers();
  const waiting = list?.filter(({ changed }) => changed > 0).length ?? 0;
  return (
    <Section title="MCP">
      <ProblemNote problem={problem ?? lost} />
      <Rows label="MCP">
        <Row
          mark={<Dot tone={serving ? servingStanding(serving).tone : 'quiet'} />}
          title="Programs that speak with Holdfast"
          detail={programWords(serving)}
          right={
            <Button onClick={() => go(mcpPlace)} aria-label="Open MCP: programs">
              Open…
            </Button>
          }
        />
        <Row
          mark={<Dot tone={waiting > 0 ? 'waits' : list && list.length > 0 ? 'good' : 'quiet'} />}
          title="Servers of tools"
          detail={
            list === null
              ? 'asking which there are…'
              : list.length === 0
                ? 'none: agents have Holdfast’s own tools'
                : `${plural(list.length, 'server')}${waiting > 0 ? `, ${plural(waiting, 'of which waits', 'of which wait')} for your look` : ''}`
          }
          right={
            <Button onClick={() => go(mcpPlace)} aria-label="Open MCP: servers of tools">
              Open…
            </Button>
          }
        />
      </Rows>
    </Section>
  );
}

function programWords(serving: McpServing | null): string {
  if (serving === null) return 'asking whether it listens…';
  if (serving.address) return `they find it at ${serving.address}`;
  return serving.on
    ? (serving.problem ?? 'it does not listen')
    : 'switched off: no program can hand it a goal';
}
