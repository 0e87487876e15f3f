// Where a file lives in the house, read from its path alone.
import path from 'node:path';
import { readFileSync } from 'node:fs';

/**
 * @typedef {{ file: string, side: string, room: string, inner: boolean, entry: string }} Place
 *   `room` is '' for the files at a side's top (`entry` then holds the file's name); `inner` says that the file
 *   lies in a subfolder of its room, which is private to it.
 */

const house = JSON.parse(readFileSync(new URL('./rooms.json', import.meta.url), 'utf8'));
export const rooms = house;

/**
 * @param {string} file absolute
 * @param {string} cwd
 * @returns {Place | undefined}
 */
export function placeOf(file, cwd) {
  const parts = path.relative(cwd, file).split(path.sep);
  const [side = '', ...rest] = parts;
  if (!(side in house.sides) || rest.length === 0) return undefined;
  const folders = rest.slice(0, -1);
  const name = (rest.at(-1) ?? '').replace(/\.[cm]?[jt]sx?$/, '');
  return {
    file: parts.join('/'),
    side,
    room: folders[0] ?? '',
    inner: folders.length > 1,
    entry: folders.length === 0 ? name : '',
  };
}

/** @param {Place} place */
export const isTest = (place) => /\.(test|spec)\.[cm]?[jt]sx?$/.test(place.file);
