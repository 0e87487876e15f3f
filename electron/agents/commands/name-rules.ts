/** Accounts that every system has: a home of that name is somebody else’s. */
const accounts = new Set(['root', 'nobody', 'daemon', 'bin', 'sys', 'man', 'mail']);

/** Set by Holdfast itself, or by the system for it. */
const setByHoldfast = /^(HOME|AGENT_NAME|AGENTD_WORK_UNIT|AGENTD_REPO_TOKEN|HOLDFAST_.*)$/;

export function isReservedAgentName(name: string): boolean {
  return accounts.has(name);
}

export function isReservedVariable(name: string, { secret }: { secret: boolean }): boolean {
  return setByHoldfast.test(name) || (secret && name === 'PATH');
}
