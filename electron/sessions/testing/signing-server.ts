import { onTestFinished } from 'vitest';
import { startSigningServer } from '../../../e2e/stand-in-tools/signing-server.ts';

/** Gone when the test is over. */
export async function signingServer() {
  const { state, url, close } = await startSigningServer();
  onTestFinished(close);
  return { state, url };
}
