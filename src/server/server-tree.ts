/** What a running server looks like: its processes and their state. The parent makes it, `ps` and the start message show it. */

import { nearestName } from '../conf/edit-distance.js';
import type { PythonInfo } from '../wsgi/python-probe.js';
import type { Mpm } from './mpm.js';

/** Times are seconds since the epoch; `problem`, `reason` and `reloadProblem` are sentences for the administrator. */
export interface ServerTree {
  readonly addresses: readonly {
    readonly host: string | undefined;
    readonly port: number;
    readonly scheme?: 'http' | 'https';
  }[];
  readonly pid: number;
  readonly version: string;
  readonly startedAt: number;
  /** The configuration's first file. */
  readonly config: string;
  readonly user: string | undefined;
  /** Every log file; errors of a server without one go to standard error. */
  readonly logs: readonly string[];
  /** Counts the configurations that the server has run: 1 from the start, one more with each reload. */
  readonly generation: number;
  readonly reloadedAt?: number | undefined;
  /** Why the last reload did not come to pass. */
  readonly reloadProblem?: string | undefined;
  /** How many http children there are and may be. */
  readonly mpm: Mpm;
  /** The Python that every http child has from its start on: some applications run in embedded mode. */
  readonly embedded?: (PythonInfo & { readonly threads: number }) | undefined;
  readonly httpChildren: readonly HttpChildNode[];
  readonly groups: readonly GroupNode[];
}

export interface HttpChildNode {
  readonly pid: number;
  /** The configuration that it serves. */
  readonly generation: number;
  readonly state: 'starting' | 'serving' | 'draining';
  readonly startedAt: number;
  /** Client connections that it has, as it last said. */
  readonly connections: number;
  /** Requests that it is at. */
  readonly requests: number;
  /** That of embedded mode; there where the child has an interpreter. */
  readonly scoreboard?: string;
}

export interface GroupNode {
  readonly name: string;
  readonly displayName: string | undefined;
  readonly threads: number;
  readonly user: string | undefined;
  readonly python: PythonInfo;
  /** The configuration that defined it as it is. */
  readonly generation: number;
  /** What keeps it from running as it should: new code that can't be loaded, processes that die. */
  readonly problem?: string | undefined;
  readonly processes: readonly DaemonProcessNode[];
}

export interface DaemonProcessNode {
  /** Absent where it waits to be started again. */
  readonly pid?: number | undefined;
  readonly state: 'starting' | 'serving' | 'retiring' | 'stopping' | 'delayed';
  readonly generation: number;
  readonly startedAt?: number | undefined;
  /** Its scoreboard file. */
  readonly scoreboard?: string | undefined;
  /** Why it is in that state. */
  readonly reason?: string | undefined;
}

/** What to tell someone who named a group that is not there. */
export function describeUnknownGroup(name: string, known: readonly string[]): string {
  if (known.length === 0) return `no daemon process group '${name}': this server has none`;
  const nearest = nearestName(name, known);
  const suggestion = nearest === undefined ? '' : ` (did you mean '${nearest}'?)`;
  return `no daemon process group '${name}'${suggestion}; the groups are ${known.map((one) => `'${one}'`).join(', ')}`;
}
