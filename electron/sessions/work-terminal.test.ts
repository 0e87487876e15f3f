import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Agents } from '../agents/agents.ts';
import { never, operator } from './testing/some-sessions.ts';
import { give, repository, someWork } from './testing/some-work.ts';

const bundled = fileURLToPath(new URL('../../resources/agents', import.meta.url));

/** What a known agent does at a terminal: it is told, says how large its terminal is, and does what is typed. */
const standIn = `#!/bin/sh
test -t 0 && test -t 1 || exit 9
for last; do :; done
printf '%s' "$last" >told
stty size
IFS= read -r line
printf '%s' "$line" >typed
`;

test('a known agent on a terminal is told its request, and does what a person types', async () => {
  let agents: Agents | undefined;
  const { folder, sessions, start, work, ended } = await someWork({
    parts: {
      agents: {
        get: (name) => agents!.get(name),
        commandLine: (...line) => agents!.commandLine(...line),
        runsPreset: (command) => agents!.runsPreset(command),
      },
    },
  });
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  writeFileSync(join(programs, 'claude'), standIn, { mode: 0o755 });
  give(programs);
  const own = join(folder, 'agents');
  agents = new Agents({ bundled, own, home: folder, searchPath: programs });
  writeFileSync(join(own, 'maker.yaml'), 'name: maker\ncommand: { preset: claude-code, terminal: true }\n');
  const { id } = await start({
    agent: 'maker',
    repository: repository(join(folder, 'project'), { a: 'x' }),
    input: { kind: 'request', text: 'Mend it' },
    terminal: { columns: 90, rows: 21 },
    attended: true,
  });
  let shown = '';
  for await (const told of sessions.attach({ session: id, input: true, every: true }, operator, never)) {
    if (told.kind === 'output') shown += Buffer.from(told.data, 'base64').toString();
    if (told.kind === 'attached') await sessions.input(id, told.viewer, Buffer.from('type it\r'), false);
  }
  const session = await ended(id);
  expect(session.outcome?.label, session.outcome?.reason ?? '').toBe('success');
  expect(shown).toContain('21 90');
  const { files } = await work.changes(id);
  expect(files.map(({ path }) => path)).toEqual(['told', 'typed']);
  expect((await work.difference(id, 'told')).text).toContain('+Mend it');
  expect((await work.difference(id, 'typed')).text).toContain('+type it');
});
