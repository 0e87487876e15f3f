import { lstat, readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { Problem } from '../../shared/problem.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** One step of a path: a plain name, so neither `..` nor a hidden file nor a separator of any system. */
const step = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

function locate(folder: string, pathname: string): string {
  const steps = pathname.split('/').filter((part) => part !== '');
  if (steps.some((part) => !step.test(part))) throw new Problem('not_found', 'There is no such page.');
  // Every address without a file name belongs to the one page, which finds its own way.
  const last = steps.at(-1);
  return last === undefined || extname(last) === '' ? join(folder, 'index.html') : join(folder, ...steps);
}

export interface Page {
  readonly type: string;
  readonly content: Buffer;
}

/** Files that never change under their name: however many ask and take nothing, they hold one copy, and at rest none is. */
const inHand = new Map<string, WeakRef<Buffer>>();
const beingRead = new Map<string, Promise<Page>>();

/** An address without a file name is the one page, also under this folder. */
const isLasting = (pathname: string) => pathname.startsWith('/assets/') && extname(pathname) !== '';

/** A file of the built pages, by the path of its address. */
export async function readPage(folder: string, pathname: string): Promise<Page> {
  const path = locate(folder, pathname);
  if (!isLasting(pathname)) return readAt(path);
  const content = inHand.get(path)?.deref();
  if (content) return { type: types[extname(path)]!, content };
  let reading = beingRead.get(path);
  if (!reading) {
    reading = readAt(path).finally(() => beingRead.delete(path));
    beingRead.set(path, reading);
  }
  const page = await reading;
  inHand.set(path, new WeakRef(page.content));
  return page;
}

async function readAt(path: string): Promise<Page> {
  const type = types[extname(path)];
  const content = type === undefined ? undefined : await readPlainFile(path);
  if (content !== undefined && type !== undefined) return { type, content };
  throw path.endsWith('index.html')
    ? new Problem('unavailable', 'The pages are not built.', 'Build them with `npm run build`.')
    : new Problem('not_found', 'There is no such page.');
}

/** Answers with a file of the built pages. */
export async function sendPage(
  response: ServerResponse,
  folder: string,
  pathname: string,
  head: boolean,
): Promise<void> {
  const { type, content } = await readPage(folder, pathname);
  response.writeHead(200, {
    'content-type': type,
    'content-length': content.length,
    'cache-control': isLasting(pathname) ? 'public, max-age=31536000, immutable' : 'no-store',
  });
  response.end(head ? undefined : content);
}

async function readPlainFile(path: string): Promise<Buffer | undefined> {
  try {
    return (await lstat(path)).isFile() ? await readFile(path) : undefined;
  } catch (failure) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes((failure as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw failure;
  }
}
