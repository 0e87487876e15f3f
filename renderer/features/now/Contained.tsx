import { Button } from '../../ui/Button.tsx';
import { Card, Row, Section } from '../../ui/Card.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { go } from '../../ui/place.ts';

/** What can be begun, each held in: its folders, its network and its limits are chosen before it starts. */
export function Contained({ ask }: { ask: boolean }) {
  return (
    <Section title="Start in a sandbox">
      <Card>
        <ul>
          {ask && (
            <Row
              mark={<Icon name="person" />}
              title="Ask an agent"
              detail="It works in a sandbox, stops at your boundaries, and everything it does is on the record."
              right={
                <Button keys="a" onClick={() => go('sessions', { do: 'ask' })}>
                  Ask…
                </Button>
              }
            />
          )}
          <Row
            mark={<Icon name="shield" />}
            title="Contained terminal"
            detail="A shell or a command that sees the folders you choose and nothing else of yours."
            right={
              <Button keys="c" onClick={() => go('sessions', { do: 'terminal' })}>
                Open…
              </Button>
            }
          />
        </ul>
      </Card>
    </Section>
  );
}
