import { z } from 'zod';
import { tool, type Tool } from '../../../tools/tool.ts';

const text = (said: string) => [{ kind: 'text' as const, text: said }];

/** Writes a line to what the test holds: how often something was really done. */
export function notingTool(
  done: string[],
  options: { name?: string; repeatable?: boolean; parallel?: boolean } = {},
): Tool {
  const { name = 'note', repeatable = false, parallel = false } = options;
  return tool({
    name,
    title: 'Note',
    description: 'Notes a line.',
    input: z.strictObject({ line: z.string() }),
    needs: null,
    repeatable,
    parallel,
    surface: 'none',
    action: false,
    intends: () => [],
    preview: ({ line }) => line,
    async run({ line }) {
      done.push(line);
      return { ok: true, content: text(`noted ${line}`) };
    },
  });
}

/** Runs a command in the sandbox and returns what it said. */
export const runTool: Tool = tool({
  name: 'run',
  title: 'Run',
  description: 'Runs a program.',
  input: z.strictObject({ argv: z.array(z.string()).min(1), writes: z.boolean().default(true) }),
  needs: 'exec',
  repeatable: false,
  parallel: false,
  surface: 'sandbox',
  action: false,
  intends: ({ argv, writes }) => [{ kind: 'exec', argv, cwd: null, writes }],
  preview: ({ argv }) => argv.join(' '),
  async run({ argv, writes }, hands) {
    const running = await hands.exec({ argv, writes });
    running.endInput();
    let said = '';
    for await (const { bytes } of running.output) said += Buffer.from(bytes).toString();
    const end = await running.ended;
    const code = end.how === 'exited' ? end.code : null;
    return { ok: code === 0, content: text(said), shown: { kind: 'command', code, signal: null } };
  },
});

export const readTool: Tool = tool({
  name: 'read',
  title: 'Read',
  description: 'Reads a file.',
  input: z.strictObject({ path: z.string() }),
  needs: 'file_read',
  repeatable: true,
  parallel: true,
  surface: 'sandbox',
  action: false,
  intends: ({ path }) => [{ kind: 'read', path }],
  preview: ({ path }) => path,
  async run({ path }, hands) {
    const { bytes } = await hands.files.read(path);
    return { ok: true, content: text(bytes.toString('utf8')) };
  },
});

export const writeTool: Tool = tool({
  name: 'write',
  title: 'Write',
  description: 'Writes a file.',
  input: z.strictObject({ path: z.string(), content: z.string() }),
  needs: 'file_write',
  repeatable: true,
  parallel: false,
  surface: 'sandbox',
  action: false,
  intends: ({ path }) => [{ kind: 'write', path }],
  preview: ({ path }) => path,
  async run({ path, content }, hands) {
    await hands.files.write(path, Buffer.from(content), { how: 'replace' });
    return { ok: true, content: text('written') };
  },
});

const nameOf = (agent: string | Record<string, unknown>) =>
  typeof agent === 'string' ? agent : 'one of its own';

export const spawnTool: Tool = tool({
  name: 'spawn',
  title: 'Spawn',
  description: 'Starts agents.',
  input: z.strictObject({
    agents: z.array(z.union([z.string(), z.record(z.string(), z.json())])),
    message: z.string(),
  }),
  needs: 'spawn_agent',
  repeatable: true,
  parallel: false,
  surface: 'none',
  action: false,
  intends: ({ agents }) => agents.map((agent) => ({ kind: 'spawn' as const, agent: nameOf(agent) })),
  preview: ({ agents }) => agents.map(nameOf).join(', '),
  async run({ agents, message }, hands, signal) {
    const done = await hands.children.run(
      agents.map((agent) => ({ agent, message, priorFindings: null })),
      signal,
    );
    return { ok: true, content: text(JSON.stringify(done)) };
  },
});

export const sendTool: Tool = tool({
  name: 'send',
  title: 'Send',
  description: 'Sends a message to an agent.',
  input: z.strictObject({ to: z.string(), text: z.string() }),
  needs: 'message',
  repeatable: false,
  parallel: false,
  surface: 'none',
  action: false,
  intends: ({ to }) => [{ kind: 'message', to }],
  preview: ({ to }) => to,
  async run({ to, text: said }, hands) {
    const { delivered } = await hands.children.send(to, said);
    return { ok: delivered, content: text(delivered ? 'delivered' : 'nobody is there') };
  },
});
