import type { Command } from 'commander';
import type { EventFilter } from '../../../shared/contract/record.ts';
import { sentenceOf, toneOf } from '../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { Problem } from '../../../shared/problem.ts';
import { harmless, moment, type Tone, tinted } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { followEvents } from '../follow.ts';
import { readCount, readTime } from '../values.ts';

interface EventOptions extends Common {
  follow?: true;
  kind?: string[];
  actor?: string;
  run?: string;
  session?: string;
  agent?: string;
  since?: string;
  until?: string;
  limit?: string;
  from?: string;
}

const tones: Readonly<Record<ReturnType<typeof toneOf>, Tone>> = {
  quiet: 'plain',
  good: 'good',
  running: 'plain',
  waits: 'warning',
  refused: 'bad',
};

export function eventLine(event: RecordedEvent): string {
  const who =
    event.actor.kind === 'agent' ? (event.scope.agent ?? event.actor.id ?? 'agent') : event.actor.kind;
  const sentence = tinted(tones[toneOf(event.kind)], harmless(sentenceOf(event)));
  const about = tinted('quiet', `${String(event.seq).padStart(7)}  ${moment(event.time)}`);
  return `${about}  ${harmless(who).padEnd(8)}  ${sentence}  ${tinted('quiet', harmless(event.kind))}`;
}

function filterFrom(words: readonly string[], options: EventOptions, now: Date): EventFilter {
  const { kind, actor, run, session, agent, since, until } = options;
  return {
    ...(words.length > 0 ? { text: words.join(' ') } : {}),
    ...(kind ? { kinds: kind } : {}),
    ...(actor === undefined ? {} : { actor }),
    ...(run === undefined ? {} : { run }),
    ...(session === undefined ? {} : { session }),
    ...(agent === undefined ? {} : { agent }),
    ...(since === undefined ? {} : { since: readTime(since, now) }),
    ...(until === undefined ? {} : { until: readTime(until, now) }),
  };
}

export function addEventVerbs(program: Command): void {
  verb(
    program,
    'events [words...]',
    'Show events, newest last',
    'holdfast events --kind "token.*" --since 2h -f',
  )
    .option('-f, --follow', 'stay, and show events as they arrive')
    .option('--kind <kind>', 'only this kind, or family such as tool.*; may be repeated', collect)
    .option('--actor <actor>', 'only what this kind of actor, or this id, did')
    .option('--run <id>', 'only of this run')
    .option('--session <id>', 'only of this session')
    .option('--agent <name>', 'only of this agent')
    .option('--since <time>', 'only from then on: a time, or 30m, 2h, 7d ago')
    .option('--until <time>', 'only up to then')
    .option('--limit <number>', 'how many at most (default: 50; with --follow 10)')
    .option('--from <seq>', 'from this sequence number on, instead of the newest')
    .action(async (words: string[], options: EventOptions) => {
      const { client, out } = openSession(options);
      const filter = filterFrom(words, options, new Date());
      const limit = readCount('--limit', options.limit ?? (options.follow ? '10' : '50'), 1, 500);
      const show = (event: RecordedEvent) => out.item(event, () => eventLine(event));
      const { size } = await client.record.state();
      let next = size;
      if (options.from === undefined) {
        const page = await client.record.query({ filter, limit });
        const newest = page.events.toReversed();
        for (const event of newest) await show(event);
        next = Math.max(size, (newest.at(-1)?.seq ?? -1) + 1);
      } else {
        next = readCount('--from', options.from, 0, Number.MAX_SAFE_INTEGER);
      }
      if (options.follow) return followEvents({ client, filter, next, show, say: (text) => out.say(text) });
      if (options.from === undefined) return;
      const page = await client.record.query({ filter, limit, after: next - 1 });
      for (const event of page.events) await show(event);
    });

  verb(program, 'note <text>', 'Put a remark on the record', 'holdfast note "Released 1.4 by hand"').action(
    async (text: string, options: Common) => {
      const { client, out } = openSession(options);
      if (text.trim() === '')
        throw new Problem('invalid_input', 'An empty remark says nothing.', 'Give it some words.');
      const event = await client.record.note({ text });
      out.result(event, () => [eventLine(event)]);
    },
  );
}
