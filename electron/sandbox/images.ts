import type { Id } from '../../shared/ids.ts';

/** A folder that is to become a layer over an image; nobody writes there meanwhile. */
export interface LayerWish {
  readonly session: Id<'session'>;
  /** What it is laid over; null: the base image made here. */
  readonly over: string | null;
  readonly folder: string;
  /** Programs of this machine that go along, by their names in `bin`. */
  readonly programs: Readonly<Record<string, string>>;
  readonly name: string;
  /** What it is an image of, in words of whoever asked for it. */
  readonly about: Readonly<Record<string, string>>;
}

export interface MadeLayer {
  /** Its id in the engine, which is a digest of what is in it. */
  readonly digest: string;
  /** Of the layer alone. */
  readonly bytes: number;
  readonly engine: string;
}

/** Images that Holdfast makes in an engine. */
export interface Images {
  has(digest: string): Promise<boolean>;
  /** The digest of what this name means in the engine; null: it has no such image. */
  digestOf(name: string): Promise<string | null>;
  /** One that a container or another image uses stays. */
  remove(digest: string): Promise<'removed' | 'gone' | 'used'>;
  addLayer(wish: LayerWish, signal: AbortSignal): Promise<MadeLayer>;
  /** Removes those of this data folder that are not among these; one that a container uses stays. */
  removeUnknown(known: ReadonlySet<string>): Promise<readonly string[]>;
}

/** Where a layer’s folder stands in its image. */
export const layerPlace = '/opt/holdfast';
