import { bridgeName } from '../../shared/desktop-bridge.ts';

/** Its window opens no page but our own, and no browser for a site that we do not know. */
export const isInDesktop = (): boolean => bridgeName in globalThis;
