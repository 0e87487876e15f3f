import { parseArgs } from 'node:util';
import { demoAnswer } from './demo-agent.ts';
import { startModelStandIn } from './stand-in.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '11777' } } });
const server = await startModelStandIn({
  answer: demoAnswer,
  models: ['demo'],
  port: Number(values.port),
}).catch((failure: Error) => {
  process.stderr.write(`It cannot listen: ${failure.message}. Take another port with --port.\n`);
  process.exit(6);
});

process.stdout.write(`The demo's model listens at ${server.openai}. It needs no key, and costs nothing.

Tell Holdfast of it, in another terminal:

  npm run holdfast -- configure --provider demo --base-url ${server.openai} --no-key --model demo

Then give an agent a folder and a task, in the window or so:

  npm run holdfast -- ask generalist "Show me what you can do" --folder .

Ctrl-C ends it.
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void server.close().then(() => process.exit(0));
  });
}
