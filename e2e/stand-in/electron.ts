/** The module `electron` in the end-to-end tests: no more of it than the app uses. */
export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { ipcMain } from './ipc-main.ts';
export { dialog, Notification } from './messages.ts';
export { MessageChannelMain } from './message-ports.ts';
export { protocol } from './protocol.ts';
export { screen } from './screen.ts';
export { session } from './session.ts';
export { Menu, nativeImage, Tray } from './status-area.ts';
export { nativeTheme, powerMonitor, safeStorage, shell } from './system.ts';
