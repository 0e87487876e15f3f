import { useMcpServing } from '../bridge/mcp-serving.ts';
import { getSettings, useAnswer } from '../bridge/use-answer.ts';
import { Dot } from '../ui/Dot.tsx';
import { hashOf } from '../ui/place.ts';
import styles from './StatusLine.module.css';

/** Where programs find Holdfast by MCP. Where that is switched off, nothing is built to say so. */
export function McpSign() {
  const isOn = useAnswer(getSettings, ['setting.changed']).value?.['mcp.server'] === true;
  const { serving } = useMcpServing(isOn);
  if (!serving?.on) return null;
  return (
    <a href={hashOf('settings/mcp')} className={styles.extra} title={serving.problem ?? undefined}>
      {serving.address === null ? (
        <span className={styles.sign}>
          <Dot tone="waits" />
          <span className={styles.words}>MCP does not listen</span>
        </span>
      ) : (
        `MCP ${serving.address.replace(/^https?:\/\//, '')}`
      )}
    </a>
  );
}
