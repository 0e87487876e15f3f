// The packages that Holdfast itself needs from the system: for root on Debian they are installed, once a day at most
// where that fails; everybody else is told the one command.
import fs from 'node:fs';
import path from 'node:path';
import { readStamp, writeStamp } from './stamp.mjs';
import { locate, provide, thisMachine } from './system-packages.mjs';

/** @typedef {import('./system-packages.mjs').SystemPackage} SystemPackage */

const day = 24 * 60 * 60 * 1000;

/**
 * @param {string} root
 * @returns {SystemPackage[]} what is missing on this machine
 */
function missingFor(root) {
  return tableOf(root).filter((each) => each.setup === true && locate(each, thisMachine) === undefined);
}

/**
 * What the named measurements need; where it cannot be had they say so themselves.
 * @param {string} root
 * @param {readonly string[]} benches
 * @param {(line: string) => void} say
 */
export function provideForBenches(root, benches, say) {
  const wanted = tableOf(root).filter((each) => each.benches?.some((name) => benches.includes(name)));
  provide(wanted, { ...thisMachine, say });
}

/**
 * @param {string} root
 * @returns {SystemPackage[]}
 */
function tableOf(root) {
  const table = path.join(root, 'scripts', 'testing', 'system-packages.json');
  return JSON.parse(fs.readFileSync(table, 'utf8'));
}

/** @param {string} root */
const memoryIn = (root) => path.join(root, 'node_modules', '.holdfast', 'system-packages.json');

/** @param {string} root */
const wasToldToday = (root) => Date.now() - Number(readStamp(memoryIn(root))['failed']) < day;

/** @param {string} root */
export const needsSystemPackages = (root) =>
  process.platform === 'linux' && missingFor(root).length > 0 && !wasToldToday(root);

/**
 * @param {string} root
 * @param {(line: string) => void} say
 */
export function provideSystemPackages(root, say) {
  const missing = provide(missingFor(root), { ...thisMachine, say });
  if (missing.length > 0) writeStamp(memoryIn(root), { failed: Date.now() });
}
