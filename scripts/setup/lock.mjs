// What package-lock.json asks for on this machine, beside what npm noted inside node_modules.

/**
 * @typedef {string | readonly string[]} Names
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean,
 *   os?: Names, cpu?: Names, libc?: Names }} Locked
 * @typedef {{ packages: Record<string, Locked> }} Lock
 * @typedef {{ os: string, cpu: string, libc: string }} Kind
 */

/** @returns {Kind} */
export function thisKind() {
  const glibc = /** @type {any} */ (process.report?.getReport())?.header?.glibcVersionRuntime;
  return { os: process.platform, cpu: process.arch, libc: glibc === undefined ? 'musl' : 'glibc' };
}

/**
 * @param {Names | undefined} names such as `linux`, `["x64"]` or `["!win32"]`
 * @param {string} mine
 */
function includes(names, mine) {
  const all = names === undefined ? [] : [names].flat();
  if (all.includes(`!${mine}`)) return false;
  const wanted = all.filter((name) => !name.startsWith('!'));
  return wanted.length === 0 || wanted.includes(mine);
}

/**
 * A package made for machines like this one, such as the native half of a build tool. npm leaves it out when the
 * Node it runs on is too old for it, and says nothing.
 * @param {Locked} entry
 * @param {Kind} kind
 */
function isMadeFor(entry, kind) {
  if (entry.os === undefined && entry.cpu === undefined) return false;
  const libc = kind.os !== 'linux' || includes(entry.libc, kind.libc);
  return includes(entry.os, kind.os) && includes(entry.cpu, kind.cpu) && libc;
}

/**
 * Whether everything is there in its version. Optional packages may be missing unless they are made for here.
 * @param {Lock} wanted
 * @param {Lock} present
 * @param {Kind} kind
 */
export function lockIsMet(wanted, present, kind) {
  return Object.entries(wanted.packages).every(([name, entry]) => {
    if (name === '') return true;
    const there = present.packages[name];
    if (there !== undefined) return there.version === entry.version && there.integrity === entry.integrity;
    const optional = entry.optional === true || entry.devOptional === true;
    return optional && !isMadeFor(entry, kind);
  });
}
