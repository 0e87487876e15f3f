/**
 * Given to a daemon with `--import`: writes into a file, one line each, which module each of its threads loads and who
 * asked for it, and when the daemon said its first words.
 */
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const file = process.env['HOLDFAST_TEST_LOADED'] ?? '';
const tell = (...words: string[]) => appendFileSync(file, `${words.join(' ')}\n`);

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    tell(isMainThread ? 'main' : 'writer', found.url, context.parentURL ?? '');
    return found;
  },
});

if (isMainThread) {
  const { stdout } = process;
  const write = stdout.write.bind(stdout) as (...said: unknown[]) => boolean;
  stdout.write = (...said: unknown[]) => {
    tell('ready');
    return write(...said);
  };
}
