import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import type { MachineFinding, Status } from '../../../shared/contract/house.ts';
import { hasDisplay } from '../../base/display.ts';
import { Problem } from '../../../shared/problem.ts';
import { openInBrowser } from '../../base/open-browser.ts';
import { version } from '../../base/version.ts';
import { agentSessionCells } from '../agent-session-lines.ts';
import type { Client } from '../client.ts';
import { aligned, moment, type Output, tinted } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';
import { sessionLine } from '../session-line.ts';
import { isRun, showRun, steerRun } from './runs.ts';

const tones = { ok: 'good', warning: 'warning', missing: 'quiet' } as const;

const parts = { namespace: 'Namespace sandboxes', container: 'Containers' } as const;

/** First what Holdfast itself needs, then what each way of containing does. */
function machineLines(machine: readonly MachineFinding[]): string[] {
  const own = findingLines(machine.filter(({ part }) => part === undefined));
  const others = (['namespace', 'container'] as const).flatMap((part) => {
    const found = machine.filter((finding) => finding.part === part);
    return found.length === 0 ? [] : ['', tinted('strong', parts[part]), ...findingLines(found)];
  });
  return [...own, ...others];
}

function findingLines(machine: readonly MachineFinding[]): string[] {
  const lines = aligned(machine.map(({ name, state, detail }) => [name, state, detail]));
  return machine.flatMap(({ state, mend }, i) => [
    tinted(state === 'ok' ? 'plain' : tones[state], lines[i] ?? ''),
    ...(mend === undefined ? [] : [tinted('quiet', `  → ${mend}`)]),
  ]);
}

function statusLines(status: Status): string[] {
  const { record } = status;
  const signed = record.checkpoint
    ? `${record.checkpoint.size.toLocaleString('en')} signed ${moment(record.checkpoint.time)}`
    : 'none signed yet';
  return [
    ...aligned([
      [
        'Holdfast',
        `${status.version}, ${status.surface}, process ${status.pid}, since ${moment(status.started)}${status.draining ? ', stopping' : ''}`,
      ],
      ['data', status.data],
      ['address', status.address ?? 'none'],
      ['record', `${record.size.toLocaleString('en')} events, ${signed}`],
      ['storage', record.storage],
      ['key', record.fingerprint],
    ]),
    '',
    ...machineLines(status.machine),
  ];
}

/** Time for a browser to read the file that leads it here. */
const reading = 10_000;

export function addHouseVerbs(program: Command): void {
  verb(
    program,
    'status [id]',
    'Say how a run or a session stands; without one, how Holdfast and this machine do',
    'holdfast status run_01j5',
  ).action(async (id: string | undefined, options: Common) => {
    const { client, out } = openSession(options);
    if (id === undefined) {
      const status = await client.house.status();
      return out.result(status, () => statusLines(status));
    }
    if (isRun(id)) return showRun(client, out, id);
    const session = await sessionNamed(client, id);
    out.result(session.value, () => [session.line]);
  });

  verb(program, 'doctor', 'Look at this machine and say what is missing', 'holdfast doctor --rebuild')
    .option('--rebuild', 'also derive every row from the record again and compare')
    .action(async (options: Common & { rebuild?: true }) => {
      const { client, out } = openSession(options);
      const found = await client.house.doctor({ rebuild: options.rebuild === true });
      const { rebuilt } = found;
      out.result(found, () => [
        ...machineLines(found.machine),
        ...(rebuilt
          ? [
              '',
              ...aligned(
                rebuilt.tables.map((table) => [
                  table.name,
                  `${table.rows} rows`,
                  `${table.differences} differences`,
                ]),
              ),
            ]
          : []),
      ]);
      if (rebuilt && rebuilt.differences > 0) process.exitCode = 5;
    });

  verb(program, 'open', 'Open Holdfast in a browser, or say the link', 'holdfast open --print')
    .option('--print', 'only say the link; it works once, for a minute')
    .action(async (options: Common & { print?: true }) => {
      const { client, out, paths } = openSession(options);
      const link = await client.access.ticket();
      if (options.print || options.json || !hasDisplay(process.platform, process.env))
        return out.result(link, () => [link.url]);
      const page = await openInBrowser(link.url, paths.data);
      const read = wait(reading, null);
      const failure = await Promise.race([page.failed, read]);
      if (!failure) await read;
      await page.remove();
      if (failure) out.result(link, () => [link.url]);
    });

  verb(
    program,
    'stop [id]',
    'Stop one run or session; without one, end every session and stop Holdfast',
    'holdfast stop ses_01j5',
  )
    .option('--force', 'end the session at once')
    .action(async (session: string | undefined, options: Common & { force?: true }) => {
      const { client, out } = openSession(options);
      if (session !== undefined) {
        if (isRun(session)) return steerRun(client, out, session, 'stop');
        return stopOne(client, out, session, options.force === true);
      }
      if (options.force) {
        throw new Problem('invalid_input', 'Only a session is stopped with --force.', 'Name one.');
      }
      const answer = await client.house.stop();
      out.result(answer, () => ['It is stopping.']);
    });

  verb(program, 'version', 'Say the version', 'holdfast version').action((options: Common) => {
    const { out } = openSession(options);
    out.result({ version }, () => [version]);
  });
}

/** Whichever kind it is; ids of both begin alike. */
async function sessionNamed(client: Client, session: string) {
  const agent = await client.agentSessions.get({ session }).catch(() => null);
  if (agent) return { value: agent, line: agentSessionCells(agent).join('  ') };
  const command = await client.sessions.get({ session });
  return { value: command, line: sessionLine(command) };
}

/** The same. */
async function stopOne(client: Client, out: Output, session: string, force: boolean): Promise<void> {
  const [agents, commands] = await Promise.allSettled([
    client.agentSessions.get({ session }),
    client.sessions.get({ session }),
  ]);
  if (agents.status === 'fulfilled' && commands.status === 'rejected') {
    const stopped = await client.agentSessions.stop({ session, force });
    return out.result(stopped, () => [agentSessionCells(stopped).join('  ')]);
  }
  const stopped = await client.sessions.stop({ session, force });
  out.result(stopped, () => [sessionLine(stopped)]);
}
