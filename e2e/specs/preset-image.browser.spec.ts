import { expect } from '../launchers/app-test.ts';
import { packageOf, test } from '../launchers/with-engine.ts';
import { look } from '../pages/looking.ts';

test('the image of a command agent is made, made anew, and the one before is removed', async ({
  frame,
  agents,
  containers,
}, info) => {
  const { page } = frame;
  await frame.live();
  await agents.open();
  await agents.choose('packed');
  const image = page.getByRole('region', { name: 'Its image' });
  await image.getByRole('button', { name: 'Make its image' }).click();
  await expect(image).toContainText('opencode-ai 1.2.3, ');
  await containers.registry.publish(packageOf('1.2.4'));
  await image.getByRole('button', { name: 'Make it anew' }).click();
  await expect(image).toContainText('opencode-ai 1.2.4, ');
  const older = image.getByRole('list', { name: 'Older images' });
  await expect(older).toContainText('1.2.3');
  await look(page, 'image-of-an-agent', info.project.name);
  await image.getByRole('button', { name: /^Remove 1 older image/ }).click();
  await expect(older).toHaveCount(0);
  await expect(image).toContainText('opencode-ai 1.2.4, ');
});
