import { useEffect, useState } from 'react';
import type { McpConfiguration } from '../../../../../shared/mcp.ts';
import { useHouse } from '../../../../bridge/house.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../../bridge/use-task.ts';
import { CopyButton } from '../../../../ui/CopyText.tsx';
import { Prose } from '../../../../ui/Prose.tsx';
import { Tabs } from '../../../../ui/Tabs.tsx';
import { TextBlock } from '../../../../ui/TextBlock.tsx';
import styles from '../McpPage.module.css';

/** What to put into which program, and where; with a token’s value while that is known, otherwise with a variable. */
export function Configurations({ token }: { token: string | null }) {
  const { client } = useHouse();
  const [chosen, setChosen] = useState<McpConfiguration['program']>('claude-code');
  const ask = useTask((signal) => client.mcp.configurations({ token }, { signal }));
  const { run } = ask;
  useEffect(() => void run(), [run, token]);
  const shown = ask.result?.find(({ program }) => program === chosen) ?? ask.result?.[0];
  return (
    <div className={styles.configuration}>
      <ProblemNote problem={ask.problem} />
      {ask.busy && <p className={styles.soft}>Asking for it…</p>}
      {ask.result && shown && (
        <>
          <Tabs
            label="For which program"
            shown={shown.program}
            tabs={ask.result.map(({ program, title }) => ({ value: program, label: title }))}
            onShow={setChosen}
          />
          <div className={styles.place}>
            <p>
              <Prose>{shown.place}</Prose>
            </p>
            <CopyButton key={shown.program} value={shown.text} label={`what ${shown.title} needs`} />
          </div>
          <TextBlock label={`What ${shown.title} needs`}>{shown.text}</TextBlock>
        </>
      )}
    </div>
  );
}
