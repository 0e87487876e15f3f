// Whether one file may import another, as a function from two places to a sentence. The order itself is data.
import { isTest, rooms } from './places.js';

/** @typedef {import('./places.js').Place} Place */

const look = 'See ARCHITECTURE.md and scripts/lint/rooms.json.';

/** @param {string[]} order */
const drawn = (order) => order.join(' > ');

/**
 * @param {Place} from
 * @param {Place} to
 */
function betweenElectronRooms(from, to) {
  const order = /** @type {string[]} */ (rooms.electron);
  if (to.room === '') {
    if (from.room === '' && rooms.entries.includes(to.entry)) return undefined;
    return `electron/${to.entry} is an entry of the house; a room never imports an entry. What it needs is handed in by core.ts. ${look}`;
  }
  if (!order.includes(to.room))
    return `electron/${to.room} is no known room. Add it to the order first. ${look}`;
  if (from.room === '') return undefined;
  if (!order.includes(from.room))
    return `electron/${from.room} is no known room. Add it to the order first. ${look}`;
  if (order.indexOf(from.room) <= order.indexOf(to.room)) return undefined;
  return (
    `The room ${from.room} lies below ${to.room} and may not import it. ` +
    `From door to cellar: ${drawn(order)}. Declare the interface you need in ${from.room} and let core.ts hand in the implementation. ${look}`
  );
}

/**
 * @param {Place} from
 * @param {Place} to
 */
function betweenRendererRooms(from, to) {
  const order = /** @type {string[]} */ (rooms.renderer);
  if (to.room === '') return `renderer/${to.entry} is the entry of the pages; nothing imports it. ${look}`;
  if (!order.includes(to.room))
    return `renderer/${to.room} is no known room. Add it to the order first. ${look}`;
  if (from.room === '') return undefined;
  if (from.room === 'ui' && to.room !== 'ui') {
    return `renderer/ui is the kit and knows no domain: it imports nothing but itself. ${look}`;
  }
  if (order.indexOf(from.room) <= order.indexOf(to.room)) return undefined;
  return `renderer/${from.room} may not import renderer/${to.room}. The order is ${drawn(order)}. ${look}`;
}

/** @param {Place} place the feature, which is a room of its own inside features/ */
const featureOf = (place) => (place.room === 'features' ? place.file.split('/')[2] : undefined);

/**
 * @param {Place} from
 * @param {Place} to
 */
function betweenFeatures(from, to) {
  const mine = featureOf(from);
  const other = featureOf(to);
  if (mine === undefined || other === undefined || mine === other) return undefined;
  return `The feature ${mine} may not import the feature ${other}. What both need belongs in renderer/ui or renderer/bridge. ${look}`;
}

/**
 * @param {Place} from
 * @param {Place} to
 */
function privacy(from, to) {
  if (to.side !== 'electron' || !to.inner) return undefined;
  if (from.side === 'electron' && from.room === to.room) return undefined;
  // What a room's tests stand on, measurements and tests of other rooms may stand on as well.
  const stands = from.side === 'bench' || from.side === 'e2e' || (from.side === 'electron' && isTest(from));
  if (stands && to.file.startsWith(`electron/${to.room}/testing/`)) return undefined;
  return `${to.file} is private to the room ${to.room}: what lies in a subfolder is not for others. Import a file at the top of electron/${to.room} instead. ${look}`;
}

/**
 * @param {Place} from
 * @param {Place} to
 * @returns {string | undefined} why not, or nothing
 */
export function judgeFiles(from, to) {
  if (from.side === to.side) {
    if (from.side === 'electron') return privacy(from, to) ?? betweenElectronRooms(from, to);
    if (from.side === 'renderer') return betweenFeatures(from, to) ?? betweenRendererRooms(from, to);
    return undefined;
  }
  if (from.side === 'renderer' && from.room === 'ui') {
    return `renderer/ui is the kit and knows no domain: it imports nothing but itself. ${look}`;
  }
  const proving = isTest(from) || from.file.includes('/testing/');
  if (proving && /** @type {string[]} */ (rooms.standIns).some((folder) => to.file.startsWith(folder))) {
    return undefined;
  }
  const allowed = /** @type {string[]} */ (rooms.sides[from.side]);
  if (!allowed.includes(to.side)) {
    const said = allowed.length === 0 ? 'nothing but itself' : allowed.join(', ');
    return `${from.side} may not import ${to.side}; it may use ${said}. ${look}`;
  }
  return privacy(from, to);
}

/**
 * @param {Place} from
 * @param {string} name the specifier of a package or a Node module
 * @returns {string | undefined} why not, or nothing
 */
export function judgePackage(from, name) {
  if (name === 'electron' || name.startsWith('electron/')) return judgeElectronModule(from);
  if (name.startsWith('node:') && !rooms.nodeSides.includes(from.side)) {
    if (from.side === 'renderer' && isTest(from)) return undefined;
    return `${from.side} runs in browsers too and may not import ${name}. ${look}`;
  }
  if (from.side !== 'shared' || isTest(from)) return undefined;
  const known = /** @type {string[]} */ (rooms.sharedPackages);
  if (known.some((each) => name === each || name.startsWith(`${each}/`))) return undefined;
  return `shared is known on both sides of the wire and uses nothing but ${known.join(' and ')}, not ${name}. ${look}`;
}

/** @param {Place} from */
function judgeElectronModule(from) {
  const may = rooms.electronModule;
  // The end-to-end tests hold the stand-in for that module.
  if (from.side === 'e2e') return undefined;
  if (from.side === 'electron' && (may.rooms.includes(from.room) || may.entries.includes(from.entry))) {
    return undefined;
  }
  return `Only electron/${may.rooms.join(', electron/')} and ${may.entries.join(', ')} import the module electron: everything else also runs without a window. ${look}`;
}

/**
 * @param {Place} from
 * @param {string} name a global name
 * @returns {string | undefined} why not, or nothing
 */
export function judgeGlobal(from, name) {
  if (isTest(from)) return undefined;
  if (from.side === 'shared' && [...rooms.nodeGlobals, ...rooms.browserGlobals].includes(name)) {
    return `shared is known on both sides of the wire and has neither Node nor a page: ${name} is not there. ${look}`;
  }
  if (from.side === 'renderer' && rooms.nodeGlobals.includes(name)) {
    return `Pages have no Node: ${name} is not there. ${look}`;
  }
  return undefined;
}
