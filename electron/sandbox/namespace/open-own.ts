import { sandboxLimitsSchema } from '../../../shared/session.ts';
import type { OwnWork } from '../own-work.ts';
import type { Sandbox } from '../sandbox.ts';
import { type PrepareNeeds, prepareSandbox } from './prepare.ts';

/** A sandbox for Holdfast's own work: it has no more than that work needs. */
export async function openOwnSandbox(work: OwnWork, needs: PrepareNeeds): Promise<Sandbox> {
  const { session, folders, masked, own } = work;
  const plan = {
    session,
    folders,
    egress: null,
    loopback: false,
    unixSockets: false,
    limits: sandboxLimitsSchema.parse({}),
    image: null,
    terminal: null,
    environment: {},
    secrets: {},
    masked,
    scratch: '',
    kept: '',
  };
  const parts = { places: own, keepsRepositories: false };
  const prepared = await prepareSandbox(plan, new AbortController().signal, needs, parts);
  try {
    return await prepared.start();
  } catch (failure) {
    await prepared.teardown();
    throw failure;
  }
}
