/**
 * The process groups of a whole configuration: which there are, which server defined them, and who may use them. Found
 * after resolving, as the lines of one server do not see those of others. Called by `check` and by the parent.
 */
import { definitionSettings, wsgiSettings } from './settings.js';
/** Whether requests of a server may go to the group: those of the main server are everybody's. */
export function groupAccess(catalog, name, user, serverNameOf) {
    const found = catalog.groups.get(name);
    if (found === undefined)
        return 'unknown';
    if (found.server.index === 0 || found.server === user)
        return 'accessible';
    const own = serverNameOf(user);
    const other = serverNameOf(found.server);
    if (own === other)
        return 'accessible';
    return own === undefined || other === undefined ? 'not matchable' : 'not accessible';
}
/** `serverNameOf` gives the host of ServerName; the setting is not this layer's. */
export function catalogGroups(config, serverNameOf) {
    const groups = new Map();
    const scripts = new Set();
    const problems = [];
    const seen = new Set();
    // A virtual host's list begins with the main server's, the same objects; the main server comes first.
    for (const server of config.servers) {
        for (const group of server.settings.get(definitionSettings.daemonProcesses, [])) {
            if (seen.has(group))
                continue;
            seen.add(group);
            if (groups.has(group.name)) {
                problems.push(problem('error', group.position, 'WSGIDaemonProcess', `name duplicates previous WSGI daemon definition: '${group.name}'`));
            }
            else
                groups.set(group.name, { group, server });
        }
    }
    for (const server of config.servers) {
        const check = (name) => groupAccess({ groups }, name, server, serverNameOf);
        for (const script of server.settings.get(definitionSettings.importScripts, [])) {
            if (scripts.has(script))
                continue;
            scripts.add(script);
            push(problems, 'error', script.position, 'WSGIImportScript', script.processGroup, check);
        }
        checkAliases(config, server, check, problems);
        checkSettings(server.settings, config.main === server ? undefined : config.main.settings, check, problems);
        for (const section of sectionsOf(server))
            checkSettings(section.settings, undefined, check, problems);
    }
    return { groups, importScripts: [...scripts], problems: unique(problems) };
}
function checkAliases(config, server, check, problems) {
    const inherited = new Set(server === config.main ? [] : config.main.settings.get(definitionSettings.scriptAliases, []));
    for (const alias of server.settings.get(definitionSettings.scriptAliases, [])) {
        if (alias.processGroup === undefined || inherited.has(alias))
            continue;
        // mod_wsgi does not start where a script to be loaded at the start has no group; others fail with the request.
        const severity = alias.preload ? 'error' : 'warning';
        push(problems, severity, alias.position, 'WSGIScriptAlias', alias.processGroup, check);
    }
}
/** `outer` leaves out what is only inherited, as it was looked at there. */
function checkSettings(settings, outer, check, problems) {
    const name = settings.find(wsgiSettings.processGroup);
    const position = settings.origins(wsgiSettings.processGroup).at(-1);
    if (name === undefined || position === undefined)
        return;
    if (outer?.origins(wsgiSettings.processGroup).at(-1) === position)
        return;
    push(problems, 'warning', position, 'WSGIProcessGroup', name, check);
}
function push(problems, severity, position, directive, name, check) {
    // Embedded mode and names that the request makes can't be looked up here.
    if (name === '' || name.startsWith('%{'))
        return;
    const access = check(name);
    if (access === 'accessible')
        return;
    const later = severity === 'error' ? '' : '; requests will be answered with 500';
    const messages = {
        unknown: `WSGI process group not yet configured: no WSGIDaemonProcess line defines '${name}'`,
        'not accessible': `WSGI process group not accessible: '${name}' belongs to a virtual host of another ServerName`,
        'not matchable': `WSGI process group not matchable: '${name}' is defined in a virtual host, and one of both has no ServerName`,
    };
    problems.push(problem(severity, position, directive, messages[access] + later));
}
function problem(severity, position, directive, message) {
    return { severity, position, directive, message };
}
function sectionsOf(server) {
    return [...server.directories, ...server.files, ...server.locations].flatMap((section) => [
        section,
        ...section.nested,
    ]);
}
/** Sections of the main server are there again in every virtual host: one message is enough. */
function unique(problems) {
    const seen = new Set();
    return problems.filter(({ position, message }) => {
        const key = `${position.file}:${position.line}:${position.column}:${message}`;
        return seen.size < seen.add(key).size;
    });
}
//# sourceMappingURL=group-catalog.js.map