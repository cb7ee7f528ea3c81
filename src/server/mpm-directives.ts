/**
 * The directives of Apache's multi-processing modules. Here StartServers is the number of http children; a child serves
 * any number of connections in one thread, so most of the others have nothing to say and are only kept.
 */

import { availableParallelism } from 'node:os';
import { type DirectiveDefinition, parseInteger, valueDirective } from '../conf/directive.js';
import type { Setting, Settings } from '../conf/settings.js';
import { globalContext } from './directive-arguments.js';

export const mpmSettings = Object.freeze({
  /** Number of http children. */
  startServers: { id: 'mpm.start-servers' } as Setting<number>,
  serverLimit: { id: 'mpm.server-limit' } as Setting<number>,
  minSpareServers: { id: 'mpm.min-spare-servers' } as Setting<number>,
  maxSpareServers: { id: 'mpm.max-spare-servers' } as Setting<number>,
  minSpareThreads: { id: 'mpm.min-spare-threads' } as Setting<number>,
  maxSpareThreads: { id: 'mpm.max-spare-threads' } as Setting<number>,
  threadsPerChild: { id: 'mpm.threads-per-child' } as Setting<number>,
  threadLimit: { id: 'mpm.thread-limit' } as Setting<number>,
  maxRequestWorkers: { id: 'mpm.max-request-workers' } as Setting<number>,
  /** 0: no limit. */
  maxConnectionsPerChild: { id: 'core.max-connections-per-child' } as Setting<number>,
  threadStackSizeBytes: { id: 'core.thread-stack-size' } as Setting<number>,
});

/** One http child answers more than the Python of two cores asks for; more of them only on larger machines. */
export function countHttpChildren(settings: Settings): number {
  return settings.get(mpmSettings.startServers, Math.max(1, Math.floor(availableParallelism() / 4)));
}

interface Count {
  readonly name: string;
  readonly module?: string;
  readonly setting: Setting<number>;
  readonly min: number;
  readonly summary: string;
  readonly difference: string;
  readonly syntax?: string;
}

const kept = 'Kept, without effect so far.';

const counts: readonly Count[] = [
  {
    name: 'StartServers',
    setting: mpmSettings.startServers,
    min: 1,
    summary: 'How many http children there are.',
    difference: 'The number is fixed: Apache starts with it and adapts to the load. There is no default of 3 or 5.',
  },
  {
    name: 'ServerLimit',
    setting: mpmSettings.serverLimit,
    min: 1,
    summary: "The upper bound of Apache's number of children.",
    difference: kept,
  },
  {
    name: 'MinSpareServers',
    setting: mpmSettings.minSpareServers,
    min: 1,
    summary: 'How many idle children the prefork MPM keeps at least.',
    difference: kept,
  },
  {
    name: 'MaxSpareServers',
    setting: mpmSettings.maxSpareServers,
    min: 1,
    summary: 'How many idle children the prefork MPM keeps at most.',
    difference: kept,
  },
  {
    name: 'MinSpareThreads',
    setting: mpmSettings.minSpareThreads,
    min: 1,
    summary: 'How many idle threads the worker and event MPMs keep at least.',
    difference: kept,
  },
  {
    name: 'MaxSpareThreads',
    setting: mpmSettings.maxSpareThreads,
    min: 1,
    summary: 'How many idle threads the worker and event MPMs keep at most.',
    difference: kept,
  },
  {
    name: 'ThreadsPerChild',
    setting: mpmSettings.threadsPerChild,
    min: 1,
    summary: 'How many threads an Apache child has.',
    difference: `${kept} An http child has one thread and any number of connections.`,
  },
  {
    name: 'ThreadLimit',
    setting: mpmSettings.threadLimit,
    min: 1,
    summary: 'The upper bound of ThreadsPerChild.',
    difference: kept,
  },
  {
    name: 'MaxRequestWorkers',
    setting: mpmSettings.maxRequestWorkers,
    min: 1,
    summary: 'How many requests Apache serves at once.',
    difference: `${kept} How many applications run at once is said by processes and threads of WSGIDaemonProcess.`,
  },
  {
    name: 'MaxClients',
    setting: mpmSettings.maxRequestWorkers,
    min: 1,
    summary: 'The former name of MaxRequestWorkers.',
    difference: kept,
  },
  {
    name: 'MaxConnectionsPerChild',
    module: 'core',
    setting: mpmSettings.maxConnectionsPerChild,
    min: 0,
    summary: 'After how many connections an http child is replaced; 0 for never.',
    difference: kept,
  },
  {
    name: 'MaxRequestsPerChild',
    module: 'core',
    setting: mpmSettings.maxConnectionsPerChild,
    min: 0,
    summary: 'The former name of MaxConnectionsPerChild.',
    difference: kept,
  },
  {
    name: 'ThreadStackSize',
    module: 'core',
    setting: mpmSettings.threadStackSizeBytes,
    min: 1,
    syntax: 'bytes',
    summary: "The size of the stack of each of Apache's threads.",
    difference: `${kept} stack-size of WSGIDaemonProcess sets that of request threads.`,
  },
];

export const mpmDirectives: readonly DirectiveDefinition[] = counts.map((count) =>
  valueDirective(
    count.setting,
    {
      name: count.name,
      module: count.module ?? 'mpm',
      contexts: globalContext,
      syntax: count.syntax ?? 'number',
      summary: count.summary,
      difference: count.difference,
    },
    (word) => parseInteger(word, count.name, count.min, 2_147_483_647),
  ),
);
