import type { AllowedTool } from '../tools/allowed-tool.ts';
import type { Intent } from '../tools/tool.ts';
import { fit } from './weighing/fitting.ts';
import { weighedCall } from './weighing/call-parts.ts';
import { type Part, partText } from './weighing/part.ts';

/**
 * The first part of a call that a skill’s patterns do not allow; null where they allow all of it. Read as rules that
 * allow are: every command of a line by itself, and what is not written out is outside.
 */
export async function outsideAllowed(
  allowed: readonly AllowedTool[],
  { tool, intents, folder }: { tool: string; intents: readonly Intent[]; folder: string | null },
): Promise<string | null> {
  const whole = (name: string) => allowed.some((one) => one.tool === name && one.only === null);
  if (whole(tool)) return null;
  const mine = allowed.flatMap((one) => (one.tool === tool && one.only ? [one.only] : []));
  const call = await weighedCall({ tool, agent: null, session: null, folder, input: {}, intents });
  const inside = (part: Part) => {
    if (part.kind === 'read') return whole('file_read');
    if (part.kind === 'write') return whole('file_write');
    if (part.kind === 'command' && (part.within || part.harmless)) return true;
    // What it does beside connecting is what the tool is for.
    if (part.kind === 'action' && mine.length > 0) return true;
    return mine.some(
      (capability) =>
        fit({ what: { tool: null, capability, exactly: null }, effect: 'allow' }, part, call) === 'yes',
    );
  };
  const outside = call.parts.find((part) => !inside(part));
  if (!outside) return null;
  const why = outside.kind === 'command' ? (outside.unclear ?? outside.careful) : null;
  return `“${partText(outside).slice(0, 200)}”${why === null ? '' : ` (${why})`}`;
}
