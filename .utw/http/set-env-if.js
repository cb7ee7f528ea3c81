/**
 * What SetEnvIf and BrowserMatch do with a request: rules in, changes to the environment out (mod_setenvif.c,
 * match_headers). Pure; the table in env-directives.ts makes the rules.
 */
import { substituteGroups } from './group-substitution.js';
export const REQUEST_ATTRIBUTES = [
    'Remote_Addr',
    'Remote_Host',
    'Request_Method',
    'Request_Protocol',
    'Request_URI',
    'Server_Addr',
];
/** Carries out the rules in order on `environment`; later ones see what earlier ones set. */
export function applySetEnvIf(rules, request, environment) {
    for (const rule of rules) {
        // What is missing is the empty string, so that ^$ matches it.
        const match = rule.pattern.exec(subjectText(rule.subject, request, environment) ?? '');
        if (match === null)
            continue;
        for (const { name, value } of rule.changes) {
            if (value === undefined)
                environment.delete(name);
            else
                environment.set(name, rule.substitutes ? substituteGroups(value, match) : value);
        }
    }
}
/** Whether Apache compares this pattern as plain text: no metacharacter but escaped ones. */
export function isPlainPattern(pattern) {
    return /^(?:[^\\^.$|()[\]*+?{}]|\\[\\^.$|()[\]*+?{}])*$/.test(pattern);
}
function subjectText(subject, request, environment) {
    switch (subject.kind) {
        case 'attribute':
            return attributeText(subject.attribute, request);
        case 'name':
            return findHeader(subject.name, request) ?? environment.get(subject.name);
        case 'header-pattern': {
            let found;
            for (const [name, value] of request.headers)
                if (subject.pattern.test(name))
                    found = value;
            return found;
        }
    }
}
function attributeText(attribute, request) {
    switch (attribute) {
        // Names are never looked up (HostnameLookups), so the host is the address, as with Apache's lookups off.
        case 'Remote_Addr':
        case 'Remote_Host':
            return request.clientAddress;
        case 'Request_Method':
            return request.method;
        case 'Request_Protocol':
            return request.protocol;
        case 'Request_URI':
            return request.path;
        case 'Server_Addr':
            return request.serverAddress;
    }
}
function findHeader(wanted, request) {
    const lower = wanted.toLowerCase();
    for (const [name, value] of request.headers)
        if (name.toLowerCase() === lower)
            return value;
    return undefined;
}
//# sourceMappingURL=set-env-if.js.map