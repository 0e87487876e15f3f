/** What a stand-in answers to one request. Without a failure it is a whole answer, streamed in small pieces. */
export interface Scripted {
  readonly thinking?: string;
  readonly text?: string;
  readonly calls?: readonly ScriptedCall[];
  /** Where it is not said: `calls` where there are calls, else `end`. */
  readonly stop?: 'end' | 'calls' | 'length' | 'refusal' | 'stop_sequence' | 'content_filter';
  /** Where it is not said: a quarter of the characters. */
  readonly usage?: Partial<ScriptedUsage>;
  /** Characters of a piece; 12 where it is not said. */
  readonly piece?: number;
  /** Milliseconds between two pieces, for people who watch. */
  readonly pace?: number;
  /** Nothing is sent before this is done. */
  readonly after?: Promise<unknown>;
  readonly failure?: Failure;
}

export interface ScriptedCall {
  readonly tool: string;
  /** A text is sent as it is, JSON or not. */
  readonly input: Readonly<Record<string, unknown>> | string;
}

export interface ScriptedUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** The ways in which real servers fail. */
export type Failure =
  /** Refused before anything streams. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly message?: string;
      /** What the provider calls it, where the status does not say. */
      readonly label?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Takes the request and never says a word. */
  | { readonly kind: 'silent' }
  /** Sends its head and half an answer, then nothing more. */
  | { readonly kind: 'stalls' }
  /** Says the same word over and over, without an end; a pause of `pace` between. */
  | { readonly kind: 'drips' }
  /** Closes the connection in the middle. */
  | { readonly kind: 'cut' }
  /** Ends its stream properly, but in the middle of the answer. */
  | { readonly kind: 'ends_early' }
  | { readonly kind: 'malformed_json' }
  | { readonly kind: 'malformed_stream' }
  | { readonly kind: 'error_event'; readonly label?: string; readonly message?: string };

export const status = (
  code: number,
  more: Omit<Failure & { kind: 'status' }, 'kind' | 'status'> = {},
): Scripted => ({
  failure: { kind: 'status', status: code, ...more },
});
