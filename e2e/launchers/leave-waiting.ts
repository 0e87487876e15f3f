/** `node leave-waiting.ts FOLDER LINE…`: calls of command lines that wait for the person, left by an earlier life. */
import { HouseApprovals } from '../../electron/approvals/approvals.ts';
import type { PlannedCall } from '../../electron/approvals/asking.ts';
import { openRecord } from '../../electron/audit/open-record.ts';
import { systemClock } from '../../electron/base/clock.ts';
import { newId } from '../../electron/base/ids.ts';
import { silentLog } from '../../electron/base/log.ts';
import { makePrivateFolder } from '../../electron/base/private-files.ts';
import { openVault } from '../../electron/store/open-vault.ts';

const threads = {
  writer: new URL('../../electron/writer.ts', import.meta.url),
  reader: new URL('../../electron/reader.ts', import.meta.url),
};

/** Calls of a life that was cut off, each of which waits for the person; their ids, in order. */
async function leaveWaiting(data: string, lines: readonly string[]): Promise<string[]> {
  await makePrivateFolder(data);
  const clock = systemClock;
  const log = silentLog();
  const vault = await openVault({ folder: data, clock });
  const record = await openRecord({ folder: data, vault, clock, log, version: 'test', threads });
  const tool = () => Promise.resolve(undefined);
  const approvals = new HouseApprovals({ record, clock, log, expireMinutes: () => null, tool });
  const session = newId('session', clock.now());
  const ended = new AbortController();
  const watched = approvals.watch(ended.signal);
  const cut: Promise<unknown>[] = [];
  const ids: string[] = [];
  for (const line of lines) {
    const call: PlannedCall = {
      call: newId('call', clock.now()),
      session,
      agent: 'coder',
      tool: { name: 'exec', title: 'Command', surface: 'sandbox', action: false },
      input: { command: line },
      intents: [{ kind: 'shell', line, cwd: '/project', writes: true }],
      folder: '/project',
      crossings: [{ kind: 'command', words: 'runs a command that may change your folder' }],
      level: 'boundaries',
      plan: 'plan',
      executed: null,
    };
    const told = watched.next();
    cut.push(approvals.decide(call, { unattended: 'wait' }, ended.signal).catch(() => undefined));
    const next = await told;
    if (next.done !== true) ids.push(next.value.id);
  }
  ended.abort();
  await Promise.all(cut);
  await watched.return();
  await approvals.close();
  await record.close();
  return ids;
}

const [folder = '', ...lines] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await leaveWaiting(folder, lines)));
