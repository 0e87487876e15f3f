import type { z } from 'zod';

/** What a row's mark says; `quiet` has none. */
export type Tone = 'quiet' | 'good' | 'running' | 'waits' | 'refused';

/**
 * One kind of event. `sentence` completes "<actor> …" for people.
 * `otel` is the operation of OpenTelemetry's GenAI conventions, where one exists.
 */
export interface EventKindDefinition<Data extends z.ZodType = z.ZodType> {
  readonly data: Data;
  readonly sentence: (data: z.output<Data>) => string;
  readonly otel?: string;
  readonly tone?: Tone;
}

/** A definition as it is written: its schema is made when it is first asked for, for most lives need few of them. */
type WrittenKind<Data extends z.ZodType> = Omit<EventKindDefinition<Data>, 'data'> & {
  readonly data: () => Data;
};

/** Fixes the types of one definition; the catalogue is made of these. */
export function eventKind<Data extends z.ZodType>(written: WrittenKind<Data>): EventKindDefinition<Data> {
  let made: Data | undefined;
  return {
    ...written,
    get data() {
      return (made ??= written.data());
    },
  };
}

/** The first line of a text, cut to a length that fits a row. */
export function brief(text: string, most = 120): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
