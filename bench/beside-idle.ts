/** The workload with idle connections: what thousands of them cost those that are active. */

import { account, type Measured } from './account.js';
import { startChild } from './child.js';
import { memoryOf } from './proc.js';
import { clientCommand, type LoadContext, loadExtraMsLimit, runWrk } from './run-load.js';
import type { ServerProcess } from './server-process.js';
import type { Workload } from './workloads.js';

/** The same load alone and beside idle connections: what they cost the active ones, and what each takes of memory. */
export async function measureBesideIdle(
  server: ServerProcess,
  workload: Workload,
  count: number,
  context: LoadContext,
): Promise<Measured> {
  const alone = await runWrk(server, workload, context, context.secondsPerLoad);
  const residentBefore = memoryOf(server.pids).residentBytes;
  const command = clientCommand({ kind: 'idle', port: server.port, request: workload.request, count });
  const client = startChild(command, { setpriv: context.tools.setpriv });
  try {
    await awaitLine(client.output, client.ended, 1);
    const residentAfter = memoryOf(server.pids).residentBytes;
    const measured = await account(server, () => runWrk(server, workload, context, context.secondsPerLoad));
    client.process.stdin?.end();
    await awaitLine(client.output, client.ended, 2);
    const lines = client.output().trim().split('\n');
    const { open } = JSON.parse(lines[1] ?? '') as { open: number };
    const { figures } = measured;
    const aloneRate = alone.requests / alone.seconds;
    const lost = count - open;
    return {
      ...measured,
      figures: {
        ...figures,
        errors: figures.errors + alone.errors + lost,
        errorText: [
          figures.errorText,
          alone.errorText,
          lost > 0 ? `${lost} x idle connection closed by the server` : '',
        ]
          .filter(Boolean)
          .join(', '),
        extra: {
          requestsPerSecondAlone: aloneRate,
          shareOfAlone: measured.requestsPerSecond / aloneRate,
          residentBytesPerIdleConnection: (residentAfter - residentBefore) / count,
        },
      },
    };
  } finally {
    client.process.kill('SIGKILL');
    await client.ended;
  }
}

/** @throws Error with what the client wrote, where it ends before this many lines */
async function awaitLine(output: () => string, ended: Promise<string>, count: number): Promise<void> {
  const deadline = performance.now() + loadExtraMsLimit;
  const state = { end: '' };
  void ended.then((end) => {
    state.end = end;
  });
  while (output().split('\n').length <= count) {
    if (state.end !== '') throw new Error(`the client ended with ${state.end}: ${errorLine(output())}`);
    if (performance.now() > deadline) throw new Error(`idle connections: no end after ${loadExtraMsLimit / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (!/^\{/.test(output().split('\n')[count - 1] ?? '')) throw new Error(errorLine(output()));
}

function errorLine(output: string): string {
  return /^\w*Error: .*$/m.exec(output)?.[0] ?? output.slice(-300);
}
