import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { openFixture } from '../mcp/testing/open-fixture.ts';
import { conformance } from './testing/conformance.ts';
import { startDaemon, testFolder } from './testing/launch.ts';
import { letIn, listenForPrograms } from './testing/mcp-house.ts';

/** What every server has to do, whatever its tools are. */
const ofAll = [
  'server-initialize',
  'ping',
  'tools-list',
  'server-sse-multiple-streams',
  'resources-list',
  'prompts-list',
  'dns-rebinding-protection',
];

/** What is asked of tools, resources and prompts that only a server for tests has. */
const ofFixtures = [
  'logging-set-level',
  'completion-complete',
  'tools-call-simple-text',
  'tools-call-image',
  'tools-call-audio',
  'tools-call-embedded-resource',
  'tools-call-mixed-content',
  'tools-call-with-logging',
  'tools-call-error',
  'tools-call-with-progress',
  'tools-call-sampling',
  'tools-call-elicitation',
  'elicitation-sep1034-defaults',
  'elicitation-sep1330-enums',
  'resources-read-text',
  'resources-read-binary',
  'resources-templates-read',
  'resources-subscribe',
  'resources-unsubscribe',
  'prompts-get-simple',
  'prompts-get-with-args',
  'prompts-get-embedded-resource',
  'prompts-get-with-image',
];

test('the house does what the conformance suite asks of every server', { timeout: 60_000 }, async () => {
  const folder = testFolder();
  await startDaemon({ folder });
  const address = await listenForPrograms(folder);
  const { token } = await letIn(folder, address);
  const found = await conformance(address, token);
  expect([...found.keys()].toSorted()).toEqual([...ofAll, ...ofFixtures].toSorted());
  for (const name of ofAll) expect(found.get(name), name).toMatchObject({ failed: 0 });
});

test(
  'with the suite’s own tools behind it, the same code does all that the suite asks',
  { timeout: 60_000 },
  async () => {
    const fixture = await openFixture(systemClock, silentLog());
    onTestFinished(() => fixture.close());
    const found = await conformance(fixture.address, fixture.token);
    expect([...found].filter(([, { failed, passed }]) => failed > 0 || passed === 0)).toEqual([]);
  },
);
