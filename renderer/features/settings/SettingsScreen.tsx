import { useCallback } from 'react';
import { stay, usePlace } from '../../ui/place.ts';
import { About } from './About.tsx';
import { Appearance } from './Appearance.tsx';
import { Containment } from './Containment.tsx';
import { DataFolder } from './DataFolder.tsx';
import { MailSettings } from './MailSettings.tsx';
import { Models } from './Models.tsx';
import { RecordSettings } from './RecordSettings.tsx';
import { SearchSettings } from './SearchSettings.tsx';
import { Secrets } from './Secrets.tsx';
import styles from './SettingsScreen.module.css';
import { Tokens } from './Tokens.tsx';
import { WorkSettings } from './WorkSettings.tsx';

/** What a person may decide about Holdfast. `?do=token` opens the dialog of that name. */
export function SettingsScreen() {
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
