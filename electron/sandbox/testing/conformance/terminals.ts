import { describe, expect, test } from 'vitest';
import type { RunningTerminal } from '../../sandbox.ts';
import { countOf, shell, until } from '../sandbox-house.ts';
import type { Subject } from './subject.ts';

async function* bytesOf(terminal: RunningTerminal): AsyncGenerator<Uint8Array, undefined> {
  yield* terminal.output;
  return undefined;
}

/** Reads a terminal as a person does: until something stands there. */
class Screen {
  readonly #terminal: RunningTerminal;
  readonly #output: AsyncIterator<Uint8Array, undefined>;
  #said = '';

  constructor(terminal: RunningTerminal) {
    this.#terminal = terminal;
    this.#output = bytesOf(terminal);
  }

  async until(wanted: RegExp): Promise<string> {
    while (!wanted.test(this.#said)) {
      const { value, done } = await this.#output.next();
      if (done) throw new Error(`it ended before ${String(wanted)} came: ${JSON.stringify(this.#said)}`);
      this.#said += Buffer.from(value).toString();
    }
    const all = this.#said;
    this.#said = '';
    return all;
  }

  async rest(): Promise<string> {
    for (;;) {
      const { value, done } = await this.#output.next();
      if (done) return this.#said;
      this.#said += Buffer.from(value).toString();
    }
  }

  type(text: string): Promise<void> {
    return this.#terminal.write(Buffer.from(text));
  }
}

const size = { columns: 91, rows: 33 };

export function terminalTests({ house }: Subject): void {
  describe('terminal', () => {
    test('it has the size it was given, also later, and its end tells the exit code', async () => {
      const sandbox = await house().start({ terminal: size });
      const terminal = await sandbox.terminal({ argv: ['/bin/sh'] });
      expect({ is: terminal.isTerminal, why: terminal.why }).toEqual({ is: true, why: null });
      const screen = new Screen(terminal);
      await screen.type('stty size; test -t 0 -a -t 1 -a -t 2 && echo terminal-$((1+1)); echo ":$TERM:"\n');
      const first = await screen.until(/:xterm-256color:/);
      expect(first).toMatch(/33 91/);
      expect(first).toMatch(/terminal-2/);
      terminal.resize({ columns: 120, rows: 40 });
      await screen.type('stty size; echo size-$((40+2))\n');
      expect(await screen.until(/size-42/)).toMatch(/40 120/);
      await screen.type('exit 9\n');
      await screen.rest();
      expect(await terminal.ended).toEqual({ how: 'exited', code: 9 });
    });

    test('control-C ends what runs, and the shell stays', async () => {
      const sandbox = await house().start({ terminal: size });
      const terminal = await sandbox.terminal({ argv: ['/bin/sh', '-i'] });
      const screen = new Screen(terminal);
      await screen.type('echo before-$((1+1)); sleep 98763; echo after-$((1+1))\n');
      await screen.until(/before-2/);
      // Until it runs, the shell itself would get what is typed.
      await until(async () => (await countOf(sandbox, '98763')) === 1);
      await screen.type('\u0003');
      await screen.type('echo still-$((1+1))\n');
      expect(await screen.until(/still-2/)).not.toMatch(/after-2/);
      await screen.type('kill -9 $$\n');
      await screen.rest();
      expect(await terminal.ended).toEqual({ how: 'signalled', signal: 9 });
    });

    test('nobody types into it from inside', async () => {
      const sandbox = await house().start({ terminal: size });
      const terminal = await sandbox.terminal({
        argv: ['perl', '-e', 'my $key = "x"; print ioctl(STDIN, 0x5412, $key) ? "typed" : "refused"'],
      });
      expect(await new Screen(terminal).rest()).toMatch(/refused/);
    });

    test('a terminal that floods waits for its reader, and is cancelled', async () => {
      const sandbox = await house().start({ terminal: size });
      const terminal = await sandbox.terminal({ argv: ['yes'] });
      expect((await shell(sandbox, 'echo beside')).out).toBe('beside\n');
      terminal.cancel();
      expect((await new Screen(terminal).rest()).length).toBeLessThan(4 << 20);
      expect(await terminal.ended).toEqual({ how: 'cancelled' });
    });

    test('there is one at most, and only where it was planned', async () => {
      const without = await house().plain();
      await expect(without.terminal({ argv: ['true'] })).rejects.toMatchObject({ code: 'conflict' });
      const sandbox = await house().start({ terminal: size });
      const terminal = await sandbox.terminal({ argv: ['true'] });
      await expect(sandbox.terminal({ argv: ['true'] })).rejects.toMatchObject({ code: 'conflict' });
      await new Screen(terminal).rest();
      expect(await terminal.ended).toEqual({ how: 'exited', code: 0 });
    });
  });
}
