import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Paths } from '../base/paths.ts';
import { makePrivateFolder } from '../base/private-files.ts';

/**
 * The folders in which Holdfast keeps its own: hidden in every sandbox, never granted. They are made where they are
 * not there yet, since a sandbox could otherwise make one that Holdfast would read later.
 */
export async function ownPlaces(
  { data, configuration, socket }: Paths,
  /** Where records on disk lie, when that is elsewhere. */
  records: string | null,
): Promise<string[]> {
  const sockets = socket.startsWith('\\\\') ? [] : [dirname(socket)];
  const places = [...new Set([data, configuration, ...sockets, ...(records === null ? [] : [records])])];
  await Promise.all(places.map((place) => makePrivateFolder(place)));
  return [...new Set(places.map((place) => realpathSync(place)))];
}
