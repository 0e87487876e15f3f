/** `node leave-waiting.ts FOLDER LINE…`: calls of command lines that wait for the person, left by an earlier life. */
import { leaveWaiting } from '../../electron/cli/testing/leave-waiting.ts';

const [data = '', ...lines] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await leaveWaiting(data, lines)));
