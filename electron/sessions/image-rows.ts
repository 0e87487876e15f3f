import type { DataOf, Projection } from '../audit/projection.ts';

const images = 'preset_images';
const making = 'preset_images_making';

/** Images with a known agent’s program in them, and whether one was being made. */
export const imageRows: Projection = {
  name: 'images',
  kinds: ['image.begun', 'image.made', 'image.removed', 'image.failed'],
  tables: {
    [images]: 'digest TEXT PRIMARY KEY, number INTEGER NOT NULL, preset TEXT NOT NULL, image TEXT NOT NULL',
    [making]: 'preset TEXT PRIMARY KEY, package TEXT NOT NULL',
  },
  rows(event) {
    if (event.kind === 'image.begun') {
      const { preset, package: name } = event.data as DataOf<'image.begun'>;
      return [{ op: 'put', table: making, row: { preset, package: name } }];
    }
    if (event.kind === 'image.removed') {
      const { digest } = event.data as DataOf<'image.removed'>;
      return [{ op: 'drop', table: images, key: { digest } }];
    }
    const { preset } = event.data as DataOf<'image.failed'>;
    const over = { op: 'drop', table: making, key: { preset } } as const;
    if (event.kind !== 'image.made') return [over];
    const { engine: _, seconds: __, hosts: ___, ...made } = event.data as DataOf<'image.made'>;
    const { digest } = made;
    const image = JSON.stringify({ ...made, made: event.time });
    return [over, { op: 'put', table: images, row: { digest, number: event.seq, preset, image } }];
  },
};

export const imagesBeingMade = `SELECT preset, package FROM ${making}`;
export const madeImages = `SELECT digest, image FROM ${images} ORDER BY preset, number DESC`;
export const imagesOfPreset = `SELECT image FROM ${images} WHERE preset = ? ORDER BY number DESC`;
