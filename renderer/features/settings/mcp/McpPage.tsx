import { useCallback } from 'react';
import { hashOf, stay, usePlace } from '../../../ui/place.ts';
import screen from '../SettingsScreen.module.css';
import styles from './McpPage.module.css';
import { Programs } from './programs/Programs.tsx';
import { Servers } from './servers/Servers.tsx';

/** MCP both ways: who speaks with Holdfast, and whose tools agents may use. `?do=` opens a dialog. */
export function McpPage() {
  const wanted = usePlace().params.get('do');
  const taken = useCallback(() => stay({}), []);
  return (
    <div className={screen.screen}>
      <div className={screen.column}>
        <nav aria-label="Where this is">
          <a href={hashOf('settings')} className={styles.up}>
            Settings
          </a>
        </nav>
        <h1>MCP</h1>
        <Programs wanted={wanted} taken={taken} />
        <Servers wanted={wanted} taken={taken} />
      </div>
    </div>
  );
}
