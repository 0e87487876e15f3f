import { expect, test } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { SessionNewsDesk } from './session-news.ts';

/** What an onlooker sees of an answer that comes in such pieces. */
async function seen(pieces: readonly (readonly [text: string, thinking: string])[]) {
  const desk = new SessionNewsDesk(
    systemClock,
    () => undefined,
    () => ['sk-ärger-123', 'sk'],
  );
  const leaving = new AbortController();
  let text = '';
  let thinking = '';
  for (const [written, thought] of pieces) desk.piece(written, thought);
  desk.piece('!', '!');
  for await (const news of desk.follow(leaving.signal)) {
    if (news.kind !== 'writing') continue;
    text += news.text;
    thinking += news.thinking;
    leaving.abort();
  }
  return { text, thinking };
}

test('a secret is not shown while it is written, however it is cut into pieces, and in thoughts neither', async () => {
  const written = 'The key is sk-ärger-123, and 💥 sk is short.';
  const clean = 'The key is [secret], and 💥 [secret] is short.!';
  const letters = Array.from(written, (letter) => [letter, letter] as const);
  for (const pieces of [letters, [[written, written]] as const]) {
    expect(await seen(pieces)).toMatchObject({ text: clean, thinking: clean });
  }
});

test('what one answer held back is not shown with the next', async () => {
  const desk = new SessionNewsDesk(
    systemClock,
    () => undefined,
    () => ['secret-word'],
  );
  desk.piece('ends in secret-', '');
  desk.written();
  desk.piece('word', '');
  const leaving = new AbortController();
  for await (const news of desk.follow(leaving.signal)) {
    expect(news).toMatchObject({ kind: 'writing', text: 'word' });
    leaving.abort();
  }
  expect(leaving.signal.aborted).toBe(true);
});
