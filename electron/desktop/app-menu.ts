import { app, Menu, type MenuItemConstructorOptions } from 'electron';

/** What every desktop expects behind its usual keys; hidden on Linux and Windows until Alt is pressed. */
export function setAppMenu(): void {
  const mac = process.platform === 'darwin';
  const development: MenuItemConstructorOptions[] = app.isPackaged
    ? []
    : [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    ...development,
  ];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      mac ? { role: 'appMenu' } : { role: 'fileMenu' },
      { role: 'editMenu' },
      { label: 'View', submenu: view },
      { role: 'windowMenu' },
    ]),
  );
}
