import { Problem } from '../../shared/problem.ts';
import type { ModelAnswer, ModelCall, Models } from '../models/models.ts';

/** Hears what is being written, for whoever looks on. */
export interface Writing {
  piece(text: string, thinking: string): void;
  /** It waits, in words. */
  waiting(words: string | null): void;
  /** What was being written counts for nothing. */
  void(): void;
  /** It is an entry now. */
  written(): void;
}

function answerOf({ message, model, stop, usage, cost, attempts, request }: ModelAnswer): ModelAnswer {
  return { message, model, stop, usage, cost, attempts, request };
}

/** One answer of a model, with what is being written told on the way. */
export async function callModel(
  models: Models,
  call: ModelCall,
  signal: AbortSignal,
  writing: Writing,
): Promise<ModelAnswer> {
  for await (const piece of models.call(call, signal)) {
    switch (piece.kind) {
      case 'text':
        writing.piece(piece.text, '');
        break;
      case 'thinking':
        writing.piece('', piece.text);
        break;
      case 'call':
        break;
      case 'waiting':
        writing.void();
        writing.waiting(piece.words);
        break;
      case 'fell_back':
        writing.void();
        break;
      case 'end':
        return answerOf(piece);
    }
  }
  throw new Problem('internal', 'The model’s answer has no end.');
}
