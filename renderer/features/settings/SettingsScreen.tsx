import { lazy, Suspense, useCallback } from 'react';
import { stay, usePlace } from '../../ui/place.ts';
import { About } from './About.tsx';
import { Appearance } from './Appearance.tsx';
import { Containment } from './Containment.tsx';
import { DataFolder } from './DataFolder.tsx';
import { MailSettings } from './MailSettings.tsx';
import { McpSection } from './mcp/McpSection.tsx';
import { Models } from './Models.tsx';
import { RecordSettings } from './RecordSettings.tsx';
import { SearchSettings } from './SearchSettings.tsx';
import { Secrets } from './Secrets.tsx';
import styles from './SettingsScreen.module.css';
import { Tokens } from './Tokens.tsx';
import { WorkSettings } from './WorkSettings.tsx';

/** Loaded when it is first wanted: it is as large as a screen of its own. */
const McpScreen = lazy(async () => ({ default: (await import('./mcp/McpScreen.tsx')).McpScreen }));

/** What a person may decide about Holdfast; `settings/mcp` leads further in. */
export function SettingsScreen() {
  const [further] = usePlace().within;
  if (further !== 'mcp') return <AllSettings />;
  return (
    <Suspense fallback={null}>
      <McpScreen />
    </Suspense>
  );
}

/** Everything on one page. `?do=token` opens the dialog of that name. */
function AllSettings() {
  const { params } = usePlace();
  const wanted = params.get('do');
  const taken = useCallback(() => stay({}), []);
  return (
    <div className={styles.screen}>
      <div className={styles.column}>
        <h1>Settings</h1>
        <Appearance />
        <Models wanted={wanted} taken={taken} />
        <SearchSettings />
        <MailSettings />
        <McpSection />
        <DataFolder wanted={wanted} taken={taken} />
        <RecordSettings wanted={wanted} taken={taken} />
        <WorkSettings wanted={wanted} taken={taken} />
        <Containment />
        <Tokens wanted={wanted} taken={taken} />
        <Secrets wanted={wanted} taken={taken} />
        <About />
      </div>
    </div>
  );
}
