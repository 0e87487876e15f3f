// A program of its own, so that it can be killed: holds a container for a data folder until then.
import { openSandboxHouse } from './sandbox-house.ts';
import { givenEngine, makeContainerExecutor, nobody } from './container-executor.ts';

const [data = ''] = process.argv.slice(2);
const house = await openSandboxHouse(nobody, () =>
  Promise.resolve(makeContainerExecutor(givenEngine(), data)),
);
const granted = await house.newFolder();
process.stdout.write(`preparing ${house.folder}\n`);
const sandbox = await house.start({ folders: [{ path: granted, mode: 'review' }], masked: [] });
const command = await sandbox.exec({ argv: ['sleep', '98768'] });
process.stdout.write('running\n');
await command.ended;
