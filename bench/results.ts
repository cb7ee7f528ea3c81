/** What a run of the bench leaves: the JSON file. Everything shown is computed from it. */

import type { LoadFigures } from './load/load-figures.js';
import { type Summary, summarise } from './statistics.js';

/** One load on one server in one round. */
export interface Sample {
  readonly round: number;
  readonly workload: string;
  readonly peer: string;
  readonly figures: LoadFigures;
  readonly requestsPerSecond: number;
  /** Of all processes of the server. */
  readonly cpuSecondsPer1000: number;
  readonly peakResidentBytes: number;
  readonly proportionalBytes: number;
  /** Of the server's start that this load was part of. */
  readonly startMs: number;
}

/** What could not be measured in one round, and why. */
export interface Failure {
  readonly round: number;
  readonly workload: string;
  readonly peer: string;
  readonly reason: string;
}

export interface MachineFacts {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly kernel: string;
  /** Load average over a minute before the run: above 0 others were at work. */
  readonly loadBefore: number;
}

export interface BenchResults {
  readonly format: 1;
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly command: string;
  readonly machine: MachineFacts;
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly secondsPerLoad: number;
  /** Peers that could not be had on this machine. */
  readonly missing: readonly { readonly peer: string; readonly reason: string }[];
  readonly workloads: readonly WorkloadFacts[];
  readonly peers: readonly PeerFacts[];
  readonly samples: readonly Sample[];
  readonly failures: readonly Failure[];
}

export interface WorkloadFacts {
  readonly id: string;
  readonly title: string;
  readonly shape: string;
  readonly connections: number;
}

export interface PeerFacts {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly note: string;
  /** Command and configuration, by processes x threads. */
  readonly settings: Readonly<Record<string, string>>;
}

export const metrics = [
  ...['requestsPerSecond', 'p50Ms', 'p99Ms', 'p999Ms', 'cpuSecondsPer1000'],
  ...['peakResidentBytes', 'proportionalBytes', 'startMs'],
] as const;
export type Metric = (typeof metrics)[number];

/** A peer's line in a workload's table. */
export interface Row {
  readonly peer: string;
  /** Undefined where there is no run to show. */
  readonly values: Readonly<Record<Metric, Summary>> | undefined;
  readonly extra: Readonly<Record<string, Summary>>;
  /** Runs that the values are made of. */
  readonly runs: number;
  readonly allRuns: number;
  /** Runs with errors; they are in the values only where there is no other. */
  readonly runsWithErrors: number;
  /** What has to be said about the row; empty where all went well. */
  readonly problems: readonly string[];
}

/** The rows of a workload, in the order in which the peers are listed. */
export function makeRows(results: BenchResults, workload: string): Row[] {
  const samples = results.samples.filter((sample) => sample.workload === workload);
  const failures = results.failures.filter((failure) => failure.workload === workload);
  return results.peers
    .map(({ id }) => id)
    .filter((id) => [...samples, ...failures].some(({ peer }) => peer === id))
    .map((id) =>
      makeRow(
        id,
        samples.filter(({ peer }) => peer === id),
        failures.filter(({ peer }) => peer === id),
      ),
    );
}

function makeRow(peer: string, samples: readonly Sample[], failures: readonly Failure[]): Row {
  const clean = samples.filter(({ figures }) => figures.errors === 0);
  const withErrors = samples.filter(({ figures }) => figures.errors > 0);
  const shown = clean.length > 0 ? clean : withErrors;
  const problems = [
    ...withErrors.map(({ round, figures }) => `round ${round}: ${figures.errorText}`),
    ...failures.map(({ round, reason }) => `round ${round}: not measured: ${reason}`),
  ];
  if (withErrors.length > 0 && clean.length === 0) problems.unshift('every run had errors: the figures are of those');
  return {
    peer,
    values: shown.length === 0 ? undefined : summariseMetrics(shown),
    extra: summariseExtra(shown),
    runs: shown.length,
    allRuns: samples.length,
    runsWithErrors: withErrors.length,
    problems,
  };
}

function summariseMetrics(samples: readonly Sample[]): Record<Metric, Summary> {
  const entries = metrics.map((metric) => {
    const values = samples.map((sample) => readMetric(sample, metric));
    return [metric, summarise(values)] as const;
  });
  return Object.fromEntries(entries) as Record<Metric, Summary>;
}

function readMetric(sample: Sample, metric: Metric): number {
  if (metric === 'p50Ms' || metric === 'p99Ms' || metric === 'p999Ms') return sample.figures[metric];
  return sample[metric];
}

function summariseExtra(samples: readonly Sample[]): Record<string, Summary> {
  const names = new Set(samples.flatMap(({ figures }) => Object.keys(figures.extra ?? {})));
  const entries = [...names].flatMap((name) => {
    const summary = summarise(samples.flatMap(({ figures }) => figures.extra?.[name] ?? []));
    return summary === undefined ? [] : [[name, summary] as const];
  });
  return Object.fromEntries(entries);
}
