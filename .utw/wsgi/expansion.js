/**
 * Names of groups and callables that depend on the request: %{SERVER} and its kin (mod_wsgi's wsgi_process_group,
 * wsgi_application_group and wsgi_callable_object). Pure; called for each request that goes to an application.
 */
import { wsgiSettings } from './settings.js';
/** Embedded mode as a process group, the main interpreter as an application group. */
export const GLOBAL_GROUP = '';
export const DEFAULT_CALLABLE = 'application';
/**
 * The value with its token expanded. Only a value that is a token as a whole is one; anything else, and %{ENV:name}
 * without such a variable, is the name itself.
 */
export function expandGroupToken(value, facts) {
    switch (value) {
        case '%{GLOBAL}':
            return GLOBAL_GROUP;
        case '%{SERVER}':
            return withPort(facts.serverName, facts.port);
        case '%{HOST}':
            return withPort(facts.host || facts.serverName, facts.port);
        case '%{RESOURCE}':
            return `${withPort(facts.serverName, facts.port)}|${mountName(facts)}`;
    }
    const variable = variableOf(value);
    const found = variable === undefined ? undefined : facts.findVariable(variable);
    if (found === undefined)
        return value;
    // What a variable holds may be a token, once: another %{ENV:...} in it is a name, or two could name each other.
    return found.startsWith('%') && !found.startsWith('%{ENV:') ? expandGroupToken(found, facts) : found;
}
/** In which process group the request runs: the alias says it, else WSGIProcessGroup, else it is embedded mode. */
export function effectiveProcessGroup(settings, alias, facts) {
    return expandGroupToken(alias?.processGroup ?? settings.get(wsgiSettings.processGroup, '%{GLOBAL}'), facts);
}
/** In which application group: the alias says it, else WSGIApplicationGroup, else one for the mount point. */
export function effectiveApplicationGroup(settings, alias, facts) {
    return expandGroupToken(alias?.applicationGroup ?? settings.get(wsgiSettings.applicationGroup, '%{RESOURCE}'), facts);
}
/** Which global of the script: the alias says it as it is, else WSGICallableObject, which may be %{ENV:name}. */
export function effectiveCallable(settings, alias, facts) {
    if (alias?.callableObject !== undefined)
        return alias.callableObject;
    const value = settings.get(wsgiSettings.callableObject, DEFAULT_CALLABLE);
    if (!value.startsWith('%'))
        return value;
    const variable = variableOf(value);
    return (variable === undefined ? undefined : facts.findVariable(variable)) ?? DEFAULT_CALLABLE;
}
/** Whether WSGIRestrictProcess lets the request go to the group. */
export function isProcessGroupAllowed(settings, group) {
    return settings.find(wsgiSettings.restrictProcess)?.has(group) ?? true;
}
/** The standard ports of both schemes go without, whatever the scheme is. */
function withPort(name, port) {
    return port === 80 || port === 443 ? name : `${name}:${port}`;
}
function mountName(facts) {
    const name = facts.scriptName.replace(/\/{2,}/g, '/');
    return facts.caseSensitive ? name : name.toLowerCase();
}
function variableOf(value) {
    return /^%\{ENV:([\s\S]*)\}$/.exec(value)?.[1];
}
//# sourceMappingURL=expansion.js.map