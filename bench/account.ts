/** What a load has cost the server: processor time and memory of all its processes. */

import type { LoadFigures } from './load/load-figures.js';
import { cpuSecondsOf, memoryOf, resetPeaks } from './proc.js';
import type { Sample } from './results.js';
import type { ServerProcess } from './server-process.js';

export type Measured = Omit<Sample, 'round' | 'workload' | 'peer'>;

/** Runs a load and adds what the server's processes have spent on it. */
export async function account(server: ServerProcess, run: () => Promise<LoadFigures>): Promise<Measured> {
  const before = server.pids;
  resetPeaks(before);
  const cpuBefore = cpuSecondsOf(before);
  const figures = await run();
  // Found again: a server may have started more processes meanwhile. Those that have ended count through their parent.
  const after = server.pids;
  const cpuSeconds = cpuSecondsOf(after) - cpuBefore;
  const { peakResidentBytes, proportionalBytes } = memoryOf(after);
  return {
    figures,
    requestsPerSecond: figures.requests / figures.seconds,
    cpuSecondsPer1000: figures.requests === 0 ? 0 : (cpuSeconds * 1000) / figures.requests,
    peakResidentBytes,
    proportionalBytes,
    startMs: server.startMs,
  };
}
