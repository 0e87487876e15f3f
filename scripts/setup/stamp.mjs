// What a build was made from, in two steps: sizes and times of the files (milliseconds to look at), and where
// those differ their contents, because a checkout changes times without changing a line.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * @typedef {{ times: string, contents: string }} Stamp
 */

/**
 * Every file below the given files and folders, in a fixed order, relative to the root.
 * @param {string} root
 * @param {readonly string[]} places
 * @param {(file: string) => boolean} counts
 */
export function listFiles(root, places, counts) {
  /** @type {string[]} */
  const found = [];
  /** @param {string} place */
  const visit = (place) => {
    const status = fs.statSync(path.join(root, place), { throwIfNoEntry: false });
    if (status === undefined) return;
    if (status.isDirectory())
      for (const name of fs.readdirSync(path.join(root, place))) visit(`${place}/${name}`);
    else if (counts(place)) found.push(place);
  };
  for (const place of places) visit(place);
  return found.sort();
}

/**
 * @param {string} root
 * @param {readonly string[]} files
 */
export function timesOf(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const status = fs.statSync(path.join(root, file));
    hash.update(`${file}\0${status.size}\0${status.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {readonly string[]} files
 */
export function contentsOf(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = createHash('sha256')
      .update(fs.readFileSync(path.join(root, file)))
      .digest('hex');
    hash.update(`${file}\0${content}\n`);
  }
  return hash.digest('hex');
}

/**
 * @param {string} file
 * @returns {Record<string, unknown>}
 */
export function readStamp(file) {
  if (!fs.existsSync(file)) return {};
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    // A stamp cut off in the middle says nothing, like none at all.
    return {};
  }
}

/**
 * @param {string} file
 * @param {unknown} stamp
 */
export function writeStamp(file, stamp) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(stamp)}\n`);
}

/**
 * Whether the files are still those of the stamp; refreshes the stamp where only times changed.
 * @param {string} root
 * @param {readonly string[]} files
 * @param {string} stampFile
 */
export function isUnchanged(root, files, stampFile) {
  const stamp = readStamp(stampFile);
  if (stamp['contents'] === undefined) return false;
  const times = timesOf(root, files);
  if (stamp['times'] === times) return true;
  if (stamp['contents'] !== contentsOf(root, files)) return false;
  writeStamp(stampFile, { times, contents: stamp['contents'] });
  return true;
}
