import type { Container } from 'dockerode';
import { Problem } from '../../../shared/problem.ts';
import { findSystemPlaces } from '../bubblewrap/system-places.ts';
import { type Images, layerPlace, type LayerWish, type MadeLayer } from '../images.ts';
import { baseImageFor } from './base-image.ts';
import { type Engine, engineProblem, statusOf } from './engine.ts';
import { ensureImage, type Image, inspectedImage } from './image.ts';
import { imageLabels, imagesOf } from './image-labels.ts';
import { labelsFor, labelsUndone } from './labels.ts';
import { layerArchive } from './layer-archive.ts';
import { removeContainer } from './remove-container.ts';

export interface ImageNeeds {
  readonly engine: () => Promise<Engine>;
  readonly data: string;
  readonly live: Set<string>;
}

const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function createImages(needs: ImageNeeds): Images {
  return {
    async has(digest) {
      return (await inspectedImage(await needs.engine(), digest)) !== null;
    },
    async digestOf(name) {
      const found = await inspectedImage(await needs.engine(), name);
      return found && digestOf(found.Id);
    },
    async remove(digest) {
      const { api } = await needs.engine();
      return removal(api.getImage(digest));
    },
    addLayer: (wish, signal) => addLayer(needs, wish, signal),
    async removeUnknown(known) {
      const { api } = await needs.engine();
      const made = await api.listImages({ all: false, filters: imagesOf(needs.data) });
      const removed: string[] = [];
      for (const { Id } of made) {
        if (known.has(digestOf(Id)) || (await removal(api.getImage(Id))) !== 'removed') continue;
        removed.push(`the image ${Id}`);
      }
      return removed;
    },
  };
}

/** One that a container uses stays: the engine refuses to remove it without force. */
const removal = (image: { remove(): Promise<unknown> }): Promise<'removed' | 'gone' | 'used'> =>
  image.remove().then(
    () => 'removed',
    (thrown: unknown) => {
      if (statusOf(thrown) === 404) return 'gone';
      if (statusOf(thrown) === 409) return 'used';
      throw engineProblem('An image cannot be removed', thrown);
    },
  );

/** Nothing is run: the folder is put into a container that never starts, which then becomes the image. */
async function addLayer(needs: ImageNeeds, wish: LayerWish, signal: AbortSignal): Promise<MadeLayer> {
  const engine = await needs.engine();
  const base = baseImageFor(await findSystemPlaces());
  const image = await ensureImage(engine, wish.over, base, () => undefined, signal);
  let container: Container | undefined;
  needs.live.add(wish.session);
  try {
    container = await engine.api.createContainer({
      Image: image.id,
      Cmd: ['/nothing'],
      Labels: labelsFor(needs.data, wish.session),
      NetworkDisabled: true,
      HostConfig: { NetworkMode: 'none' },
      abortSignal: signal,
    });
    const { stream, written } = await layerArchive(wish);
    const put = container.putArchive(stream, { path: '/', abortSignal: signal });
    const [bytes] = await Promise.all([written, put]);
    signal.throwIfAborted();
    const digest = await committed(container, wish, image.base ? base.name : null, image, needs.data);
    return { digest, bytes, engine: `${engine.name} ${engine.version}` };
  } catch (thrown) {
    signal.throwIfAborted();
    throw engineProblem('The image cannot be made', thrown);
  } finally {
    if (container) await removeContainer(container);
    needs.live.delete(wish.session);
  }
}

async function committed(
  container: Container,
  { name, about }: LayerWish,
  base: string | null,
  { searchPath }: Image,
  data: string,
): Promise<string> {
  const labels = { ...imageLabels(data, base, about), ...labelsUndone };
  const split = name.lastIndexOf(':');
  const told = (await container.commit({
    repo: name.slice(0, split),
    tag: name.slice(split + 1),
    pause: false,
    changes: [
      `ENV PATH=${layerPlace}/bin:${searchPath ?? usualPath}`,
      ...Object.entries(labels).map(
        ([key, value]) => `LABEL ${JSON.stringify(key)}=${JSON.stringify(value)}`,
      ),
    ],
  })) as { Id?: unknown };
  if (typeof told.Id !== 'string' || !/^(sha256:)?[0-9a-f]{64}$/.test(told.Id)) {
    throw new Problem('unavailable', 'The engine does not say which image it made.');
  }
  return digestOf(told.Id);
}

/** Engines say it with and without the name of the digest. */
const digestOf = (id: string): string => (id.startsWith('sha256:') ? id : `sha256:${id}`);
