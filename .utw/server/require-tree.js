/**
 * Reads Require lines and their containers from configuration nodes into the rules of http/access-rules.ts.
 * access-directives.ts calls it for what stands in a scope; the containers' children come here only.
 */
import { DirectiveError } from '../conf/directive.js';
import { IpNetworkError, parseIpNetwork } from '../http/ip-network.js';
const containers = ['RequireAll', 'RequireAny', 'RequireNone'];
/** The methods that Apache itself knows; it refuses others in the configuration. */
const knownMethods = new Set(('GET HEAD PUT POST DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK ' +
    'VERSION-CONTROL CHECKOUT UNCHECKOUT CHECKIN UPDATE LABEL REPORT MKWORKSPACE MKACTIVITY BASELINE-CONTROL MERGE').split(' '));
/** Entities that need to know who the user is. */
const authenticationEntities = new Set([
    'valid-user',
    'user',
    'group',
    'file-owner',
    'file-group',
    'ldap-user',
    'ldap-group',
    'ldap-dn',
    'ldap-attribute',
    'ldap-filter',
    'dbm-group',
    'dbm-file-group',
    'dbd-group',
    'dbd-login',
    'dbd-logout',
]);
/** The rules that `nodes` make within a container of this name. @throws DirectiveError */
export function parseRequireTree(nodes, container, reporter) {
    return nodes.map((node) => {
        if (node.kind === 'section')
            return parseRequireSection(node, container, reporter);
        if (node.name.toLowerCase() === 'require')
            return parseRequireLine(node, container, reporter);
        throw new DirectiveError(`${node.name} may not stand in <${container}>, only Require may`, nameWord(node));
    });
}
/** One container that stands within `container`. @throws DirectiveError */
export function parseRequireSection(node, container, reporter) {
    const name = containers.find((one) => one.toLowerCase() === node.name.toLowerCase());
    const at = nameWord(node);
    if (name === undefined)
        throw new DirectiveError(`<${node.name}> may not stand in <${container}>`, at);
    if (node.rawArgs !== '')
        throw new DirectiveError(`<${name}> takes no arguments`, node.args[0] ?? at);
    if (name === 'RequireNone')
        checkNegated(`<${name}>`, container, at);
    const rules = parseRequireTree(node.children, name, reporter);
    if (rules.length === 0)
        throw new DirectiveError(`<${name}> contains no Require line, so it would say nothing`, at);
    if (name === 'RequireAll' && rules.every((rule) => rule.negated)) {
        throw new DirectiveError(`<${name}> contains only negated rules, which can never grant access`, at);
    }
    return { kind: 'group', operator: name === 'RequireAll' ? 'all' : 'any', negated: name === 'RequireNone', rules };
}
/** One Require line that stands within `container`. @throws DirectiveError */
export function parseRequireLine(line, container, reporter) {
    const negated = line.args[0]?.text.toLowerCase() === 'not';
    if (negated)
        checkNegated("'Require not'", container, line.args[0]);
    const entity = line.args[negated ? 1 : 0];
    if (entity === undefined)
        throw new DirectiveError('Require needs to be told what: all, ip, local, host, method or env');
    const words = line.args.slice(negated ? 2 : 1);
    return { kind: 'condition', condition: parseCondition(entity, words, reporter), negated };
}
/** @throws DirectiveError that points at the word */
export function parseNetworkWord(word) {
    try {
        return parseIpNetwork(word.text);
    }
    catch (error) {
        if (error instanceof IpNetworkError)
            throw new DirectiveError(error.message, word);
        throw error;
    }
}
/** Host names need a lookup for every client, which is not done. */
export function warnAboutHostNames(reporter, words) {
    for (const word of words) {
        reporter.report('warning', `the names of clients are not looked up, so '${word.text}' only matches where the name is known otherwise: use IP addresses`, word.position);
    }
}
/** A negated rule only takes away what another one grants, which needs RequireAll around both. */
function checkNegated(what, container, word) {
    if (container === 'RequireAll')
        return;
    throw new DirectiveError(`${what} has no effect in <${container}>: put it into <RequireAll> with a rule that grants`, word);
}
function parseCondition(entity, words, reporter) {
    const needWords = () => {
        if (words.length === 0)
            throw new DirectiveError(`'Require ${entity.text}' needs an argument`, entity);
        return words;
    };
    switch (entity.text) {
        case 'all':
            return { kind: 'all', granted: parseGranted(entity, words) };
        case 'ip':
            return { kind: 'ip', networks: needWords().map(parseNetworkWord) };
        case 'local':
            return { kind: 'local' };
        case 'method':
            return { kind: 'method', methods: new Set(needWords().map(parseMethod)) };
        case 'env':
            return { kind: 'env', variables: needWords().map((word) => word.text) };
        case 'host':
            warnAboutHostNames(reporter, needWords());
            return { kind: 'host', names: words.map((word) => word.text.toLowerCase()) };
        default:
            throw new DirectiveError(unsupportedEntity(entity.text), entity);
    }
}
function parseGranted(entity, words) {
    const text = words.length === 1 ? words[0]?.text.toLowerCase() : undefined;
    if (text === 'granted' || text === 'denied')
        return text === 'granted';
    throw new DirectiveError("'Require all' must be followed by granted or denied", words[0] ?? entity);
}
function parseMethod(word) {
    if (!knownMethods.has(word.text))
        throw new DirectiveError(`'${word.text}' is not an HTTP method that can be named here`, word);
    return word.text === 'HEAD' ? 'GET' : word.text;
}
function unsupportedEntity(name) {
    const lower = name.toLowerCase();
    if (authenticationEntities.has(lower))
        return `'Require ${name}' needs authentication, which is not supported yet`;
    if (lower === 'expr' || lower === 'forward-dns')
        return `'Require ${name}' is not supported yet`;
    return `'Require ${name}' is unknown: use all, ip, local, host, method or env`;
}
function nameWord(node) {
    return { text: node.name, position: node.position };
}
//# sourceMappingURL=require-tree.js.map