type Interrupt = (signal: NodeJS.Signals) => void;

const answers: Interrupt[] = [];

/** While a verb has something to put in order when it is interrupted; the returned function gives that up. */
export function onInterrupt(answer: Interrupt): () => void {
  answers.push(answer);
  return () => {
    const at = answers.lastIndexOf(answer);
    if (at >= 0) answers.splice(at, 1);
  };
}

/** Hears the signals that end a program; where no verb answers, it ends. */
export function hearInterrupts(otherwise: () => void): void {
  const hear = (signal: NodeJS.Signals) => {
    const answer = answers.at(-1);
    if (answer) answer(signal);
    else if (signal === 'SIGINT') otherwise();
    else process.exit(128 + (signal === 'SIGTERM' ? 15 : 1));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
}
