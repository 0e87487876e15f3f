import { inside } from '../inside/made-up-files.ts';

/** Where the parts of a container's own machinery stand inside. */
export const insidePlaces = {
  helper: '/.holdfast-helper',
  terminal: '/.holdfast-terminal',
  secrets: '/run/secrets',
  home: inside.home,
} as const;

/** What the container runs for itself beside the commands: the engine's init, the helper, a reaper for each command. */
export const ownProcesses = 8;
