/** The module `electron` in the end-to-end tests: no more of it than the app uses. */
export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { ipcMain } from './ipc-main.ts';
export { Menu } from './menu.ts';
export { dialog, Notification } from './messages.ts';
export { MessageChannelMain } from './message-channel.ts';
export { nativeImage } from './native-image.ts';
export { protocol } from './protocol.ts';
export { screen } from './screen.ts';
export { session } from './session.ts';
export { Tray } from './tray.ts';
export { nativeTheme, powerMonitor, safeStorage, shell } from './system.ts';
