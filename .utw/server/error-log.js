/**
 * The error log: Apache 2.4's line form and its levels, for the whole server and per module. Every process has one of
 * these per log file; lines below the level in force are not even formatted.
 */
import { threadId } from 'node:worker_threads';
import { escapeLogMessage } from '../http/log-escape.js';
import { compileStrftime } from '../http/strftime.js';
/** From the gravest; the index is what comparisons use. */
export const logLevelNames = [
    'emerg',
    'alert',
    'crit',
    'error',
    'warn',
    'notice',
    'info',
    'debug',
    'trace1',
    'trace2',
    'trace3',
    'trace4',
    'trace5',
    'trace6',
    'trace7',
    'trace8',
];
/** Apache's default. */
export const defaultLogLevel = 'warn';
export const noLogLevels = { default: undefined, modules: new Map() };
/** Inner over outer: modules that the inner scope does not name keep the outer's level. */
export function mergeLogLevels(outer, inner) {
    // A level for all modules forgets those that single modules had before it.
    if (inner.default !== undefined)
        return inner;
    return { default: outer.default, modules: new Map([...outer.modules, ...inner.modules]) };
}
/** The level called `name` in any case, or undefined. */
export function findLogLevel(name) {
    const wanted = name.toLowerCase();
    return logLevelNames.find((level) => level === wanted);
}
/** `wsgi`, `mod_wsgi`, `wsgi_module` and `mod_wsgi.c` are one module; `core.c` is core. */
export function moduleShortName(name) {
    return name
        .toLowerCase()
        .replace(/^mod_/, '')
        .replace(/(?:\.c|_module)$/, '');
}
/** Whether a message of this level and module is written under `levels`. */
export function isLogged(levels, level, module) {
    const limit = levels.modules.get(module) ?? levels.default ?? defaultLogLevel;
    return logLevelNames.indexOf(level) <= logLevelNames.indexOf(limit);
}
const formatSecond = compileStrftime('%a %b %d %H:%M:%S');
const formatYear = compileStrftime('%Y');
export class ErrorLog {
    #sink;
    #clock;
    #levels;
    constructor(sink, levels, clock) {
        this.#sink = sink;
        this.#levels = levels;
        this.#clock = clock;
    }
    /** Whether `log` would write; for messages that are costly to make. */
    isLogged(level, module, levels = this.#levels) {
        return isLogged(levels, level, module);
    }
    /** Writes one line, `[time] [module:level] [pid n:tid n] [client a:p] message`, if the level in force allows it. */
    log(level, module, message, details = {}) {
        if (!isLogged(details.levels ?? this.#levels, level, module))
            return;
        const pid = details.pid ?? process.pid;
        // Node has no system thread ids; its main thread's is the pid on Linux, a worker gets its number added.
        const tid = details.tid ?? pid + threadId;
        const client = details.client === undefined ? '' : ` [client ${escapeLogMessage(details.client)}]`;
        this.#sink.write(`[${formatErrorLogTime(this.#clock.nowMs())}] [${module}:${level}] [pid ${pid}:tid ${tid}]${client} ${escapeLogMessage(message)}`);
    }
}
/** `Fri Nov 20 18:59:33.123456 2026`, local time. */
export function formatErrorLogTime(epochMs) {
    const date = new Date(epochMs);
    const microseconds = Math.floor((epochMs % 1000) * 1000);
    return `${formatSecond(date)}.${`${microseconds}`.padStart(6, '0')} ${formatYear(date)}`;
}
//# sourceMappingURL=error-log.js.map