import { posix } from 'node:path';
import { isPlain } from '../../../shared/capability/miswritten.ts';
import { Problem } from '../../../shared/problem.ts';
import type { SessionWish } from '../../../shared/session.ts';
import { shortestSecret } from '../../store/sealed-vault.ts';
import type { Vault } from '../../store/vault.ts';

/** What the record keeps of a command line at most. */
const longestCommand = 128 * 1024;
const longestEnvironment = 512 * 1024;

/** Refuses a wish that no sandbox could keep, before anything is opened or written. */
export function checkWish(wish: SessionWish, vault: Pick<Vault, 'get' | 'values'>): void {
  const [program = ''] = wish.argv;
  if (program === '' || !isPlain(program)) {
    throw new Problem('invalid_input', 'There is no program to run.', 'Name one, such as “bash”.');
  }
  if ([...wish.argv, ...Object.values(wish.environment)].some((text) => text.includes('\0'))) {
    throw new Problem('invalid_input', 'No argument and no variable can contain a zero byte.');
  }
  refuseTooLong('command line', wish.argv, longestCommand);
  refuseTooLong('environment', Object.entries(wish.environment).flat(), longestEnvironment);
  if (wish.image !== null && wish.sandbox !== 'container') {
    throw new Problem(
      'invalid_input',
      'An image is what a container is made from; a namespace sandbox shows the system’s own programs.',
      'Leave the image out, or ask for a container.',
    );
  }
  for (const { path } of wish.folders) refuseKernelFolder(path);
  checkSecrets(wish, vault);
}

/** The kernel's own trees are each sandbox's own, and the root would be every one of them. */
export function refuseKernelFolder(path: string): void {
  const place = posix.normalize(path).replace(/(?<=.)\/$/, '');
  const kernels = ['/proc', '/sys', '/dev'].find((own) => place === own || place.startsWith(`${own}/`));
  if (place !== '/' && kernels === undefined) return;
  throw new Problem(
    'forbidden',
    kernels === undefined ? 'The whole file system is not granted.' : `${kernels} is not granted.`,
    'Name the folders that are needed; the system’s programs are there without that.',
  );
}

function checkSecrets(
  { argv, environment, secrets }: SessionWish,
  vault: Pick<Vault, 'get' | 'values'>,
): void {
  for (const name of Object.values(secrets)) {
    if (vault.get(name) !== undefined) continue;
    throw new Problem(
      'not_found',
      `There is no secret “${name}”.`,
      `Store it with \`holdfast secrets set ${name}\`.`,
    );
  }
  const open = [...argv, ...Object.values(environment)];
  const known = vault.values().filter((value) => value.length >= shortestSecret);
  if (!known.some((value) => open.some((text) => text.includes(value)))) return;
  throw new Problem(
    'invalid_input',
    'A stored secret stands in the command line or in a variable, where every process could read it.',
    'Give it as a file: --secret FILE=NAME puts it below /run/secrets.',
  );
}

function refuseTooLong(what: string, texts: readonly string[], most: number): void {
  const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
  if (size <= most) return;
  throw new Problem(
    'too_large',
    `The ${what} has ${size} bytes; ${most} is the most.`,
    'Put it into a file.',
  );
}
