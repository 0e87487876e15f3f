import './app/schema-setup.ts';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Frame } from './app/Frame.tsx';
import { openLine } from './app/open-line.ts';
import { HouseContext, openHouse } from './bridge/house.ts';
import { browserTiming } from './bridge/timing.ts';
import { restoreTheme } from './ui/theme.ts';

restoreTheme();

const house = openHouse(openLine(), browserTiming);
addEventListener('online', () => house.connection.hurry());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') house.connection.hurry();
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <HouseContext value={house}>
        <Frame />
      </HouseContext>
    </CSPProvider>
  </StrictMode>,
);
