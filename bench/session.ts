/** One session: starts a server, checks its answers, puts each load on it in turn and reads its processes' accounts. */

import { join } from 'node:path';
import { account, type Measured } from './account.js';
import { measureBesideIdle } from './beside-idle.js';
import { ClientConnection, encodeRequest } from './load/client-connection.js';
import { formatShape, type Site } from './peers/peer.js';
import { getPeer } from './peers/peers.js';
import { type Session, warmUpSeconds } from './plan.js';
import type { Failure, Sample } from './results.js';
import { type LoadContext, runLoad, runWrk } from './run-load.js';
import { ServerProcess } from './server-process.js';
import { checkResponse } from './verify.js';
import type { BenchRequest, Workload } from './workloads.js';

export interface SessionContext extends LoadContext {
  readonly round: number;
  readonly apps: string;
  readonly documents: string;
}

export interface SessionResult {
  readonly samples: readonly Sample[];
  readonly failures: readonly Failure[];
  readonly settings: string | undefined;
}

const verifyMsLimit = 10_000;
let siteCount = 0;

export async function runSession(session: Session, context: SessionContext): Promise<SessionResult> {
  const { round } = context;
  const samples: Sample[] = [];
  const failures: Failure[] = [];
  let settings: string | undefined;
  let server: ServerProcess | undefined;
  let isWarm = false;
  const stop = async (): Promise<void> => {
    try {
      await server?.stop();
    } catch (error) {
      // What cannot be ended disturbs all that follows: that has to be seen, but not to cost what was measured.
      const workload = session.workloads[0].id;
      failures.push({ round, workload, peer: session.peer, reason: `stopping it: ${messageOf(error)}` });
    }
    server = undefined;
  };
  for (const workload of session.workloads) {
    try {
      // Also where the load before has killed it: each load finds a server that runs.
      if (server === undefined) {
        server = await startServer(session, context, workload.request);
        settings = server.settings;
        isWarm = false;
      }
      await verify(server, workload);
      if (!isWarm) await runWrk(server, workload, context, warmUpSeconds);
      isWarm = true;
      const sample = await measure(server, workload, context);
      if (!server.isRunning) throw new Error(`the server has ended under load: ${server.output.trim().slice(-500)}`);
      samples.push({ round, workload: workload.id, peer: session.peer, ...sample });
    } catch (error) {
      failures.push({ round, workload: workload.id, peer: session.peer, reason: messageOf(error) });
      await stop();
    }
  }
  await stop();
  return { samples, failures, settings };
}

async function startServer(session: Session, context: SessionContext, first: BenchRequest): Promise<ServerProcess> {
  const [{ app, shape }] = session.workloads;
  const { tools, apps, documents } = context;
  siteCount += 1;
  const folder = join(context.folder, `${siteCount}-${session.peer}-${formatShape(shape)}`);
  const makeSite = (port: number): Site => ({ tools, apps, documents, app, shape, folder, port });
  return ServerProcess.start(getPeer(session.peer), makeSite, first);
}

/** Every answer that the load will count, once on a connection of its own and once on a connection that is kept. */
async function verify(server: ServerProcess, { request, load }: Workload): Promise<void> {
  const requests = load.kind === 'mixed' ? [request, load.slow] : [request];
  for (const one of requests) {
    const connection = new ClientConnection(server.port, { keepsBody: true });
    const timeout = setTimeout(() => connection.close(), verifyMsLimit);
    try {
      for (let times = 0; times < 2; times += 1) {
        const problem = checkResponse(one, await connection.request(encodeRequest(one)));
        if (problem !== undefined) throw new Error(`wrong answer to ${one.path}: ${problem}`);
      }
    } finally {
      clearTimeout(timeout);
      connection.close();
    }
  }
}

async function measure(server: ServerProcess, workload: Workload, context: SessionContext): Promise<Measured> {
  if (workload.load.kind === 'idle') return measureBesideIdle(server, workload, workload.load.idleConnections, context);
  return account(server, () => runLoad(server, workload, context));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
