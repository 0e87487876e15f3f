/** The tests' hand inside the app: asks what is there, and does what a person would do outside of the page. */
type Call = (...given: never[]) => unknown;

interface Question {
  id: number;
  call: string;
  given: unknown[];
}

const calls = new Map<string, Call>();

/** Lets tests call this by name. */
export function allow(name: string, call: Call): void {
  calls.set(name, call);
}

/** Tells the tests something without being asked. */
export function report(told: Record<string, unknown>): void {
  process.send?.(told);
}

async function answer({ id, call, given }: Question): Promise<void> {
  try {
    const known = calls.get(call);
    if (!known) throw new Error(`the stand-in has no ${call}`);
    report({ id, result: (await known(...(given as never[]))) ?? null });
  } catch (failure) {
    report({ id, failure: String(failure) });
  }
}

/** Waits for tests that want to be there before anything happens; without tests it goes on. */
export function waitForTests(): Promise<void> {
  if (!process.send) return Promise.resolve();
  return new Promise((resolve) => allow('begin', () => resolve()));
}

export function listenToTests(): void {
  process.on('message', (question: Question) => void answer(question));
}
