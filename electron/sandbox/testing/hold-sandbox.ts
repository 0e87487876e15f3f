// Starts sandboxes, with programs in them that mean to stay, and waits to be killed. Says when they are at work.
import { openSync, constants } from 'node:fs';
import { newId } from '../../base/ids.ts';
import { sandboxLimitsSchema } from '../../../shared/session.ts';
import { namespaceExecutor } from './namespace-house.ts';

const [data = '', folder = '', mode = 'rw', many = '1', stays = '60'] = process.argv.slice(2);
const executor = namespaceExecutor(data);
for (let each = 0; each < Number(many); each++) {
  const session = newId('session', new Date());
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  const prepared = await executor.prepare(
    {
      session,
      folders: [{ path: folder, fd, mode: mode === 'review' ? 'review' : 'rw' }],
      egress: null,
      loopback: false,
      unixSockets: false,
      limits: sandboxLimitsSchema.parse({}),
      image: null,
      terminal: null,
      environment: {},
      secrets: { token: Buffer.from('secret') },
      masked: [data],
      scratch: `${data}/sandboxes/${session}`,
      kept: `${data}/sessions/${session}/kept`,
    },
    new AbortController().signal,
  );
  const sandbox = await prepared.start();
  await sandbox.exec({
    argv: ['/bin/sh', '-c', `setsid sh -c "trap \\"\\" TERM HUP INT; sleep ${stays}" & sleep ${stays}`],
  });
}
process.stdout.write('at work\n');
setInterval(() => {}, 60_000);
