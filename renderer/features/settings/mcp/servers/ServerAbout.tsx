import type { ReactNode } from 'react';
import type { ToolServerPage } from '../../../../../shared/tool-server.ts';
import { Age } from '../../../../ui/Age.tsx';
import { FactList } from '../../../../ui/FactList.tsx';
import { TextBlock } from '../../../../ui/TextBlock.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import { kindWords, toolsWords } from './server-words.ts';
import styles from './ServerPage.module.css';
import type { ServerDraft } from './use-server-draft.ts';

/** Everything about a server but its tools: what it is, what holds it in, what it says. */
export function ServerAbout({ page, draft }: { page: ToolServerPage; draft: ServerDraft }) {
  const { instructions, resources, prompts, layers, said } = page;
  return (
    <div className={styles.about}>
      <FactList facts={factsOf(page)} />
      {draft.server && (
        <section>
          <h3>Every tool without rules of its own</h3>
          <PolicyForm
            key={JSON.stringify(draft.server.usual)}
            policy={draft.server.usual}
            onSet={(part, value) => draft.set([{ field: ['usual', part], value }])}
          />
        </section>
      )}
      <section>
        <h3>What holds it in</h3>
        {layers.length > 0 ? (
          <ul className={styles.lines} aria-label="What holds it in">
            {layers.map((layer) => (
              <li key={layer}>{layer}</li>
            ))}
          </ul>
        ) : (
          <p className={styles.soft}>Seen when it has started.</p>
        )}
      </section>
      {instructions !== null && (
        <section>
          <h3>What it says of itself</h3>
          <TextBlock label="What it says of itself">{instructions}</TextBlock>
        </section>
      )}
      {resources.length > 0 && (
        <section>
          <h3>Resources</h3>
          <ul className={styles.lines} aria-label="Resources">
            {resources.map(({ uri, name, type }) => (
              <li key={uri}>
                {name} <code>{uri}</code> {type !== null && <span className={styles.soft}>{type}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {prompts.length > 0 && (
        <section>
          <h3>Prompts</h3>
          <ul className={styles.lines} aria-label="Prompts">
            {prompts.map(({ name, description }) => (
              <li key={name}>
                <code>{name}</code>{' '}
                {description !== null && <span className={styles.soft}>{description}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>Its log</h3>
        {said.length > 0 ? (
          <TextBlock label="Its log">{said.join('\n')}</TextBlock>
        ) : (
          <p className={styles.soft}>It has said nothing.</p>
        )}
      </section>
    </div>
  );
}

function factsOf({ row, version, protocol }: ToolServerPage): (readonly [string, ReactNode])[] {
  return [
    ['It is', row.kind === null ? 'not known' : kindWords[row.kind]],
    ['At', <code key="at">{row.at}</code>],
    ['Tools', toolsWords(row)],
    ['Calls itself', version ?? 'nothing yet'],
    ['Speaks', protocol === null ? 'not known yet' : `MCP ${protocol}`],
    ...(row.since === null ? [] : [['So since', <Age key="since" time={row.since} />] as const]),
  ];
}
