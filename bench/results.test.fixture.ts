/** Results to test with. */

import type { BenchResults, Sample } from './results.js';

export interface SampleChanges {
  readonly round?: number;
  readonly workload?: string;
  readonly peer?: string;
  readonly requestsPerSecond?: number;
  readonly errorText?: string;
}

export function makeSample(changes: SampleChanges): Sample {
  const { round = 1, workload = 'hello', peer = 'stillhouse', requestsPerSecond = 1000, errorText = '' } = changes;
  const errors = errorText === '' ? 0 : 1;
  const latencies = { p50Ms: 1, p99Ms: 2, p999Ms: 3, maxMs: 4 };
  return {
    ...{ round, workload, peer, requestsPerSecond },
    figures: { requests: requestsPerSecond, seconds: 1, ...latencies, errors, errorText },
    cpuSecondsPer1000: 0.05,
    peakResidentBytes: 100 << 20,
    proportionalBytes: 60 << 20,
    startMs: 250,
  };
}

export function makeResults({ samples = [], failures = [] }: Partial<BenchResults>): BenchResults {
  const peer = (id: string, title: string) => ({
    id,
    title,
    version: '1.2',
    note: '',
    settings: { '2x5': `run ${id}` },
  });
  return {
    format: 1,
    startedAt: '2030-01-02T03:04:05.000Z',
    durationSeconds: 60,
    command: 'npm run bench',
    machine: { processor: 'P', cores: 2, memoryBytes: 4 * 1024 ** 3, system: 'S', kernel: 'K', loadBefore: 0.5 },
    versions: { python: '3.11.2' },
    rounds: 3,
    secondsPerLoad: 1,
    missing: [{ peer: 'third', reason: 'no compiler' }],
    workloads: [{ id: 'hello', title: 'hello & more', shape: '2x5', connections: 32 }],
    peers: [peer('stillhouse', 'Stillhouse'), peer('other', 'Other <server>')],
    samples,
    failures,
  };
}
