/**
 * The directives of Apache's multi-processing modules, and LoadModule, which chooses one of the three. mpm.ts has the
 * rules by which the numbers fit together, docs/mpm.md tells what each means here.
 */

import { type DirectiveDefinition, firstWord, parseInteger, valueDirective } from '../conf/directive.js';
import { canonicalModule } from '../conf/known-directives.js';
import type { Setting } from '../conf/settings.js';
import { globalContext } from './directive-arguments.js';

export const mpmNames = ['prefork', 'worker', 'event'] as const;

export type MpmName = (typeof mpmNames)[number];

export const mpmSettings = Object.freeze({
  mpm: { id: 'mpm.name' } as Setting<MpmName>,
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

interface Count {
  readonly name: string;
  readonly module?: string;
  readonly setting: Setting<number>;
  readonly min: number;
  readonly summary: string;
  readonly difference?: string;
  readonly syntax?: string;
  readonly default?: string;
}

/** Apache starts with a number that is too small, and says that it has raised it. */
const anyNumber = -2_147_483_648;
const embeddedOnly =
  'Concerns embedded mode. Without it the number of http children is StartServers: each takes any number of connections.';

const counts: readonly Count[] = [
  {
    name: 'StartServers',
    setting: mpmSettings.startServers,
    min: anyNumber,
    default: '5 under prefork, else one for every four processors, at least one',
    summary: 'How many http children are started.',
    difference:
      'Under worker and event Apache starts 3; here there are as many as processors can keep busy, and their number is fixed unless applications run in embedded mode.',
  },
  {
    name: 'ServerLimit',
    setting: mpmSettings.serverLimit,
    min: anyNumber,
    default: '256 under prefork, else 16',
    summary: 'The upper bound of the number of http children: MaxRequestWorkers can ask for no more.',
    difference: 'At most 1000. It may be changed by a reload.',
  },
  {
    name: 'MinSpareServers',
    setting: mpmSettings.minSpareServers,
    min: anyNumber,
    default: '5',
    summary:
      'How many idle http children the prefork MPM keeps at least. Where there are fewer it starts more, once a second: 1, then 2, 4 and so on up to 32, until there are enough.',
  },
  {
    name: 'MaxSpareServers',
    setting: mpmSettings.maxSpareServers,
    min: anyNumber,
    default: '10',
    summary:
      'How many idle http children the prefork MPM keeps at most: of more one ends each second. It is at least MinSpareServers + 1.',
  },
  {
    name: 'MinSpareThreads',
    setting: mpmSettings.minSpareThreads,
    min: anyNumber,
    default: '75',
    summary:
      'How many idle request threads the worker and event MPMs keep at least, in all http children together; they start more http children where there are fewer.',
    difference: embeddedOnly,
  },
  {
    name: 'MaxSpareThreads',
    setting: mpmSettings.maxSpareThreads,
    min: anyNumber,
    default: '250',
    summary:
      'How many idle request threads the worker and event MPMs keep at most. It is at least MinSpareThreads + ThreadsPerChild + 1.',
    difference: embeddedOnly,
  },
  {
    name: 'ThreadsPerChild',
    setting: mpmSettings.threadsPerChild,
    min: anyNumber,
    default: '25',
    summary: 'How many request threads each http child of the worker and event MPMs has.',
    difference:
      'They run applications in embedded mode and nothing else: connections, files and daemon processes are served by the event loop of the http child, any number at once.',
  },
  {
    name: 'ThreadLimit',
    setting: mpmSettings.threadLimit,
    min: anyNumber,
    default: '64',
    summary: 'The upper bound of ThreadsPerChild.',
    difference: 'It may be changed by a reload.',
  },
  {
    name: 'MaxRequestWorkers',
    setting: mpmSettings.maxRequestWorkers,
    min: anyNumber,
    default: '256 under prefork, else 400',
    summary:
      'Under prefork the most http children, which is the most connections that are served at once; further ones wait in the queue of the kernel (ListenBacklog). Under worker and event the most request threads; divided by ThreadsPerChild it is the most http children.',
    difference:
      'Under worker and event it does not bound connections. How many applications run at once in daemon processes is said by processes and threads of WSGIDaemonProcess.',
  },
  {
    name: 'MaxClients',
    setting: mpmSettings.maxRequestWorkers,
    min: anyNumber,
    summary: 'The former name of MaxRequestWorkers.',
  },
  {
    name: 'MaxConnectionsPerChild',
    module: 'core',
    setting: mpmSettings.maxConnectionsPerChild,
    min: 0,
    default: '0',
    summary: 'After how many connections an http child is replaced; 0 for never.',
    difference:
      'Its successor is started before it goes. Under worker and event it accepts connections until the successor does, so it may be a few more.',
  },
  {
    name: 'MaxRequestsPerChild',
    module: 'core',
    setting: mpmSettings.maxConnectionsPerChild,
    min: 0,
    summary: 'The former name of MaxConnectionsPerChild.',
  },
  {
    name: 'ThreadStackSize',
    module: 'core',
    setting: mpmSettings.threadStackSizeBytes,
    min: 1,
    syntax: 'bytes',
    summary: "The size of the stack of each of Apache's threads.",
    difference: 'Kept, without effect so far. stack-size of WSGIDaemonProcess sets that of request threads.',
  },
];

/** The parser has checked the name, and that there is one such line, see reading-directives.ts. */
const loadModule: DirectiveDefinition = {
  name: 'LoadModule',
  module: 'mod_so',
  contexts: globalContext,
  syntax: 'module filename',
  args: { min: 2, max: 2 },
  default: 'mpm_event_module',
  summary:
    'Chooses the multi-processing module, mpm_prefork_module, mpm_worker_module or mpm_event_module; two different ones are an error.',
  difference:
    'All that Stillhouse has is built in: the file is not looked at, and a line that names another module has no effect.',
  apply(line, scope) {
    const module = canonicalModule(firstWord(line).text);
    const name = mpmNames.find((one) => module === `mpm_${one}`);
    if (name !== undefined) scope.set(mpmSettings.mpm, name, line.position);
  },
};

const countDirectives: readonly DirectiveDefinition[] = counts.map((count) =>
  valueDirective(
    count.setting,
    {
      name: count.name,
      module: count.module ?? 'mpm',
      contexts: globalContext,
      syntax: count.syntax ?? 'number',
      summary: count.summary,
      ...(count.difference === undefined ? {} : { difference: count.difference }),
      ...(count.default === undefined ? {} : { default: count.default }),
    },
    (word) => parseInteger(word, count.name, count.min, 2_147_483_647),
  ),
);

export const mpmDirectives: readonly DirectiveDefinition[] = [loadModule, ...countDirectives];
