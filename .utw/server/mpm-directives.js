/**
 * The directives of Apache's multi-processing modules. Here StartServers is the number of http children; a child serves
 * any number of connections in one thread, so most of the others have nothing to say and are only kept.
 */
import { parseInteger, valueDirective } from '../conf/directive.js';
import { globalContext } from './directive-arguments.js';
export const mpmSettings = Object.freeze({
    /** Number of http children. */
    startServers: { id: 'mpm.start-servers' },
    serverLimit: { id: 'mpm.server-limit' },
    minSpareServers: { id: 'mpm.min-spare-servers' },
    maxSpareServers: { id: 'mpm.max-spare-servers' },
    minSpareThreads: { id: 'mpm.min-spare-threads' },
    maxSpareThreads: { id: 'mpm.max-spare-threads' },
    threadsPerChild: { id: 'mpm.threads-per-child' },
    threadLimit: { id: 'mpm.thread-limit' },
    maxRequestWorkers: { id: 'mpm.max-request-workers' },
    /** 0: no limit. */
    maxConnectionsPerChild: { id: 'core.max-connections-per-child' },
    threadStackSizeBytes: { id: 'core.thread-stack-size' },
});
const kept = 'Kept, without effect so far.';
const counts = [
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
export const mpmDirectives = counts.map((count) => valueDirective(count.setting, {
    name: count.name,
    module: count.module ?? 'mpm',
    contexts: globalContext,
    syntax: count.syntax ?? 'number',
    summary: count.summary,
    difference: count.difference,
}, (word) => parseInteger(word, count.name, count.min, 2_147_483_647)));
//# sourceMappingURL=mpm-directives.js.map