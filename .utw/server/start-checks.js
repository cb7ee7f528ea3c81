/**
 * What the lines of a configuration don't show one by one: groups that nobody defined, scripts that would run in a mode
 * or an interpreter that this build does not have. Asked by `check` and before every start.
 */
import { isIP } from 'node:net';
import { catalogGroups } from '../wsgi/group-catalog.js';
import { definitionSettings, wsgiSettings } from '../wsgi/settings.js';
import { resolveAccessLogs } from './log-directives.js';
import { serverNameOf } from './wsgi-handler.js';
/** Problems of the configuration as a whole. */
export function checkConfig(config) {
    const problems = [...catalogGroups(config, serverNameOf).problems];
    const seen = new Set();
    for (const server of config.servers) {
        problems.push(...resolveAccessLogs(server.settings).problems);
        checkModes(server, problems, seen);
        checkApplicationGroups(server.settings, problems, seen);
        for (const section of sectionsOf(server))
            checkApplicationGroups(section.settings, problems, seen);
        for (const { host } of server.addresses) {
            if (host !== '*' && isIP(host) === 0 && server.position !== undefined) {
                problems.push({
                    severity: 'note',
                    position: server.position,
                    message: `the name '${host}' is looked up at start; where it is unknown the host answers by name on any address`,
                    directive: 'VirtualHost',
                });
            }
        }
    }
    return problems;
}
/** A script alias whose requests would run in embedded mode. */
function checkModes(server, problems, seen) {
    const { settings } = server;
    const hasGroupInSections = sectionsOf(server).some((section) => isDaemon(section.settings.find(wsgiSettings.processGroup)));
    for (const alias of settings.get(definitionSettings.scriptAliases, [])) {
        if (seen.has(alias.position))
            continue;
        const group = alias.processGroup ?? settings.find(wsgiSettings.processGroup);
        if (isDaemon(group) || (alias.processGroup === undefined && hasGroupInSections))
            continue;
        seen.add(alias.position);
        problems.push(embeddedProblem(alias, group));
    }
    const asked = settings.origins(wsgiSettings.processGroup).at(-1);
    const group = settings.find(wsgiSettings.processGroup);
    if (group !== undefined && !isDaemon(group) && asked !== undefined && !seen.has(asked)) {
        seen.add(asked);
        problems.push({
            severity: 'error',
            position: asked,
            message: 'embedded mode is not supported by this build: name a WSGIDaemonProcess group',
            directive: 'WSGIProcessGroup',
        });
    }
}
function isDaemon(group) {
    return group !== undefined && group !== '' && group !== '%{GLOBAL}';
}
function embeddedProblem(alias, group) {
    const why = group === undefined ? 'no WSGIProcessGroup applies to it' : 'its process group is %{GLOBAL}';
    return {
        severity: 'error',
        position: alias.position,
        message: `'${alias.target}' would run in embedded mode (${why}), which this build does not support; ` +
            "write 'WSGIDaemonProcess NAME threads=15' and 'WSGIProcessGroup NAME'",
        directive: 'WSGIScriptAlias',
    };
}
function checkApplicationGroups(settings, problems, seen) {
    const group = settings.find(wsgiSettings.applicationGroup);
    const position = settings.origins(wsgiSettings.applicationGroup).at(-1);
    if (group !== undefined && position !== undefined)
        checkGroup(group, position, 'WSGIApplicationGroup', problems, seen);
    for (const alias of settings.get(definitionSettings.scriptAliases, [])) {
        if (alias.applicationGroup !== undefined) {
            checkGroup(alias.applicationGroup, alias.position, 'WSGIScriptAlias', problems, seen);
        }
    }
    for (const script of settings.get(definitionSettings.importScripts, [])) {
        checkGroup(script.applicationGroup, script.position, 'WSGIImportScript', problems, seen);
    }
}
function checkGroup(group, position, directive, problems, seen) {
    // What a variable will hold is seen with the request.
    if (group === '' || group === '%{GLOBAL}' || group.startsWith('%{ENV:') || seen.has(position))
        return;
    seen.add(position);
    const message = `application group '${group}': this build runs applications in the main interpreter only; write %{GLOBAL}`;
    problems.push({ severity: 'error', position, message, directive });
}
function sectionsOf(server) {
    return [...server.directories, ...server.files, ...server.locations].flatMap((section) => [
        section,
        ...section.nested,
    ]);
}
/** One line for the log where scripts rely on the default application group, which is one interpreter for each mount point. */
export function describeDefaultApplicationGroup(config) {
    const targets = new Set();
    for (const { settings } of config.servers) {
        if (settings.find(wsgiSettings.applicationGroup) !== undefined)
            continue;
        for (const alias of settings.get(definitionSettings.scriptAliases, [])) {
            if (alias.applicationGroup === undefined)
                targets.add(alias.target);
        }
    }
    if (targets.size === 0)
        return undefined;
    return (`no WSGIApplicationGroup for ${[...targets].join(', ')}: this build runs them in the main interpreter (%{GLOBAL}), ` +
        'where mod_wsgi would make a sub-interpreter for each mount point');
}
//# sourceMappingURL=start-checks.js.map