import type { WebSocketRoute } from '@playwright/test';
import { expect, test } from '../launchers/app-test.ts';

test('what happens after a screen asked and before it follows is seen', async ({ app, frame, approvals }) => {
  const { page } = frame;
  const held: (() => void)[] = [];
  let holding = true;
  await page.routeWebSocket(/.*/, (line: WebSocketRoute) => {
    const house = line.connectToServer();
    line.onMessage((message) => {
      const pass = () => house.send(message);
      if (holding && message.toString().includes('rule.*')) held.push(pass);
      else pass();
    });
  });
  await page.reload();
  await frame.live();
  await approvals.open();
  await page.getByRole('button', { name: 'Rules' }).click();
  const rules = page.getByRole('region', { name: 'Rules' });
  await expect(rules).toContainText('No rules yet');
  await expect.poll(() => held.length).toBe(1);
  await app.cli('rules', 'add', 'deny', 'exec: git push *');
  holding = false;
  for (const pass of held.splice(0)) pass();
  await expect(approvals.rules).toContainText('git push');
});
