import type { MachineFinding } from '../../shared/contract/house.ts';
import type { AuditRecord } from '../audit/record.ts';
import { hasDisplay } from '../base/display.ts';
import { findProgram } from '../base/find-program.ts';
import type { Vault } from '../store/vault.ts';
import { dataFolder, permissions } from './machine/storage.ts';

export interface MachineLookNeeds {
  readonly data: string;
  readonly vault: Vault;
  readonly record: Pick<AuditRecord, 'rows' | 'misfits'>;
  readonly logTrouble: () => string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** What each way of containing finds: they ask the real things. */
  readonly lookAtSandboxes: () => Promise<MachineFinding[]>;
}

/** Looks at what this machine offers and lacks, and changes nothing. */
export async function lookAtMachine(needs: MachineLookNeeds): Promise<MachineFinding[]> {
  const { data, environment, platform } = needs;
  const storage = await Promise.all([dataFolder(data), permissions(data)]);
  const [screen, contained] = await Promise.all([display(platform, environment), needs.lookAtSandboxes()]);
  const { record, vault, logTrouble } = needs;
  const inside = [checkpoints(record), sqlite(record), secrets(vault), log(logTrouble())];
  return [...storage, ...inside, node(), screen, ...contained];
}

function node(): MachineFinding {
  const { node: version, electron } = process.versions;
  const detail = electron ? `${version} in Electron ${electron}` : version;
  const recent = Number(version.split('.', 1)[0]) >= 24;
  const finding = { id: 'node', name: 'Node', detail };
  return recent
    ? { ...finding, state: 'ok' }
    : { ...finding, state: 'warning', mend: 'Holdfast is tried with Node 24; `npm ci` brings one.' };
}

function checkpoints(record: Pick<AuditRecord, 'misfits'>): MachineFinding {
  const finding = { id: 'checkpoints', name: 'Kept checkpoint' };
  const [first] = record.misfits();
  return first === undefined
    ? { ...finding, state: 'ok', detail: 'fits the record' }
    : {
        ...finding,
        state: 'warning',
        detail: `${first} does not fit: events were changed or removed, or this is another record`,
        mend: 'Run `holdfast verify`, and restore a backup where it finds anything. Remove the file when it is explained.',
      };
}

function sqlite(record: Pick<AuditRecord, 'rows'>): MachineFinding {
  const version = record.rows('SELECT sqlite_version() AS version')[0]?.['version'];
  return { id: 'sqlite', name: 'SQLite', state: 'ok', detail: String(version) };
}

function secrets({ kept, warning }: Vault): MachineFinding {
  const finding = { id: 'secrets', name: 'Secrets' };
  return warning === null
    ? { ...finding, state: 'ok', detail: kept }
    : { ...finding, state: 'warning', detail: `${kept}: ${warning}` };
}

function log(trouble: string | null): MachineFinding {
  const finding = { id: 'log', name: 'Log' };
  return trouble === null
    ? { ...finding, state: 'ok', detail: 'written' }
    : {
        ...finding,
        state: 'warning',
        detail: `lines are being lost: ${trouble}`,
        mend: 'Free some space on this disk.',
      };
}

async function display(
  platform: NodeJS.Platform,
  environment: MachineLookNeeds['environment'],
): Promise<MachineFinding> {
  const finding = { id: 'display', name: 'Display' };
  if (!hasDisplay(platform, environment)) {
    return {
      ...finding,
      state: 'missing',
      detail: 'none here',
      mend: 'Use the link of `holdfast open` in a browser on this machine, or through an SSH tunnel.',
    };
  }
  const opener = platform === 'linux' ? await findProgram('xdg-open', environment['PATH']) : 'the system';
  return opener === undefined
    ? {
        ...finding,
        state: 'warning',
        detail: 'no xdg-open to open a browser with',
        mend: 'sudo apt install xdg-utils',
      }
    : { ...finding, state: 'ok', detail: `a browser opens through ${opener}` };
}
