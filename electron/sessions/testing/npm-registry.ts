import { onTestFinished } from 'vitest';
import { startNpmRegistry, type TinyPackage } from '../../../e2e/stand-in-tools/npm-registry.ts';

/** A registry with one package. Every name leads to it in tests. */
export async function npmRegistry(tiny: TinyPackage): Promise<string> {
  const registry = await startNpmRegistry(tiny, 'registry.test');
  onTestFinished(() => registry.close());
  return registry.url;
}
