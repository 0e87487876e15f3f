import os from 'node:os';
import { Problem, type ProblemCode } from '../../../shared/problem.ts';
import { protocol } from './protocol.ts';

const codes: Readonly<Partial<Record<string, ProblemCode>>> = {
  ENOENT: 'not_found',
  ENOTDIR: 'not_found',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
  ELOOP: 'forbidden',
  EMLINK: 'forbidden',
  EXDEV: 'forbidden',
  EEXIST: 'conflict',
  ENOTEMPTY: 'conflict',
  EBUSY: 'conflict',
  ETXTBSY: 'conflict',
  EFBIG: 'too_large',
  EINVAL: 'invalid_input',
  EISDIR: 'invalid_input',
  ENAMETOOLONG: 'invalid_input',
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
  EAGAIN: 'too_many',
  ENOMEM: 'too_many',
  EMFILE: 'too_many',
  ENFILE: 'too_many',
  ENOSYS: 'unavailable',
};

const sentences: Readonly<Partial<Record<string, string>>> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'something on the way is no folder',
  EACCES: 'the sandbox has no right to it',
  EPERM: 'the sandbox has no right to it',
  EROFS: 'it is read-only here',
  ELOOP: 'its path leads through a link',
  EXDEV: 'that would cross from one grant into another',
  EEXIST: 'something bears that name already',
  ENOTEMPTY: 'the folder is not empty',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'no space is left there',
  EDQUOT: 'no space is left there',
  EFBIG: 'it would be larger than the limit',
};

const names = new Map(Object.entries(os.constants.errno).map(([name, number]) => [number, name]));

/** `ENOENT` and the like; the helper’s numbers are this kernel’s. */
export const errorName = (number: number): string => names.get(number) ?? `error ${number}`;

/** The words for a number, whoever sent it. */
export const errorWords = (number: number): string => {
  const name = errorName(number);
  return sentences[name] ?? name;
};

/** What became of one request, in words made here: nothing of them comes from the sandbox. */
export function refusal(what: string, errno: number, reason: number): Problem {
  switch (reason) {
    case protocol.REFUSED_NO_FILE:
      return new Problem('invalid_input', `${what} is refused: it is no regular file.`);
    case protocol.REFUSED_NAMES:
      return new Problem(
        'forbidden',
        `${what} is refused: the file has several names, and others of them may lie outside.`,
        'Copy the file and give the copy its name.',
      );
    case protocol.REFUSED_MANY:
      return new Problem('too_many', `${what} is refused: too much is at work in this sandbox at once.`);
    case protocol.REFUSED_NOT_ENFORCED:
      return new Problem(
        'unavailable',
        `${what} is refused: rights for one command cannot be enforced here, because Landlock is missing.`,
        'Start a sandbox of its own with these rights.',
      );
    default:
      return new Problem(
        codes[errorName(errno)] ?? 'storage_failed',
        `${what} is refused: ${errorWords(errno)}.`,
      );
  }
}
