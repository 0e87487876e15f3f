import type { AgentSession, SessionNews } from '../../shared/agent-session.ts';
import { Problem } from '../../shared/problem.ts';
import { detailLines } from './approval-lines.ts';
import { cardLines, plain } from './agent-session-lines.ts';
import type { Client } from './client.ts';
import { onInterrupt } from './interrupt.ts';
import { harmless, type Output } from './output.ts';

export interface Asking {
  readonly client: Client;
  readonly out: Pick<Output, 'say'>;
  /** Takes all news as it comes, for programs; null: what a person wants to see is shown. */
  readonly each: ((news: SessionNews) => Promise<void>) | null;
  readonly session: string;
  /** Asks a line of the person; null where nobody is there. */
  readonly line: ((question: string) => Promise<string>) | null;
  /** Whether what is being written is shown as it comes. */
  readonly streaming: boolean;
}

export interface Answered {
  readonly session: AgentSession;
  readonly text: string;
}

/** Says something to an agent, and follows it until it rests: done, unsure, out of budget, paused or ended. */
export async function askTurn(asking: Asking, text: string): Promise<Answered> {
  const { client, each, session } = asking;
  const { turns } = await client.agentSessions.get({ session });
  const { seq } = await client.agentSessions.send({ session, parts: [{ kind: 'text', text }] });
  const leaving = new AbortController();
  let asked = 0;
  const forget = onInterrupt(() => {
    asked++;
    if (asked > 1) leaving.abort();
    void client.agentSessions.interrupt({ session }).catch(() => undefined);
  });
  const shown = new Shown(asking);
  try {
    const news = await client.agentSessions.follow({ session, after: seq - 1 }, { signal: leaving.signal });
    for await (const one of news) {
      await (each ? each(one) : shown.take(one));
      if (one.kind === 'session' && hasRested(one.session, turns)) {
        return { session: one.session, text: await lastAnswer(client, session) };
      }
    }
  } catch (thrown) {
    if (leaving.signal.aborted)
      throw new Problem(
        'cancelled',
        'It was left to itself.',
        `Look at it with \`holdfast logs ${session}\`.`,
      );
    throw thrown;
  } finally {
    forget();
    leaving.abort();
  }
  throw new Problem('unavailable', 'Holdfast stopped showing the session before it had rested.');
}

function hasRested({ activity, turns, queued }: AgentSession, before: number): boolean {
  if (activity === 'idle') return turns > before && queued === 0;
  return (
    activity === 'unsure' || activity === 'out_of_budget' || activity === 'paused' || activity === 'ended'
  );
}

async function lastAnswer(client: Client, session: string): Promise<string> {
  const { entries } = await client.agentSessions.transcript({ session, most: 50 });
  const said = entries.findLast((entry) => entry.kind === 'answer' && entry.text !== '');
  return said?.kind === 'answer' ? said.text : '';
}

/** What a person sees while an agent works. */
class Shown {
  readonly #asking: Asking;
  readonly #questions = new Set<string>();
  readonly #cards = new Map<string, string>();
  #writing = false;

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  async take(news: SessionNews): Promise<void> {
    const { streaming, out } = this.#asking;
    switch (news.kind) {
      case 'writing':
        if (!streaming || news.text === '') return;
        this.#writing = true;
        process.stdout.write(lines(news.text));
        return;
      case 'void':
        if (this.#writing) process.stdout.write('\n');
        this.#writing = false;
        return;
      case 'entry': {
        const { entry } = news;
        if (entry.kind === 'note') out.say(plain(entry.text));
        if (entry.kind !== 'call' || this.#cards.get(entry.card.call) === entry.card.state) return;
        this.#cards.set(entry.card.call, entry.card.state);
        if (entry.card.state !== 'running') for (const line of cardLines(entry.card)) out.say(line);
        return;
      }
      case 'session':
        if (news.session.activity === 'waiting') await this.#answerQuestions(news.session);
    }
  }

  /** What waits is answered here where somebody sits here, else said once. */
  async #answerQuestions({ id }: AgentSession): Promise<void> {
    const { client, out, line } = this.#asking;
    for (const { id: approval, kind } of await client.approvals.list({ session: id })) {
      if (this.#questions.has(approval)) continue;
      this.#questions.add(approval);
      if (line === null) {
        out.say(`It waits for you: \`holdfast approvals ${approval}\`.`);
        continue;
      }
      for (const said of detailLines(await client.approvals.get({ approval }))) out.say(said);
      const answer = await this.#answer(line, kind === 'question');
      // Somebody else may have been first.
      await client.approvals.answer({ approval, answer }).catch((thrown: unknown) => {
        out.say(harmless(Problem.of(thrown).message));
      });
    }
  }

  async #answer(line: (question: string) => Promise<string>, isQuestion: boolean) {
    if (isQuestion) return { kind: 'reply' as const, text: await line('Your answer: ') };
    const said = (await line('Allow it? [y]es, for this [s]ession, or [N]o and why: ')).trim();
    if (/^y(es)?$/i.test(said)) return { kind: 'once' as const };
    if (/^s(ession)?$/i.test(said)) return { kind: 'session' as const };
    return { kind: 'deny' as const, reason: said.replace(/^no?\b[\s,:]*/i, '') };
  }
}

function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => harmless(line.replaceAll('\t', '    ')))
    .join('\n');
}
