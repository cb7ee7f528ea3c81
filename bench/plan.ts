/** Which servers are started with which loads, how often and for how long, so that it fits the time. Pure. */

import { formatShape } from './peers/peer.js';
import type { Workload } from './workloads.js';

/** One start of one server, and what is measured until it stops. */
export interface Session {
  readonly peer: string;
  readonly workloads: readonly [Workload, ...Workload[]];
}

export interface Plan {
  /** In the order of the first round. */
  readonly sessions: readonly Session[];
  readonly rounds: number;
  readonly secondsPerLoad: number;
  readonly estimatedSeconds: number;
}

export interface PlanOptions {
  readonly workloads: readonly Workload[];
  /** Ids of those that can be had and are wanted. */
  readonly peers: readonly string[];
  readonly budgetSeconds: number;
  /** Given by the user: the time is then what it is. */
  readonly rounds?: number | undefined;
  readonly secondsPerLoad?: number | undefined;
}

/** wrk counts in seconds. */
const secondsChoices = [5, 4, 3, 2, 1];
/** Fewer rounds show no spread; more are worth less than longer loads. */
const roundsWanted = 3;
const roundsLimit = 5;
const startAndStopSeconds = 1.3;
export const warmUpSeconds = 1;
const verifySeconds = 0.3;
const idleSeconds = 4;

export function makePlan(options: PlanOptions): Plan {
  const sessions = makeSessions(options.workloads, options.peers);
  const fixed = options.secondsPerLoad;
  const choices = fixed === undefined ? secondsChoices : [fixed];
  const fits = (seconds: number): boolean => roundsWanted * roundSeconds(sessions, seconds) <= options.budgetSeconds;
  const secondsPerLoad = choices.find(fits) ?? choices.at(-1) ?? 1;
  const each = roundSeconds(sessions, secondsPerLoad);
  const affordable = each === 0 ? 1 : Math.floor(options.budgetSeconds / each);
  const rounds = options.rounds ?? Math.max(1, Math.min(roundsLimit, affordable));
  return { sessions, rounds, secondsPerLoad, estimatedSeconds: rounds * each };
}

/**
 * Servers that are compared stand next to each other: all peers with one application and shape, then the next. Loads
 * of the same application and shape share a start.
 */
function makeSessions(workloads: readonly Workload[], peers: readonly string[]): Session[] {
  const blocks = new Map<string, Workload[]>();
  for (const workload of workloads) {
    const key = `${workload.app} ${formatShape(workload.shape)}`;
    blocks.set(key, [...(blocks.get(key) ?? []), workload]);
  }
  return [...blocks.values()].flatMap((block) =>
    peers.flatMap((peer) => {
      const [first, ...others] = block.filter((workload) => workload.peers.includes(peer));
      return first === undefined ? [] : [{ peer, workloads: [first, ...others] as const }];
    }),
  );
}

/** Each round goes through a block's peers from another one on: none always comes after the same, or always first. */
export function orderSessions(sessions: readonly Session[], round: number): Session[] {
  const blocks = new Map<string, Session[]>();
  for (const session of sessions) {
    const [{ app, shape }] = session.workloads;
    const key = `${app} ${formatShape(shape)}`;
    blocks.set(key, [...(blocks.get(key) ?? []), session]);
  }
  return [...blocks.values()].flatMap((block) => {
    const from = (round - 1) % block.length;
    return [...block.slice(from), ...block.slice(0, from)];
  });
}

function roundSeconds(sessions: readonly Session[], secondsPerLoad: number): number {
  return sessions.reduce((sum, { workloads }) => {
    const loads = workloads.map(({ load }) =>
      load.kind === 'idle' ? 2 * secondsPerLoad + idleSeconds : secondsPerLoad + verifySeconds,
    );
    return sum + startAndStopSeconds + warmUpSeconds + loads.reduce((total, seconds) => total + seconds, 0);
  }, 0);
}
