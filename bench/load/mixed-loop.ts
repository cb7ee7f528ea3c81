/** Closed loop with a few slow requests among fast ones: what matters is how long the fast ones take. */

import { quantileOfSorted } from '../statistics.js';
import type { BenchRequest } from '../workloads.js';
import { ClientConnection, encodeRequest } from './client-connection.js';
import { ErrorCount, type LoadFigures } from './load-figures.js';

export interface MixedLoopOptions {
  readonly port: number;
  readonly request: BenchRequest;
  readonly slow: BenchRequest;
  readonly slowEvery: number;
  readonly connections: number;
  readonly seconds: number;
}

export async function runMixedLoop(options: MixedLoopOptions): Promise<LoadFigures> {
  const fast = encodeRequest(options.request);
  const slow = encodeRequest(options.slow);
  const latencies: number[] = [];
  const errors = new ErrorCount();
  let sent = 0;
  let slowDone = 0;
  const startMs = performance.now();
  const endMs = startMs + options.seconds * 1000;

  const run = async (): Promise<void> => {
    const connection = new ClientConnection(options.port);
    await new Promise<void>((resolve) => {
      const next = (): void => {
        const sentMs = performance.now();
        if (sentMs >= endMs) {
          resolve();
          return;
        }
        sent += 1;
        const isSlow = sent % options.slowEvery === 0;
        connection.send(isSlow ? slow : fast, (outcome) => {
          if (isSlow) slowDone += 1;
          else latencies.push(performance.now() - sentMs);
          if ('error' in outcome) errors.add(outcome.error.message);
          else if (outcome.response.status !== 200) errors.add(`status ${outcome.response.status}`);
          // A refused connection fails at once: not in a loop that never lets go.
          if ('error' in outcome) setTimeout(next, 1);
          else next();
        });
      };
      next();
    });
    connection.close();
  };
  await Promise.all(Array.from({ length: options.connections }, run));

  const seconds = (performance.now() - startMs) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    requests: latencies.length + slowDone,
    seconds,
    p50Ms: quantileOfSorted(latencies, 0.5) ?? 0,
    p99Ms: quantileOfSorted(latencies, 0.99) ?? 0,
    p999Ms: quantileOfSorted(latencies, 0.999) ?? 0,
    maxMs: latencies.at(-1) ?? 0,
    errors: errors.total,
    errorText: errors.text,
    extra: { slowRequests: slowDone },
  };
}
