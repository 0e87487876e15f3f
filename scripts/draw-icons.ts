// node scripts/draw-icons.ts: draws the pictures of resources/icons from their two SVGs, with the system's Chromium.
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';

const folder = path.resolve(import.meta.dirname, '..', 'resources', 'icons');
const read = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8');
const app = read('icon.svg');
const tray = read('tray.svg');
// macOS takes the shape alone and colours it to fit its menu bar.
const template = tray.replaceAll(/stroke="#[0-9a-f]+"/g, 'stroke="#000000"');

const pictures: [name: string, svg: string, size: number][] = [
  ...[16, 24, 32, 48, 64, 128, 256, 512, 1024].map((size): [string, string, number] => [
    `${size}x${size}.png`,
    app,
    size,
  ]),
  ['tray.png', tray, 16],
  ['tray@2x.png', tray, 32],
  ['trayTemplate.png', template, 16],
  ['trayTemplate@2x.png', template, 32],
];

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage();
  for (const [name, svg, size] of pictures) {
    await page.setViewportSize({ width: size, height: size });
    const sized = svg.replace(/width="\d+" height="\d+"/, `width="${size}" height="${size}"`);
    await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${sized}`);
    await page.screenshot({ path: path.join(folder, name), omitBackground: true });
  }
} finally {
  await browser.close();
}
