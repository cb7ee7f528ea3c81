/**
 * The bench's own clients as a process of their own, so that what the bench does beside them costs them nothing.
 * Takes its orders as JSON in the first argument and answers with a line of JSON. `idle` says how many connections are
 * open, holds them until stdin ends, and says it again.
 */

import type { BenchRequest } from '../workloads.js';
import { IdleConnections } from './idle-connections.js';
import { type MixedLoopOptions, runMixedLoop } from './mixed-loop.js';
import { type OpenLoopOptions, runOpenLoop } from './open-loop.js';

export type LoadOrder =
  | ({ readonly kind: 'open' } & OpenLoopOptions)
  | ({ readonly kind: 'mixed' } & MixedLoopOptions)
  | { readonly kind: 'idle'; readonly port: number; readonly request: BenchRequest; readonly count: number };

async function obey(order: LoadOrder): Promise<void> {
  if (order.kind === 'open') answer(await runOpenLoop(order));
  else if (order.kind === 'mixed') answer(await runMixedLoop(order));
  else {
    const idle = await IdleConnections.open(order.port, order.request, order.count);
    answer({ open: idle.openCount });
    process.stdin.resume();
    await new Promise((resolve) => process.stdin.once('end', resolve));
    answer({ open: idle.openCount });
    idle.close();
  }
}

function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

await obey(JSON.parse(process.argv[2] ?? '') as LoadOrder);
