import type { Command } from 'commander';
import type { AgentSession } from '../../../shared/agent-session.ts';
import { agentSessionCells } from '../agent-session-lines.ts';
import { insistOn } from '../ask.ts';
import { attend } from '../attend.ts';
import { changeCount, changeLines, keysAt } from '../changes.ts';
import { aligned, harmless } from '../output.ts';
import { type ReviewedOnes, reviewedBy } from '../reviewed.ts';
import { sessionCells, sessionLine } from '../session-line.ts';
import { type Common, openSession, verb } from '../session.ts';
import { applyWork, type Onto, showWorkChanges } from '../work-deciding.ts';
import { workSession } from '../work-lines.ts';
import { endWith } from './shell.ts';

export function addSessionVerbs(program: Command): void {
  verb(program, 'sessions', 'Say what runs contained, and whose changes wait', 'holdfast sessions --all')
    .option('--all', 'also those that have ended, the newest hundred')
    .action(async (options: Common & { all?: true }) => {
      const { client, out } = openSession(options);
      const most = options.all ? 100 : 1000;
      const [commands, agents] = await Promise.all([
        client.sessions.list({ most }),
        client.agentSessions.list({ most }),
      ]);
      const open = ({ activity, review }: AgentSession) => activity !== 'ended' || review.endsWith('waiting');
      const shown = {
        commands: options.all
          ? commands
          : commands.filter(({ state, work }) => state !== 'ended' || work?.kept),
        agents: options.all ? agents : agents.filter(open),
      };
      const rows = [...shown.commands.map(sessionCells), ...shown.agents.map(agentSessionCells)];
      const inOrder = rows.toSorted(([a = ''], [b = '']) => (a < b ? 1 : -1));
      out.result([...shown.commands, ...shown.agents], () =>
        rows.length > 0 ? aligned(inOrder) : ['None.'],
      );
    });

  verb(
    program,
    'attach <session>',
    'Watch a session, from the last megabyte of its output on; Ctrl-\\ twice leaves it running',
    'holdfast attach ses_01j5 --input',
  )
    .option('--input', 'also type into it')
    .action(async (session: string, options: Common & { input?: true }) => {
      const { client, out } = openSession(options);
      if (!out.json && process.stdin.isTTY) out.say('Ctrl-\\ twice leaves it running.');
      const outcome = await attend({ client, out, session, input: options.input === true, own: false });
      if (outcome) endWith(out, outcome);
    });

  addReviewVerbs(program);
}

function addReviewVerbs(program: Command): void {
  verb(
    program,
    'changes <id> [path]',
    'Show what a session or a run changed in folders under review, or one change line by line',
    'holdfast changes ses_01j5',
  ).action(async (id: string, path: string | undefined, options: Common) => {
    const { client, out } = openSession(options);
    if (path === undefined && (await showWorkChanges(client, out, id))) return;
    const reviewed = reviewedBy(client, id);
    if (path === undefined) {
      const folders = await reviewed.changes();
      return out.result(folders, () =>
        changeCount(folders) > 0 ? changeLines(folders) : ['Nothing changed.'],
      );
    }
    const [key = ''] = await keysOf(reviewed, id, [path]);
    const change = await reviewed.change(key);
    out.result(change, () =>
      change.text === null
        ? [change.why ?? 'There is nothing to show.']
        : change.text.split('\n').map((line) => harmless(line.replaceAll('\t', '    '))),
    );
  });

  verb(
    program,
    'apply <id> [paths...]',
    'Apply what a session or a run changed under review, all of it or these paths',
    'holdfast apply run_01j5 /home/me/project/src/main.c',
  )
    .option('--folder <dir>', 'of a command agent: the folder to which all that it changed is applied')
    .option('--branch <branch>', 'with --folder: a new branch of that repository gets its commits instead')
    .action(async (id: string, paths: string[], options: Common & Onto) => {
      const { client, out } = openSession(options);
      if (await applyWork(client, out, id, options)) return;
      const reviewed = reviewedBy(client, id);
      const keys = paths.length > 0 ? await keysOf(reviewed, id, paths) : null;
      const done = await reviewed.apply(keys);
      out.result(done, () => [
        `Applied ${done.applied.toLocaleString('en')}; ${done.left === 0 ? 'nothing is left' : `${done.left.toLocaleString('en')} wait still`}.`,
      ]);
    });

  verb(
    program,
    'discard <id>',
    'Throw away what a session or a run changed under review and was not applied',
    'holdfast discard ses_01j5 --yes',
  )
    .option('--yes', 'do not ask')
    .action(async (id: string, options: Common & { yes?: true }) => {
      const { client, out } = openSession(options);
      await insistOn(`Throw away what ${id} changed? It cannot be had again.`, options.yes);
      if (await workSession(client, id)) {
        const discarded = await client.work.discard({ session: id });
        return out.result(discarded, () => [sessionLine(discarded)]);
      }
      const { value, line } = await reviewedBy(client, id).discard();
      out.result(value, () => [line]);
    });
}

async function keysOf(reviewed: ReviewedOnes, id: string, paths: readonly string[]): Promise<string[]> {
  const changes = (await reviewed.changes()).flatMap((folder) => folder.changes);
  return keysAt(changes, paths, `\`holdfast changes ${id}\` lists what did.`);
}
