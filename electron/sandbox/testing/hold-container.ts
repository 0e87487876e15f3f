// A program of its own, so that it can be killed: holds a container for a data folder until then.
import { tmpdir } from 'node:os';
import { openSandboxHouse } from './sandbox-house.ts';
import { makeContainerExecutor, nobody } from './container-executor.ts';

const [data = ''] = process.argv.slice(2);
const engine = { folder: tmpdir(), environment: { DOCKER_HOST: process.env['DOCKER_HOST'] ?? '' } };
const house = await openSandboxHouse(nobody, () => Promise.resolve(makeContainerExecutor(engine, data)));
const granted = await house.newFolder();
process.stdout.write(`preparing ${house.folder}\n`);
const sandbox = await house.start({ folders: [{ path: granted, mode: 'review' }], masked: [] });
const command = await sandbox.exec({ argv: ['sleep', '98768'] });
process.stdout.write('running\n');
await command.ended;
