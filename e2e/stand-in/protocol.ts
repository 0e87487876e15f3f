import type { Request as PageRequest } from '@playwright/test';
import { app } from './app.ts';

type Serve = (request: Request) => Response | Promise<Response>;

const registered = new Map<string, object>();
const served = new Map<string, Serve>();

export const protocol = {
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges: object }[]): void {
    if (app.isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const { scheme, privileges } of schemes) registered.set(scheme, privileges);
  },
  handle(scheme: string, serve: Serve): void {
    if (!registered.has(scheme))
      throw new Error(`${scheme} was not registered, so it has no origin of its own`);
    served.set(scheme, serve);
  },
};

/** What the app's own scheme answers; undefined for requests that are not under it. */
export async function answerRequest(
  address: string,
  request: PageRequest,
): Promise<{ status: number; headers: Record<string, string>; body: Buffer } | undefined> {
  const serve = served.get(address.split(':', 1)[0] ?? '');
  if (!serve) return undefined;
  const body = request.postDataBuffer();
  const response = await serve(
    new Request(address, { method: request.method(), ...(body ? { body: new Uint8Array(body) } : {}) }),
  );
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  };
}
