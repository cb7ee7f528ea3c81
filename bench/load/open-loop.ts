/**
 * Open loop: requests at a constant rate, whether or not the server keeps up. A request's latency counts from the moment
 * it was due, so the time that it waits for a free connection is in it, and so is what this client was late itself
 * (timers tick in milliseconds; `late` says how much). A client that measures from when it got round to sending omits
 * exactly the requests that a stalled server has made wait.
 */

import { quantileOfSorted } from '../statistics.js';
import type { BenchRequest } from '../workloads.js';
import { ClientConnection, encodeRequest } from './client-connection.js';
import { ErrorCount, type LoadFigures } from './load-figures.js';

export interface OpenLoopOptions {
  readonly port: number;
  readonly request: BenchRequest;
  readonly connections: number;
  readonly ratePerSecond: number;
  readonly seconds: number;
}

/** What is still open this long after the last request was due has failed. */
const graceMsLimit = 2_000;

export async function runOpenLoop(options: OpenLoopOptions): Promise<LoadFigures> {
  const { port, ratePerSecond, seconds } = options;
  const request = encodeRequest(options.request);
  const total = Math.round(ratePerSecond * seconds);
  const intervalMs = 1000 / ratePerSecond;
  const free = Array.from({ length: options.connections }, () => new ClientConnection(port));
  const all = [...free];
  // Opened beforehand: the rate is about requests.
  await Promise.all(all.map((connection) => connection.request(request)));

  const latencies: number[] = [];
  const late: number[] = [];
  const errors = new ErrorCount();
  /** When requests were due that wait for a connection. */
  const waiting: number[] = [];
  let waitingFrom = 0;
  let done = 0;
  const startMs = performance.now() + 5;
  let onDone = () => {};
  const allDone = new Promise<void>((resolve) => {
    onDone = resolve;
  });

  const sendNext = (): void => {
    while (waitingFrom < waiting.length) {
      const connection = free.pop();
      if (connection === undefined) return;
      const dueMs = waiting[waitingFrom] ?? 0;
      waitingFrom += 1;
      connection.send(request, (outcome) => {
        latencies.push(performance.now() - dueMs);
        if ('error' in outcome) errors.add(outcome.error.message);
        else if (outcome.response.status !== 200) errors.add(`status ${outcome.response.status}`);
        free.push(connection);
        done += 1;
        if (done === total) onDone();
        sendNext();
      });
    }
  };
  let next = 0;
  const tick = (): void => {
    const nowMs = performance.now();
    while (next < total && startMs + next * intervalMs <= nowMs) {
      const dueMs = startMs + next * intervalMs;
      waiting.push(dueMs);
      late.push(nowMs - dueMs);
      next += 1;
    }
    sendNext();
    if (next < total) setTimeout(tick, Math.max(1, Math.floor(startMs + next * intervalMs - performance.now())));
  };
  setTimeout(tick, 5);
  const giveUp = setTimeout(onDone, seconds * 1000 + graceMsLimit);
  await allDone;
  clearTimeout(giveUp);

  const endMs = performance.now();
  for (let index = done; index < total; index += 1) errors.add(`no answer ${graceMsLimit / 1000} s after the end`);
  for (const connection of all) connection.close();
  latencies.sort((a, b) => a - b);
  late.sort((a, b) => a - b);
  return {
    requests: done,
    seconds: (endMs - startMs) / 1000,
    p50Ms: quantileOfSorted(latencies, 0.5) ?? 0,
    p99Ms: quantileOfSorted(latencies, 0.99) ?? 0,
    p999Ms: quantileOfSorted(latencies, 0.999) ?? 0,
    maxMs: latencies.at(-1) ?? 0,
    errors: errors.total,
    errorText: errors.text,
    extra: {
      clientLateP50Ms: quantileOfSorted(late, 0.5) ?? 0,
      clientLateP99Ms: quantileOfSorted(late, 0.99) ?? 0,
    },
  };
}
