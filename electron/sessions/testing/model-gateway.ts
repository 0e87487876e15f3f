import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { onTestFinished } from 'vitest';
import type { Scripted } from '../../../e2e/stand-in-models/scripted.ts';
import { startModelStandIn, type ModelStandInOptions } from '../../../e2e/stand-in-models/stand-in.ts';
import { systemClock } from '../../base/clock.ts';
import { later } from '../../base/later.ts';
import { ModelRoom } from '../../models/model-room.ts';
import type { Executor } from '../../sandbox/sandbox.ts';
import { operator } from './some-sessions.ts';
import { someWork } from './some-work.ts';

const bundled = fileURLToPath(new URL('../../../resources/models/models.yaml', import.meta.url));
const own = `
models:
  stand-in/one: { context: 200000, output: 4000, price: { input: 2, output: 10 } }
  openai-stand-in/one: { context: 200000, output: 4000, price: { input: 2, output: 10 } }
`;
export const key = 'sk-the-real-key-0123456789';

/** Command agents, and a server of models that wants a key: `stand-in` speaks Messages, `openai-stand-in` the other two. */
export async function modelGateway(
  options: readonly Scripted[] | ModelStandInOptions,
  container?: (data: string) => Executor,
) {
  const server = await startModelStandIn({
    key,
    ...(Array.isArray(options) ? { script: options as Scripted[] } : (options as ModelStandInOptions)),
  });
  onTestFinished(() => server.close());
  let room: ModelRoom | undefined;
  const door = later(async () => {
    if (!room) throw new Error('there are no models yet');
    return room.door();
  });
  const work = await someWork({ parts: { door }, ...(container && { container }) });
  const { record, vault, folder } = work;
  writeFileSync(join(folder, 'models.yaml'), own);
  room = await ModelRoom.open({
    record,
    vault,
    clock: systemClock,
    random: () => 0,
    fetch: globalThis.fetch,
    files: { bundled, own: join(folder, 'models.yaml') },
    environment: {},
  });
  onTestFinished(() => room?.close());
  await vault.set('stand-in.key', key);
  const secret = 'stand-in.key';
  const at = [
    { provider: 'stand-in', wire: 'messages' as const, baseUrl: server.url, secret },
    { provider: 'openai-stand-in', wire: 'chat' as const, baseUrl: server.openai, secret },
  ];
  for (const each of at) await room.providers.configure(each, operator);
  const models = room;
  /** Declares an agent by the value of its file. */
  const declareAgent = (declaration: { readonly name: string; readonly [field: string]: unknown }) =>
    writeFileSync(join(folder, 'agents', `${declaration.name}.yaml`), stringify(declaration));
  return { ...work, server, models, declareAgent };
}

/** A function of bash that asks as programs do, at the address of its variables: `ask TOKEN`. */
export const askModels = (asked: object, path = '/v1/messages') => `ask() {
  at="\${HOLDFAST_GATEWAY_URL#http://}"
  exec 3<>"/dev/tcp/\${at%:*}/\${at#*:}"
  body='${JSON.stringify(asked)}'
  printf 'POST ${path} HTTP/1.1\\r\\nHost: x\\r\\nContent-Type: application/json\\r\\nAuthorization: Bearer %s\\r\\nContent-Length: %s\\r\\n\\r\\n%s' "$1" "\${#body}" "$body" >&3
  cat <&3; exec 3>&-
}`;
