import { spawn } from 'node:child_process';
import os from 'node:os';

// One Ctrl-C reaches us twice: from the terminal, and again from npm, which hands on what it received itself.
const oneKeyPress = 500;

/**
 * Counts signals as a person means them: repetitions within a moment are one.
 * @param {() => number} now milliseconds
 */
export function onePerMoment(now) {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const at = now();
    if (at - last < oneKeyPress) return false;
    last = at;
    return true;
  };
}

/**
 * Runs a program with our own input and output and answers its exit code.
 *
 * `shared`: the program stays in our process group and hears the terminal itself; we only wait for its end.
 * `once`: the program gets a group of its own and hears from us, so that one Ctrl-C is one signal; its second
 * one means "stop at once". Windows knows no such signals; there the console tells every program of it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, signals: 'shared' | 'once' }} options
 * @returns {Promise<number>}
 */
export function runToEnd(command, args, { cwd, env, signals }) {
  const alone = signals === 'once' && process.platform !== 'win32';
  const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: 'inherit', detached: alone });
  const isNew = onePerMoment(() => performance.now());
  /** @param {NodeJS.Signals} signal */
  const hear = (signal) => {
    // A closed terminal is a wish to stop in order, like SIGTERM.
    if (alone && isNew()) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    else if (!alone && signal !== 'SIGINT') child.kill(signal);
  };
  /** @type {NodeJS.Signals[]} */
  const heard = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of heard) process.on(signal, hear);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const each of heard) process.off(each, hear);
      resolve(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]));
    });
  });
}
