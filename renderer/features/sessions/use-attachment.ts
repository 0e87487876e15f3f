import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { Viewed } from '../../../shared/contract/sessions.ts';
import { problemOf } from '../../../shared/contract/problems.ts';
import type { Problem } from '../../../shared/problem.ts';
import { base64OfBytes, bytesOfBase64 } from '../../bridge/base64.ts';
import { useHouse } from '../../bridge/house.ts';
import { countOf } from '../../ui/words.ts';
import type { TerminalScreen } from './screen.ts';

export interface Attachment {
  readonly problem: Problem | null;
  /** Why there are pipes where a terminal was asked for. */
  readonly why: string | null;
  readonly ended: boolean;
}

type Attached = Extract<Viewed, { kind: 'attached' }>;

/** Shows a session’s output on a screen for as long as both are there, and takes what is typed to it. */
export function useAttachment(session: string, screen: TerminalScreen | null, input: boolean): Attachment {
  const house = useHouse();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attached, setAttached] = useState<Attached | null>(null);
  const [ended, setEnded] = useState(false);
  const viewer = useRef<Attached | null>(null);

  useEffect(() => {
    if (!screen) return undefined;
    const life = new AbortController();
    const failed = (thrown: unknown) => {
      if (!life.signal.aborted) setProblem(problemOf(thrown));
    };
    const each = (viewed: Viewed) => {
      if (viewed.kind === 'attached') {
        viewer.current = viewed;
        setAttached(viewed);
        screen.clear();
        screen.typing(viewed.input);
        if (viewed.size !== null) screen.resize(viewed.size);
        if (viewed.input) screen.focus();
      } else if (viewed.kind === 'ended') {
        screen.typing(false);
        setEnded(true);
        life.abort();
      } else show(screen, viewed, viewer.current?.terminal ?? false);
    };
    const open = (signal: AbortSignal) => house.client.sessions.attach({ session, input }, { signal });
    house.followStream(open, each, life.signal).catch(failed);
    return () => life.abort();
  }, [house, session, screen, input]);

  const send = useTyping(session, viewer, setProblem);
  useEffect(() => screen?.onInput(send), [screen, send]);
  useFilling(session, screen, viewer, attached);
  return { problem, why: attached?.why ?? null, ended };
}

function show(screen: TerminalScreen, viewed: Viewed, isTerminal: boolean): void {
  if (viewed.kind === 'skipped') screen.say(`${countOf(viewed.bytes)} bytes came too fast and are not shown`);
  if (viewed.kind === 'resized') screen.resize(viewed.size);
  if (viewed.kind !== 'output') return;
  const bytes = bytesOfBase64(viewed.data);
  screen.write(isTerminal ? bytes : withReturns(bytes));
}

/** Pipes carry bare line feeds; a screen wants the carriage to return as well. */
function withReturns(bytes: Uint8Array): Uint8Array {
  const feed = 10;
  const feeds = bytes.reduce((count, byte) => count + Number(byte === feed), 0);
  const out = new Uint8Array(bytes.length + feeds);
  let at = 0;
  for (const byte of bytes) {
    if (byte === feed) out[at++] = 13;
    out[at++] = byte;
  }
  return out;
}

/** Keys in their order: one call at a time, and what is typed meanwhile goes with the next. */
function useTyping(
  session: string,
  viewer: RefObject<Attached | null>,
  failed: (problem: Problem) => void,
): (bytes: Uint8Array) => void {
  const { client } = useHouse();
  const waiting = useRef<number[]>([]);
  const sending = useRef(false);
  return useCallback(
    (bytes: Uint8Array) => {
      waiting.current.push(...bytes);
      if (sending.current) return;
      sending.current = true;
      const drain = async () => {
        while (waiting.current.length > 0 && viewer.current?.input) {
          const next = Uint8Array.from(waiting.current.splice(0, 64_000));
          await client.sessions.input({ session, viewer: viewer.current.viewer, data: base64OfBytes(next) });
        }
      };
      drain()
        .catch((thrown: unknown) => failed(problemOf(thrown)))
        .finally(() => {
          waiting.current = [];
          sending.current = false;
        });
    },
    [client, session, viewer, failed],
  );
}

/** Who types decides the size: the terminal fills the place that it has here. */
function useFilling(
  session: string,
  screen: TerminalScreen | null,
  viewer: RefObject<Attached | null>,
  attached: Attached | null,
): void {
  const { client } = useHouse();
  useEffect(() => {
    if (!screen || !attached?.input || !attached.terminal) return undefined;
    let last = '';
    const fill = () => {
      const size = screen.fitting();
      if (!size || `${size.columns}x${size.rows}` === last) return;
      last = `${size.columns}x${size.rows}`;
      const id = viewer.current?.viewer;
      // A session that ends meanwhile needs no size any more.
      if (id) client.sessions.resize({ session, viewer: id, size }).catch(() => undefined);
    };
    fill();
    addEventListener('resize', fill);
    return () => removeEventListener('resize', fill);
  }, [client, session, screen, viewer, attached]);
}
