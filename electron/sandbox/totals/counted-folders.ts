import type { SandboxPlan } from '../sandbox.ts';

/** Folders of Holdfast's own that lie on a disk and count towards the total of a session. */
export const countedFolders = ({ own = [] }: Pick<SandboxPlan, 'own'>): string[] =>
  own.filter(({ counted }) => counted === true).map(({ path }) => path);
