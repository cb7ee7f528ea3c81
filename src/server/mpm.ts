/**
 * The multi-processing module of a configuration: which one, and how many children and threads, by the rules of
 * Apache's prefork, worker and event. The parent keeps as many http children as this says (http-children.ts), `info` and
 * `ps` show it.
 */

import { availableParallelism } from 'node:os';
import type { Setting, Settings } from '../conf/settings.js';
import type { Position, Problem } from '../conf/source.js';
import { type MpmName, mpmSettings } from './mpm-directives.js';

export interface Mpm {
  readonly name: MpmName;
  /** How many http children are started. */
  readonly startServers: number;
  /** The most http children that there may be: MaxRequestWorkers divided by ThreadsPerChild. */
  readonly childrenLimit: number;
  /** How many requests may run in embedded mode at once, in all http children together. */
  readonly maxRequestWorkers: number;
  /** Request threads for embedded mode in each http child; 1 under prefork. */
  readonly threadsPerChild: number;
  /** How many request threads may be idle; under prefork a child is one. */
  readonly minSpareThreads: number;
  readonly maxSpareThreads: number;
  /** After how many connections an http child is replaced; 0 for never. */
  readonly maxConnectionsPerChild: number;
}

/** What is idle too little or too much, in request threads. */
export interface SpareBounds {
  readonly minSpareThreads: number;
  readonly maxSpareThreads: number;
  readonly threadsPerChild: number;
  readonly childrenLimit: number;
}

/** An http child is a process of 60 MiB: beyond a thousand of them a number is a mistake. */
const serverLimitMax = 1000;
const threadLimitMax = 20_000;

const preforkDefaults = {
  startServers: 5,
  minSpareServers: 5,
  maxSpareServers: 10,
  serverLimit: 256,
  maxRequestWorkers: 256,
} as const;
const threadedDefaults = {
  minSpareThreads: 75,
  maxSpareThreads: 250,
  serverLimit: 16,
  threadLimit: 64,
  threadsPerChild: 25,
  maxRequestWorkers: 400,
} as const;

/** The module with its numbers, and what Apache says about them when it corrects them. */
export function readMpm(settings: Settings): { readonly mpm: Mpm; readonly problems: readonly Problem[] } {
  const name = settings.get(mpmSettings.mpm, 'event');
  const numbers = new Numbers(settings);
  const counts = name === 'prefork' ? readPrefork(numbers) : readThreaded(numbers);
  const maxConnectionsPerChild = numbers.get('maxConnectionsPerChild', 0);
  return { mpm: { name, ...counts, maxConnectionsPerChild }, problems: numbers.problems };
}

/**
 * How many may be idle; undefined where their number is fixed. Under worker and event idle threads are those of embedded
 * mode: without it nothing runs in them, and a child takes any number of connections.
 */
export function spareBoundsOf(mpm: Mpm, isEmbedded: boolean): SpareBounds | undefined {
  return mpm.name === 'prefork' || isEmbedded ? mpm : undefined;
}

type Counts = Omit<Mpm, 'name' | 'maxConnectionsPerChild'>;

function readPrefork(numbers: Numbers): Counts {
  const serverLimit = readServerLimit(numbers, preforkDefaults.serverLimit);
  let maxRequestWorkers = numbers.get('maxRequestWorkers', preforkDefaults.maxRequestWorkers);
  if (maxRequestWorkers > serverLimit) {
    numbers.warn(
      'maxRequestWorkers',
      `MaxRequestWorkers of ${maxRequestWorkers} exceeds ServerLimit value of ${serverLimit} servers, decreasing MaxRequestWorkers to ${serverLimit}. To increase, please see the ServerLimit directive.`,
    );
    maxRequestWorkers = serverLimit;
  }
  maxRequestWorkers = numbers.atLeastOne('maxRequestWorkers', maxRequestWorkers);
  const startServers = numbers.atLeastOne('startServers', numbers.get('startServers', preforkDefaults.startServers));
  const minSpare = numbers.atLeastOne(
    'minSpareServers',
    numbers.get('minSpareServers', preforkDefaults.minSpareServers),
    ' to avoid almost certain server failure',
  );
  const maxSpare = numbers.get('maxSpareServers', preforkDefaults.maxSpareServers);
  return {
    startServers: Math.min(startServers, maxRequestWorkers),
    childrenLimit: maxRequestWorkers,
    maxRequestWorkers,
    threadsPerChild: 1,
    minSpareThreads: minSpare,
    // Else one would be started and ended in turn.
    maxSpareThreads: Math.max(maxSpare, minSpare + 1),
  };
}

function readThreaded(numbers: Numbers): Counts {
  const serverLimit = readServerLimit(numbers, threadedDefaults.serverLimit);
  let threadLimit = numbers.get('threadLimit', threadedDefaults.threadLimit);
  if (threadLimit > threadLimitMax) {
    const message = `ThreadLimit of ${threadLimit} exceeds compile-time limit of ${threadLimitMax} threads, decreasing to ${threadLimitMax}.`;
    numbers.warn('threadLimit', message);
    threadLimit = threadLimitMax;
  }
  threadLimit = numbers.atLeastOne('threadLimit', threadLimit);
  let threadsPerChild = numbers.get('threadsPerChild', threadedDefaults.threadsPerChild);
  if (threadsPerChild > threadLimit) {
    numbers.warn(
      'threadsPerChild',
      `ThreadsPerChild of ${threadsPerChild} exceeds ThreadLimit of ${threadLimit} threads, decreasing to ${threadLimit}. To increase, please see the ThreadLimit directive.`,
    );
    threadsPerChild = threadLimit;
  }
  threadsPerChild = numbers.atLeastOne('threadsPerChild', threadsPerChild);
  const childrenLimit = readThreadedLimit(numbers, threadsPerChild, serverLimit);
  const startServers = numbers.atLeastOne('startServers', numbers.get('startServers', startServersWithoutLine()));
  const minSpareThreads = numbers.atLeastOne(
    'minSpareThreads',
    numbers.get('minSpareThreads', threadedDefaults.minSpareThreads),
    ' to avoid almost certain server failure',
  );
  const maxSpareThreads = numbers.get('maxSpareThreads', threadedDefaults.maxSpareThreads);
  return {
    startServers: Math.min(startServers, childrenLimit),
    childrenLimit,
    maxRequestWorkers: childrenLimit * threadsPerChild,
    threadsPerChild,
    minSpareThreads,
    maxSpareThreads: Math.max(maxSpareThreads, minSpareThreads + threadsPerChild + 1),
  };
}

/** How many children MaxRequestWorkers and ServerLimit allow. */
function readThreadedLimit(numbers: Numbers, threadsPerChild: number, serverLimit: number): number {
  let workers = numbers.get('maxRequestWorkers', threadedDefaults.maxRequestWorkers);
  if (workers < threadsPerChild) {
    numbers.warn(
      'maxRequestWorkers',
      `MaxRequestWorkers of ${workers} is less than ThreadsPerChild of ${threadsPerChild}, increasing to ${threadsPerChild}. MaxRequestWorkers must be at least as large as the number of threads in a single server.`,
    );
    workers = threadsPerChild;
  }
  const servers = Math.floor(workers / threadsPerChild);
  if (workers % threadsPerChild !== 0) {
    const multiple = servers * threadsPerChild;
    numbers.warn(
      'maxRequestWorkers',
      `MaxRequestWorkers of ${workers} is not an integer multiple of ThreadsPerChild of ${threadsPerChild}, decreasing to nearest multiple ${multiple}, for a maximum of ${servers} servers.`,
    );
    workers = multiple;
  }
  if (servers > serverLimit) {
    numbers.warn(
      'maxRequestWorkers',
      `MaxRequestWorkers of ${workers} would require ${servers} servers and would exceed ServerLimit of ${serverLimit}, decreasing to ${serverLimit * threadsPerChild}. To increase, please see the ServerLimit directive.`,
    );
  }
  return Math.min(servers, serverLimit);
}

function readServerLimit(numbers: Numbers, byDefault: number): number {
  const limit = numbers.get('serverLimit', byDefault);
  if (limit > serverLimitMax) {
    const message = `ServerLimit of ${limit} exceeds compile-time limit of ${serverLimitMax} servers, decreasing to ${serverLimitMax}.`;
    numbers.warn('serverLimit', message);
    return serverLimitMax;
  }
  return numbers.atLeastOne('serverLimit', limit);
}

/** One http child answers more than the Python of two cores asks for; more of them only on larger machines. */
function startServersWithoutLine(): number {
  return Math.max(1, Math.floor(availableParallelism() / 4));
}

type NumberName = Exclude<keyof typeof mpmSettings, 'mpm' | 'threadStackSizeBytes'>;

/** The numbers as written, and the warnings about them at their lines. */
class Numbers {
  readonly problems: Problem[] = [];
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get(name: NumberName, byDefault: number): number {
    return this.#settings.get(mpmSettings[name], byDefault);
  }

  /** A default that does not fit the other lines is corrected in silence where Apache has no line to point at either. */
  warn(name: NumberName, message: string): void {
    const position = this.#positionOf(mpmSettings[name]) ?? this.#anyPosition();
    if (position === undefined) return;
    const directive = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
    this.problems.push({ severity: 'warning', position, message, directive });
  }

  atLeastOne(name: NumberName, value: number, why = ''): number {
    if (value >= 1) return value;
    const directive = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
    this.warn(name, `${directive} of ${value} not allowed, increasing to 1${why}.`);
    return 1;
  }

  #positionOf(setting: Setting<number>): Position | undefined {
    return this.#settings.origins(setting).at(-1);
  }

  /** The line that made a default unfit: ThreadsPerChild or ServerLimit. */
  #anyPosition(): Position | undefined {
    return this.#positionOf(mpmSettings.threadsPerChild) ?? this.#positionOf(mpmSettings.serverLimit);
  }
}
