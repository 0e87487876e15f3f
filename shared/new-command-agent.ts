import type { PresetLook } from './preset.ts';

/** How a command agent comes to its model. */
export const modelWays = ['key', 'sign-in', 'gateway'] as const;
export type ModelWay = (typeof modelWays)[number];

/** The ways that a known agent has at all. */
export function waysOf({ credential, signIn, gateway }: PresetLook): ModelWay[] {
  return [
    ...(gateway && gateway.wire !== 'any' ? (['gateway'] as const) : []),
    ...(credential ? (['key'] as const) : []),
    ...(signIn ? (['sign-in'] as const) : []),
  ];
}

/** The text of a new command agent’s file, to be gone on with by the person. */
export function newCommandAgent(name: string, preset: PresetLook, way: ModelWay | null): string {
  const lines = [`name: ${name}`, 'description: What it is for, in one sentence.', 'command:'];
  lines.push(`  preset: ${preset.name}`);
  if (preset.name === 'script') lines.push('  argv: [make, test]');
  if (preset.name === 'runa') lines.push('  argv: [my-agent]', '  methodology: ~/methodology');
  const { credential, signIn, gateway } = preset;
  if (way === 'key' && credential) {
    lines.push('  credentials:', `    - { secret: ${credential.secret}, variable: ${credential.variable} }`);
  }
  if (way === 'sign-in' && signIn) {
    const target = `/home/${name}/${signIn.place}`;
    lines.push(...commented(signIn.consequence, '  '), '  mounts:');
    lines.push(`    - { source: ${JSON.stringify(signIn.source)}, target: ${target}, read_only: false }`);
  }
  if (way === 'gateway') lines.push(gateway?.needsModel ? '  gateway: { model: NAME }' : '  gateway: {}');
  if (way === 'sign-in' && signIn) {
    lines.push('network:', ...[...preset.hosts, ...signIn.hosts].map((host) => `  - ${host}`));
  }
  return `${lines.join('\n')}\n`;
}

const width = 100;

function commented(words: string, before: string): string[] {
  const lines: string[] = [];
  for (const word of words.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${before}# ${word}`);
  }
  return lines;
}
