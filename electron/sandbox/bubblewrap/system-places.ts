import { lstat, readdir, readlink, realpath } from 'node:fs/promises';

/** What of the system every sandbox sees, read-only. */
export interface SystemPlaces {
  /** Folders bound as they are. */
  readonly folders: readonly string[];
  /** Such as /bin → usr/bin, made anew inside. */
  readonly links: readonly { readonly at: string; readonly to: string }[];
  /** Pieces of /etc, bound from where they really lie. */
  readonly pieces: readonly { readonly from: string; readonly at: string }[];
}

const topFolders = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/**
 * What programs need to start; nothing about this machine's people or network. Each costs a mount at every start, so
 * what merely makes things nicer is left out.
 */
const piecesOfEtc = [
  'ld.so.cache',
  'alternatives',
  'ssl/certs',
  'ssl/openssl.cnf',
  'pki/tls/certs',
  'pki/ca-trust',
  'crypto-policies',
  'localtime',
];

/** Java does not start without its configuration, whose name has its version. */
const javaConfiguration = /^java(-|$)/;

async function topFolder(name: string) {
  const at = `/${name}`;
  const facts = await lstat(at).catch(() => undefined);
  if (facts?.isSymbolicLink()) return { link: { at, to: await readlink(at) } };
  return facts?.isDirectory() ? { folder: at } : {};
}

async function piece(name: string) {
  const at = `/etc/${name}`;
  return realpath(at).then(
    (from) => ({ from, at }),
    () => undefined,
  );
}

/** Looks once: these hardly change while Holdfast lives. */
export async function findSystemPlaces(): Promise<SystemPlaces> {
  const top = await Promise.all(topFolders.map(topFolder));
  const names = await readdir('/etc').catch(() => []);
  const wanted = [...piecesOfEtc, ...names.filter((name) => javaConfiguration.test(name))];
  const pieces = await Promise.all(wanted.map(piece));
  return {
    folders: ['/usr', ...top.flatMap(({ folder }) => (folder === undefined ? [] : [folder]))],
    links: top.flatMap(({ link }) => (link === undefined ? [] : [link])),
    pieces: pieces.filter((each) => each !== undefined),
  };
}
