import { createHash } from 'node:crypto';
import type { Id } from '../../../shared/ids.ts';

const owner = 'app.holdfast.owner';
const session = 'app.holdfast.session';

/** Says which data folder made it: another instance on this machine never touches it. */
export const ownerOf = (data: string): string => createHash('sha256').update(data).digest('hex').slice(0, 32);

export const labelsFor = (data: string, id: Id<'session'>): Record<string, string> => ({
  [owner]: ownerOf(data),
  [session]: id,
});

/** As engines filter by it. Filters compare whole values, and what they answer is compared again. */
export const ownedBy = (data: string) => ({ label: [`${owner}=${ownerOf(data)}`] });

export const isOwn = (data: string, labels: Readonly<Record<string, string>> | null | undefined): boolean =>
  labels?.[owner] === ownerOf(data);

export const sessionOf = (labels: Readonly<Record<string, string>> | null | undefined): string =>
  labels?.[session] ?? 'an unknown session';

/** For an image that a container became: what is run from it is no sandbox of ours. */
export const labelsUndone: Readonly<Record<string, string>> = { [owner]: '', [session]: '' };
