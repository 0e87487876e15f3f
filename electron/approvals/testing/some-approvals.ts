import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Id } from '../../../shared/ids.ts';
import { openRecord } from '../../audit/open-record.ts';
import { type Clock, systemClock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { silentLog } from '../../base/log.ts';
import { Owner } from '../../base/owner.ts';
import type { Intent } from '../../tools/tool.ts';
import { openVault } from '../../store/open-vault.ts';
import type { ApprovalParts } from '../approval-parts.ts';
import { HouseApprovals } from '../approvals.ts';
import type { PlannedCall } from '../asking.ts';

export const operator = { kind: 'operator' } as const;
export const person = new AbortController().signal;
export const waiting = { unattended: 'wait' } as const;

const inputSchema = z.strictObject({ command: z.string().min(1) });
/** A tool that runs a line, as rules are tried on it. */
const exec = {
  name: 'exec',
  title: 'Command',
  surface: 'sandbox',
  action: false,
  input: inputSchema,
  intends: (input: unknown, folder: string | null): Intent[] => [
    shellIntent(inputSchema.parse(input).command, folder),
  ],
} as const;

export function shellIntent(line: string, cwd: string | null): Intent {
  return { kind: 'shell', line, cwd, writes: true };
}

/** A folder of its own, gone when the test is over. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-approvals-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The real record of a folder and the approvals over it; `end` is a restart’s first half. */
export async function approvalsLife(
  folder: string,
  clock: Clock = systemClock,
  planned?: ApprovalParts['planned'],
) {
  const log = silentLog();
  const threads = {
    writer: new URL('../../writer.ts', import.meta.url),
    reader: new URL('../../reader.ts', import.meta.url),
  };
  const vault = await openVault({ folder, clock });
  const record = await openRecord({ folder, vault, clock, log, version: 'test', threads });
  const approvals = new HouseApprovals({
    record,
    clock,
    log,
    ...(planned && { planned }),
    expireMinutes: () => record.settings()['approvals.minutes'],
    tool: (name) => Promise.resolve(name === 'exec' ? exec : undefined),
  });
  const owner = new Owner();
  owner.own(() => record.close());
  owner.own(() => approvals.close());
  const end = () => owner.close();
  onTestFinished(end);
  return { record, approvals, end };
}

/** A call of a command in `/project`, at the level that asks at boundaries. */
export function commandCall(line: string, part: Partial<PlannedCall> = {}): PlannedCall {
  const folder = part.folder === undefined ? '/project' : part.folder;
  return {
    call: newId('call', systemClock.now()),
    session: part.session ?? someSession,
    agent: 'coder',
    tool: { name: 'exec', title: 'Command', surface: 'sandbox', action: false },
    input: { command: line },
    intents: [shellIntent(line, folder)],
    folder,
    crossings: [{ kind: 'command', words: 'runs a command in your folder' }],
    level: 'boundaries',
    plan: 'plan-1',
    executed: null,
    edited: (input) => {
      const { command } = inputSchema.parse(input);
      return Promise.resolve({ ...commandCall(command, part), input });
    },
    ...part,
  };
}

export const someSession: Id<'session'> = newId('session', new Date(0));

/** The next approval that waits, as soon as it does. */
export async function nextWaiting(approvals: HouseApprovals, beside: readonly string[] = []) {
  const ended = new AbortController();
  for await (const approval of approvals.watch(ended.signal)) {
    if (approval.state === 'pending' && !beside.includes(approval.id)) {
      ended.abort();
      return approval;
    }
  }
  throw new Error('nothing waited');
}
