/**
 * The bench: measures, shows, writes. Started by scripts/bench.mjs, which has compiled it, installed the peers and
 * written down in a file where everything is (the first argument).
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCleanup, onExit } from './cleanup.js';
import { describeMachine } from './machine.js';
import { type Options, parseOptions, UsageError, usage } from './options.js';
import { formatShape, type Tools } from './peers/peer.js';
import { getPeer, peers } from './peers/peers.js';
import { makePlan, orderSessions, type Plan } from './plan.js';
import { copyProgram, prepareFolder } from './prepare.js';
import { publish, save, show } from './report/output.js';
import type { BenchResults, Failure, PeerFacts, Sample, WorkloadFacts } from './results.js';
import { runSession, type SessionContext } from './session.js';
import { workloads } from './workloads.js';

async function main(): Promise<void> {
  const [toolsFile = '', ...args] = process.argv.slice(2);
  const options = parseOptions(args);
  if (options.help) console.log(usage);
  if (options.list) list();
  if (options.help || options.list) return;
  const tools = JSON.parse(readFileSync(toolsFile, 'utf8')) as Tools;
  const results =
    options.from === undefined
      ? await measureAll(options, tools, args)
      : (JSON.parse(readFileSync(options.from, 'utf8')) as BenchResults);
  show(results);
  if (options.from === undefined) save(results, join(tools.benchFolder, 'results'));
  if (options.publish) publish(results, tools.checkout);
  if (results.samples.length === 0) process.exitCode = 1;
}

function list(): void {
  for (const { id, title, shape, peers: ids } of workloads) {
    console.log(`${id.padEnd(16)} ${title} (${formatShape(shape)}): ${ids.join(', ')}`);
  }
  console.log();
  for (const { id, title, note = '' } of peers) console.log(`${id.padEnd(18)} ${title}${note && `; ${note}`}`);
}

async function measureAll(options: Options, tools: Tools, args: readonly string[]): Promise<BenchResults> {
  const startedMs = performance.now();
  const startedAt = new Date().toISOString();
  const machine = describeMachine();
  const missing = options.peers.flatMap((peer) => {
    const found = tools.peers[peer];
    return found !== undefined && 'version' in found ? [] : [{ peer, reason: found?.missing ?? 'not installed' }];
  });
  for (const { peer, reason } of missing) console.log(`missing: ${peer}: ${reason}`);
  const available = options.peers.filter((peer) => !missing.some((one) => one.peer === peer));
  const budgetSeconds = options.minutes * 60;
  const plan = makePlan({
    workloads: options.workloads,
    peers: available,
    budgetSeconds,
    rounds: options.rounds,
    secondsPerLoad: options.seconds,
  });
  const starts = `${plan.sessions.length} starts of ${available.length} servers`;
  console.log(
    `${plan.rounds} rounds of ${starts}, ${plan.secondsPerLoad} s a load: ${Math.round(plan.estimatedSeconds)} s`,
  );
  // Given numbers beat the time.
  const isBounded = options.rounds === undefined || options.seconds === undefined;
  const deadlineMs = isBounded ? startedMs + budgetSeconds * 1000 : Number.POSITIVE_INFINITY;
  const measured = await runPlan(plan, tools, deadlineMs);
  return {
    format: 1,
    startedAt,
    durationSeconds: Math.round((performance.now() - startedMs) / 1000),
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    machine,
    versions: tools.versions,
    rounds: plan.rounds,
    secondsPerLoad: plan.secondsPerLoad,
    missing,
    workloads: options.workloads.map(
      ({ id, title, shape, connections }): WorkloadFacts => ({ id, title, shape: formatShape(shape), connections }),
    ),
    peers: available.map((id): PeerFacts => {
      const { title, note = '' } = getPeer(id);
      const found = tools.peers[id];
      const version = found !== undefined && 'version' in found ? found.version : '';
      return { id, title, version, note, settings: measured.settings.get(id) ?? {} };
    }),
    samples: measured.samples,
    failures: measured.failures,
  };
}

interface Measured {
  readonly samples: Sample[];
  readonly failures: Failure[];
  readonly settings: Map<string, Record<string, string>>;
}

async function runPlan(plan: Plan, given: Tools, deadlineMs: number): Promise<Measured> {
  const measured: Measured = { samples: [], failures: [], settings: new Map() };
  const folder = mkdtempSync(join(tmpdir(), 'stillhouse-bench-'));
  const forget = onExit(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const places = await prepareFolder(folder, given);
    const tools = { ...given, program: copyProgram(folder, given.program) };
    for (let round = 1; round <= plan.rounds; round += 1) {
      for (const session of orderSessions(plan.sessions, round)) {
        if (performance.now() > deadlineMs) {
          const facts = { round, peer: session.peer, reason: 'the time was over' };
          measured.failures.push(...session.workloads.map(({ id }) => ({ ...facts, workload: id })));
          continue;
        }
        const context: SessionContext = { tools, round, secondsPerLoad: plan.secondsPerLoad, ...places };
        const { samples, failures, settings } = await runSession(session, context);
        measured.samples.push(...samples);
        measured.failures.push(...failures);
        const shape = formatShape(session.workloads[0].shape);
        if (settings !== undefined) {
          const known = measured.settings.get(session.peer);
          // The other shapes differ in two numbers; the results have them all.
          if (known === undefined) console.log(`\n-- ${getPeer(session.peer).title}, ${shape}\n${settings}\n`);
          measured.settings.set(session.peer, { [shape]: settings, ...known });
        }
        showProgress(round, session.peer, samples, failures);
      }
    }
  } finally {
    forget();
    rmSync(folder, { recursive: true, force: true });
  }
  return measured;
}

function showProgress(round: number, peer: string, samples: readonly Sample[], failures: readonly Failure[]): void {
  const shown = [
    ...samples.map(({ workload, requestsPerSecond, figures }) => {
      const errors = figures.errors > 0 ? ` (! ${figures.errors} errors)` : '';
      return `${workload} ${Math.round(requestsPerSecond).toLocaleString('en-US')}/s${errors}`;
    }),
    ...failures.map(({ workload, reason }) => `${workload} ! ${reason}`),
  ];
  console.log(`round ${round}: ${peer}: ${shown.join(', ')}`);
}

installCleanup();
try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`stillhouse: ${error.message}`);
  process.exitCode = 2;
}
