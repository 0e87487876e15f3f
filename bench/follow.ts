/**
 * From append to ten WebSocket followers at 2,000 events a second, and what that costs the main
 * thread; beside the same follower count on an idle loop (the timer's own delay).
 */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Contract } from '../shared/contract/contract.ts';
import { numberOption, percentile, quick, report } from './parts/report.ts';

const rate = numberOption('rate', 2000);
const seconds = numberOption('seconds', quick ? 4 : 15);
const followers = 10;

interface Told {
  sent: number;
  failures: number;
  p50: number;
  p99: number;
}

async function measure(atRate: number): Promise<{ latencies: number[]; told: Told; seen: number }> {
  const house = fork(new URL('./parts/busy-house.ts', import.meta.url), [String(atRate), String(seconds)]);
  const [{ address, token }] = (await once(house, 'message')) as [{ address: string; token: string }];
  const latencies: number[] = [];
  let seen = 0;
  const sockets = Array.from({ length: followers }, () => {
    const url = `${address.replace('http', 'ws')}/ws`;
    const websocket = new WebSocket(url, ['holdfast.v1', `bearer.${token}`]);
    const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ websocket }));
    const follow = async () => {
      for await (const { events } of await client.record.follow({ filter: {} })) {
        const now = performance.timeOrigin + performance.now();
        for (const event of events) {
          if (event.kind !== 'record.noted') continue;
          seen++;
          latencies.push(now - Number((event.data as { text: string }).text.split(' ', 1)[0]));
        }
      }
    };
    // Every follower ends when the house does.
    follow().catch(() => undefined);
    return websocket;
  });
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  await new Promise((resolve) => setTimeout(resolve, 300));
  house.send('go');
  const [told] = (await once(house, 'message')) as [Told];
  for (const socket of sockets) socket.close();
  await once(house, 'exit');
  return { latencies, told, seen };
}

const idle = await measure(1);
const busy = await measure(rate);
if (busy.told.failures > 0 || busy.seen !== busy.told.sent * followers) {
  throw new Error(
    `${busy.seen} of ${busy.told.sent * followers} were seen, ${busy.told.failures} appends failed`,
  );
}
report({
  name: `follow: append → ${followers} WebSocket followers at ${rate}/s`,
  figure: `p50 ${percentile(busy.latencies, 50).toFixed(1)} ms, p99 ${percentile(busy.latencies, 99).toFixed(1)} ms`,
  compared: `p50 ${percentile(idle.latencies, 50).toFixed(1)} ms at one event a second`,
  value: percentile(busy.latencies, 99),
  aim: { atMost: 10 },
  unit: ' ms',
});
report({
  name: 'follow: main event-loop delay meanwhile',
  figure: `p50 ${busy.told.p50.toFixed(1)} ms, p99 ${busy.told.p99.toFixed(1)} ms`,
  compared: `p99 ${idle.told.p99.toFixed(1)} ms idle, of which the probe's own timer is about 1 ms`,
  value: busy.told.p99,
  aim: { atMost: 5 },
  unit: ' ms',
});
