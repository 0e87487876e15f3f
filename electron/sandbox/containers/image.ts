import type { ImageInspectInfo } from 'dockerode';
import { Problem } from '../../../shared/problem.ts';
import { type BaseImage, makeBaseImage } from './base-image.ts';
import { layerPlace } from '../images.ts';
import type { Told } from '../sandbox.ts';
import { type Engine, engineProblem, statusOf } from './engine.ts';
import { layoutLabel } from './image-labels.ts';

export interface Image {
  /** By its id: a name may come to mean another image before the container is made. */
  readonly id: string;
  readonly name: string;
  /** Made of this machine's own system. */
  readonly base: boolean;
  /** What it brings beside that. */
  readonly brings: readonly string[];
  readonly searchPath: string | null;
  /** Where it wants volumes: they are given a bounded temporary space instead. */
  readonly volumes: readonly string[];
}

/** The image of a plan, made or fetched where it is not there yet. */
export async function ensureImage(
  engine: Engine,
  wanted: string | null,
  base: BaseImage,
  told: Told,
  signal: AbortSignal,
): Promise<Image> {
  const name = wanted ?? base.name;
  let inspected = await inspectedImage(engine, name);
  if (!inspected) {
    if (name.startsWith('sha256:')) throw gone(name);
    if (wanted === null) await makeBaseImage(engine, base);
    else await pull(engine, name, told, signal);
    inspected = await inspectedImage(engine, name);
  }
  if (!inspected) throw new Problem('unavailable', `The image ${name} is gone again.`, 'Try again.');
  const layout = wanted === null ? base.name : layoutOf(inspected);
  if (layout !== null && layout !== base.name) throw moved(name);
  const environment = (inspected.Config?.Env ?? []) as readonly string[];
  return {
    id: inspected.Id,
    name,
    base: layout !== null,
    brings: wanted !== null && layout !== null ? [layerPlace] : [],
    searchPath: environment.find((each) => each.startsWith('PATH='))?.slice('PATH='.length) ?? null,
    volumes: Object.keys(inspected.Config?.Volumes ?? {}),
  };
}

const layoutOf = ({ Config: config }: ImageInspectInfo): string | null =>
  (config?.Labels as Record<string, string> | null | undefined)?.[layoutLabel] ?? null;

const gone = (name: string) =>
  new Problem(
    'not_found',
    `The engine has no image ${name}.`,
    'Make it again, or load it into the engine: by this name it can be fetched from nowhere.',
  );

const moved = (name: string) =>
  new Problem(
    'conflict',
    `The image ${name} was made when this machine’s system was laid out in another way.`,
    'Make it again.',
  );

export async function inspectedImage(engine: Engine, name: string): Promise<ImageInspectInfo | null> {
  try {
    return await engine.api.getImage(name).inspect();
  } catch (thrown) {
    if (statusOf(thrown) === 404) return null;
    throw engineProblem(`The image ${name} cannot be looked at`, thrown);
  }
}

interface PullLine {
  readonly status?: string;
  readonly error?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

async function pull(engine: Engine, name: string, told: Told, signal: AbortSignal): Promise<void> {
  const failed = (thrown: unknown) =>
    engineProblem(
      `The image ${name} is not here and cannot be fetched`,
      thrown,
      'Check its name and the way to its registry, or load it into the engine first, for example with docker load.',
    );
  const sizes = new Map<string, { current: number; total: number }>();
  let last: number | null | undefined;
  const tell = () => {
    const percent = percentOf([...sizes.values()]);
    if (percent !== last) told(`fetching the image ${name}${percent === null ? '' : `: ${percent} %`}`);
    last = percent;
  };
  try {
    tell();
    const tagged = /[@:][^/]*$/.test(name) ? name : `${name}:latest`;
    const stream = await engine.api.pull(tagged, { abortSignal: signal });
    for await (const line of linesOf(stream)) {
      if (line.error) throw new Problem('unavailable', line.error);
      const { current, total } = line.progressDetail ?? {};
      const downloads = line.status === 'Downloading';
      if (downloads && line.id && current !== undefined && total) sizes.set(line.id, { current, total });
      tell();
    }
  } catch (thrown) {
    signal.throwIfAborted();
    throw failed(thrown instanceof Problem ? new Error(thrown.message) : thrown);
  }
}

function percentOf(sizes: readonly { current: number; total: number }[]): number | null {
  const total = sizes.reduce((sum, each) => sum + each.total, 0);
  const current = sizes.reduce((sum, each) => sum + each.current, 0);
  return total === 0 ? null : Math.min(100, Math.floor((current / total) * 100));
}

/** A registry's words pass through here: a line that never ends is not kept. */
const longestLine = 65_536;

async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<PullLine> {
  let rest = '';
  for await (const chunk of stream) {
    rest += chunk.toString('utf8');
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new Error('the engine sent a line that never ends');
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as PullLine;
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as PullLine;
}
