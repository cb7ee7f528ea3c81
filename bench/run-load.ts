/** Runs a load from a process of its own: wrk, or one of the bench's clients. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './child.js';
import type { LoadFigures } from './load/load-figures.js';
import type { LoadOrder } from './load/load-main.js';
import { parseWrkOutput, wrkArguments } from './load/wrk.js';
import type { Tools } from './peers/peer.js';
import type { ServerProcess } from './server-process.js';
import type { Workload } from './workloads.js';

export interface LoadContext {
  readonly tools: Tools;
  readonly secondsPerLoad: number;
  /** Of the whole run. */
  readonly folder: string;
}

/** How much longer than the load itself a client may take. */
export const loadExtraMsLimit = 20_000;

/** The command of the bench's own clients. */
export function clientCommand(order: LoadOrder): [string, ...string[]] {
  const program = fileURLToPath(new URL('./load/load-main.js', import.meta.url));
  return [process.execPath, program, JSON.stringify(order)];
}

export async function runLoad(server: ServerProcess, workload: Workload, context: LoadContext): Promise<LoadFigures> {
  const { request, connections, load } = workload;
  const seconds = context.secondsPerLoad;
  const common = { port: server.port, request, connections, seconds };
  if (load.kind === 'open') {
    return runClient({ kind: 'open', ...common, ratePerSecond: load.ratePerSecond }, context);
  }
  if (load.kind === 'mixed') {
    return runClient({ kind: 'mixed', ...common, slow: load.slow, slowEvery: load.slowEvery }, context);
  }
  return runWrk(server, workload, context, seconds);
}

export async function runWrk(
  server: ServerProcess,
  { request, connections }: Workload,
  { tools, folder, secondsPerLoad }: LoadContext,
  seconds: number,
): Promise<LoadFigures> {
  const { path, bodyBytes, cookie } = request;
  const env: NodeJS.ProcessEnv = cookie === undefined ? {} : { BENCH_COOKIE: cookie };
  if (bodyBytes !== undefined) {
    env.BENCH_BODY_FILE = join(folder, `body-${bodyBytes}`);
    writeFileSync(env.BENCH_BODY_FILE, Buffer.alloc(bodyBytes, 'x'));
  }
  const script = join(tools.checkout, 'bench/load/report.lua');
  const args = wrkArguments({ port: server.port, path, connections, seconds, script });
  const timeoutMs = secondsPerLoad * 1000 + loadExtraMsLimit;
  return parseWrkOutput(await runChild([tools.wrk, ...args], { env, setpriv: tools.setpriv, timeoutMs }));
}

async function runClient(order: LoadOrder, { tools, secondsPerLoad }: LoadContext): Promise<LoadFigures> {
  const timeoutMs = secondsPerLoad * 1000 + loadExtraMsLimit;
  return JSON.parse(await runChild(clientCommand(order), { setpriv: tools.setpriv, timeoutMs })) as LoadFigures;
}
