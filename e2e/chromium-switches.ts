/** The Chromium of the system: Playwright's own is never downloaded. */
export const chromiumProgram = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Without these Chromium spends its time on hosts it has no business with; as root it has no sandbox. */
export const chromiumSwitches = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];
