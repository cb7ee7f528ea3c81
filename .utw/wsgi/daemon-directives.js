/** WSGIDaemonProcess, and the directives about the sockets of daemon processes. */
import { DirectiveError, firstWord, valueDirective, } from '../conf/directive.js';
import { daemonOptions } from './daemon-options.js';
import { defaultDaemonProcessGroup } from './daemon-process-group.js';
import { globalOnly, servers, wsgi, wsgiFlag } from './directive-shapes.js';
import { splitRawArguments, unknownOption } from './raw-arguments.js';
import { definitionSettings, pythonSettings } from './settings.js';
/** Reads one WSGIDaemonProcess line. @throws DirectiveError */
export function parseDaemonProcess(line) {
    const what = 'WSGI daemon process';
    const { words, options } = splitRawArguments(line, 1, what);
    const name = words[0];
    if (name === undefined || name.text === '')
        throw new DirectiveError('name of WSGI daemon process not supplied', name);
    if (/^[a-z-]+=/.test(name.text) && daemonOptions.has(name.text.split('=', 1)[0] ?? '')) {
        throw new DirectiveError(`name of WSGI daemon process not supplied: '${name.text}' is an option`, name);
    }
    const group = defaultDaemonProcessGroup(name.text, line.position);
    const seen = new Set();
    for (const option of options) {
        const definition = daemonOptions.get(option.name.text);
        if (definition === undefined)
            throw unknownOption(option, what, [...daemonOptions.keys()]);
        if (seen.has(option.name.text)) {
            line.report('warning', `option ${option.name.text} stands twice, the last one counts`, option.name.position);
        }
        seen.add(option.name.text);
        definition.apply(group, option.value);
    }
    if (group.scriptUser !== undefined && group.scriptGroup !== undefined) {
        throw new DirectiveError('only one of script-user and script-group allowed');
    }
    if (group.responseSocketTimeoutSeconds === 0)
        group.responseSocketTimeoutSeconds = group.socketTimeoutSeconds;
    return Object.freeze(group);
}
function applyDaemonProcess(line, scope) {
    const group = parseDaemonProcess(line);
    // A name that another server has taken is found once all servers are there: group-catalog.ts.
    if (scope.find(definitionSettings.daemonProcesses)?.some((other) => other.name === group.name)) {
        throw new DirectiveError(`name duplicates previous WSGI daemon definition: '${group.name}'`);
    }
    scope.update(definitionSettings.daemonProcesses, (previous) => [...(previous ?? []), group], line.position);
}
const mutexes = ['default', 'flock', 'fcntl', 'sysvsem', 'posixsem', 'pthread'];
export const daemonDirectives = [
    {
        ...wsgi('WSGIDaemonProcess', 'name [option=value] ...', 'Defines a process group: a fixed number of processes of their own that run WSGI applications, with their user, their Python and their limits. Applications are given to it with WSGIProcessGroup or the option process-group of WSGIScriptAlias. A group that is defined in a virtual host is there for hosts of the same ServerName only.'),
        contexts: servers,
        args: 'raw',
        difference: 'Numbers must be numbers to their end: mod_wsgi takes 5m for 5. There are maximum-requests-jitter, restart-jitter, memory-recycle and ready-url besides. No blank may stand behind the = of an option.',
        apply: applyDaemonProcess,
    },
    valueDirective(pythonSettings.socketPrefix, {
        ...wsgi('WSGISocketPrefix', 'prefix', 'The beginning of the paths of the sockets of daemon processes.'),
        contexts: globalOnly,
        difference: 'Without the directive the sockets lie in DefaultRuntimeDir. There are no lock files.',
    }, (word, line) => {
        if (word.text === '')
            throw new DirectiveError('invalid WSGI socket prefix: it is empty', word);
        const path = line.serverRootRelative(word.text);
        return word.text.endsWith('/') && !path.endsWith('/') ? `${path}/` : path;
    }),
    wsgiFlag(pythonSettings.socketRotation, 'WSGISocketRotation', 'Whether the sockets of daemon processes get new names with every reload.', {
        contexts: globalOnly,
        default: 'On',
        difference: 'Kept, without effect: every process has a socket of its own and a reload loses no request either way.',
    }),
    {
        ...wsgi('WSGIAcceptMutex', mutexes.join('|'), 'With which lock the processes of a group take turns to accept.'),
        contexts: globalOnly,
        args: { min: 1, max: 1 },
        default: 'default',
        difference: 'Kept, without effect: every process has a socket of its own.',
        apply(line, scope) {
            const word = firstWord(line);
            if (!mutexes.includes(word.text.toLowerCase())) {
                throw new DirectiveError(`accept mutex lock mechanism '${word.text}' is invalid, there are ${mutexes.join(', ')}`, word);
            }
            scope.set(pythonSettings.acceptMutex, word.text.toLowerCase(), line.position);
        },
    },
];
//# sourceMappingURL=daemon-directives.js.map