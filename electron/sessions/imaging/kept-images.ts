import type { PresetName } from '../../../shared/command-agent.ts';
import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { ImagePruning, KeptImage, PresetImage } from '../../../shared/preset-image.ts';
import type { Agents } from '../../agents/agents.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Images } from '../../sandbox/images.ts';
import { imagesOfPreset, madeImages } from '../image-rows.ts';
import type { NamedImage } from '../preset-images.ts';
import { imagesOfUnfinished } from '../session-rows.ts';

export interface KeptImageParts {
  readonly record: Pick<AuditRecord, 'append' | 'rows'>;
  readonly agents: Pick<Agents, 'list'>;
  readonly named: () => Promise<readonly NamedImage[]>;
  /** Asked for only where one was made. */
  readonly images: () => Promise<Images>;
}

/** Those of one preset, or all; the newest of each first. */
export async function keptImages(parts: KeptImageParts, preset: PresetName | null): Promise<KeptImage[]> {
  const made = imagesMade(parts.record, preset);
  if (made.length === 0) return [];
  const images = await parts.images();
  const uses = await usesOf(parts, images);
  const known = new Set<PresetName>();
  const kept: KeptImage[] = [];
  for (const image of made) {
    if (!(await images.has(image.digest))) continue;
    kept.push({ ...image, newest: !known.has(image.preset), usedBy: uses.get(image.digest) ?? [] });
    known.add(image.preset);
  }
  return kept;
}

export interface PruneWish {
  readonly preset: PresetName | null;
  /** Only say what would become of them. */
  readonly dryRun: boolean;
}

/** What is older than the newest of its preset goes, unless something uses it. */
export async function pruneImages(
  parts: KeptImageParts,
  { preset, dryRun }: PruneWish,
  by: Actor,
): Promise<ImagePruning> {
  const found = await keptImages(parts, preset);
  const older = found.filter(({ newest }) => !newest);
  const kept = older
    .filter(({ usedBy }) => usedBy.length > 0)
    .map((image) => ({ image: plain(image), why: `used by ${image.usedBy.join(', ')}` }));
  const unused = older.filter(({ usedBy }) => usedBy.length === 0).map(plain);
  const present = new Set(found.map(({ digest }) => digest));
  const gone = imagesMade(parts.record, preset).filter(({ digest }) => !present.has(digest));
  if (dryRun) return { removed: unused, kept };
  for (const image of gone) await parts.record.append(removedEvent(image, false, by));
  if (unused.length === 0) return { removed: [], kept };
  const digests = unused.map(({ digest }) => digest);
  await parts.record.append({ kind: 'image.chosen', actor: by, data: { digests } });
  const images = await parts.images();
  const removed: PresetImage[] = [];
  for (const image of unused) {
    const became = await images.remove(image.digest);
    if (became === 'used') {
      kept.push({ image, why: 'a container or another image uses it' });
      continue;
    }
    await parts.record.append(removedEvent(image, became === 'removed', by));
    removed.push(image);
  }
  return { removed, kept };
}

function imagesMade(record: KeptImageParts['record'], preset: PresetName | null): PresetImage[] {
  const rows = preset === null ? record.rows(madeImages) : record.rows(imagesOfPreset, preset);
  return rows.map(({ image }) => JSON.parse(String(image)) as PresetImage);
}

function removedEvent(image: PresetImage, found: boolean, by: Actor): Draft {
  const { preset, package: name, version, digest, bytes } = image;
  return {
    kind: 'image.removed',
    actor: by,
    data: { preset, package: name, version, digest, bytes, found },
  };
}

function plain(kept: KeptImage): PresetImage {
  const { newest: _, usedBy: __, ...image } = kept;
  return image;
}

/** By the digest of an image: who names it. A file may name it by a tag, which the engine knows. */
async function usesOf(
  { record, agents, named: namedAbove }: KeptImageParts,
  images: Images,
): Promise<ReadonlyMap<string, string[]>> {
  const named = new Map<string, string[]>();
  const add = (image: string, who: string) => named.set(image, [...(named.get(image) ?? []), who]);
  for (const { name, agent } of await agents.list()) {
    if (agent?.sandbox.image) add(agent.sandbox.image, `the agent “${name}”`);
  }
  for (const { image, by } of await namedAbove()) add(image, by);
  for (const { id, image } of record.rows(imagesOfUnfinished)) {
    if (image !== null) add(String(image), `the session ${String(id)}`);
  }
  const uses = new Map<string, string[]>();
  for (const [image, who] of named) {
    const digest = await images.digestOf(image);
    if (digest !== null) uses.set(digest, [...(uses.get(digest) ?? []), ...who]);
  }
  return uses;
}
