/**
 * The directives of access rules: Require, its containers and AuthMerging (mod_authz_core), Order, Allow, Deny and
 * Satisfy (mod_access_compat). They become the values of http/access-rules.ts.
 */
import { DirectiveError, firstWord } from '../conf/directive.js';
import { defaultCompatRules, mergeRequireRules, } from '../http/access-rules.js';
import { looksLikeIp } from '../http/ip-network.js';
import { parseNetworkWord, parseRequireLine, parseRequireSection, warnAboutHostNames } from './require-tree.js';
export const requireRules = { id: 'mod_authz_core.rules', merge: mergeRequireRules };
/** Without a merge function, as in Apache: an inner scope's lines replace all of the outer one's. */
export const compatRules = { id: 'mod_access_compat.rules' };
/** What `decideAccess` needs, from the settings in force for a request. */
export function accessRulesOf(settings) {
    return { require: settings.find(requireRules), compat: settings.find(compatRules) };
}
const inSections = ['directory', '.htaccess'];
/** Rules side by side in one scope: one of them must grant. */
function addRule(rule, line, scope) {
    scope.update(requireRules, (previous) => {
        const before = previous?.rule;
        const rules = before?.kind === 'group' ? [...before.rules, rule] : [rule];
        return { merging: previous?.merging, rule: { kind: 'group', operator: 'any', negated: false, rules } };
    }, line.position);
}
function changeCompat(line, scope, change) {
    scope.update(compatRules, (previous) => change(previous ?? defaultCompatRules), line.position);
}
function parseHostRule(word) {
    const text = word.text;
    const env = /^env=(!?)(.*)$/is.exec(text);
    if (text.toLowerCase() === 'all')
        return { kind: 'all' };
    if (env !== null) {
        const variable = env[2] ?? '';
        if (variable === '')
            throw new DirectiveError('env= needs the name of an environment variable', word);
        return { kind: 'env', variable, absent: env[1] === '!' };
    }
    if (text.includes('/') || looksLikeIp(text))
        return { kind: 'ip', networks: [parseNetworkWord(word)] };
    return { kind: 'host', names: [text.toLowerCase()] };
}
function parseHostRules(line) {
    const from = firstWord(line);
    if (from.text.toLowerCase() !== 'from') {
        throw new DirectiveError(`${line.name} must be followed by 'from', not '${from.text}'`, from);
    }
    const words = line.args.slice(1);
    const rules = words.map(parseHostRule);
    // 'none' is a common way to say nothing at all.
    const named = words.filter((word, index) => rules[index]?.kind === 'host' && word.text.toLowerCase() !== 'none');
    warnAboutHostNames(line, named);
    return rules;
}
const orders = {
    'allow,deny': 'allow,deny',
    'deny,allow': 'deny,allow',
    'mutual-failure': 'mutual-failure',
};
const mergings = { off: 'off', and: 'and', or: 'or' };
const satisfies = { all: 'all', any: 'any' };
/** The value of the one argument, by its lower-case text. @throws DirectiveError that lists the choices */
function choose(line, choices) {
    const word = firstWord(line);
    const key = word.text.toLowerCase();
    const value = Object.hasOwn(choices, key) ? choices[key] : undefined;
    if (value !== undefined)
        return value;
    throw new DirectiveError(`${line.name} must be one of ${Object.keys(choices).join(', ')}, not '${word.text}'`, word);
}
/** mod_authz_core's and mod_authz_host's directives. */
export const requireDirectives = [
    {
        name: 'Require',
        module: 'mod_authz_core',
        contexts: inSections,
        override: 'AuthConfig',
        syntax: '[not] entity-name [entity-name] ...',
        args: { min: 1, max: Number.MAX_SAFE_INTEGER },
        default: 'all granted',
        summary: 'Who may have the resource: all granted, all denied, ip, local, host, method or env. Of several lines in a section one must grant; use <RequireAll>, <RequireAny> and <RequireNone> to combine them otherwise.',
        difference: 'valid-user, user, group, expr and forward-dns are not supported yet. host only matches where the name of the client is known without asking a name server.',
        apply(line, scope) {
            addRule(parseRequireLine(line, 'RequireAny', line), line, scope);
        },
    },
    {
        name: 'AuthMerging',
        module: 'mod_authz_core',
        contexts: inSections,
        override: 'AuthConfig',
        syntax: 'Off | And | Or',
        args: { min: 1, max: 1 },
        default: 'Off',
        summary: 'How the Require rules of this section meet those of the sections before it: they replace them (Off), both must grant (And) or one of them must (Or).',
        apply(line, scope) {
            const merging = choose(line, mergings);
            scope.update(requireRules, (previous) => ({ merging, rule: previous?.rule }), line.position);
        },
    },
];
const containerSummaries = {
    RequireAll: 'Grants access if at least one rule in it grants and none denies.',
    RequireAny: 'Grants access if at least one rule in it grants.',
    RequireNone: 'Denies access if a rule in it would grant. It can never grant by itself.',
};
/** The containers of Require rules, nested to any depth. */
export const requireSections = Object.entries(containerSummaries).map(([name, summary]) => ({
    name,
    module: 'mod_authz_core',
    contexts: inSections,
    override: 'AuthConfig',
    syntax: '',
    args: { min: 0, max: 0 },
    summary,
    apply(line, scope) {
        addRule(parseRequireSection(line.node, 'RequireAny', line), line, scope);
    },
}));
/** mod_access_compat's directives. */
export const accessCompatDirectives = [
    {
        name: 'Order',
        module: 'mod_access_compat',
        contexts: inSections,
        override: 'Limit',
        syntax: 'deny,allow | allow,deny | mutual-failure',
        args: { min: 1, max: 1 },
        default: 'deny,allow',
        summary: 'Which of Allow and Deny is looked at last and so decides where both or neither match. mutual-failure admits only who is allowed and not denied. No blank may stand around the comma.',
        apply(line, scope) {
            const order = choose(line, orders);
            changeCompat(line, scope, (rules) => ({ ...rules, order }));
        },
    },
    {
        name: 'Allow',
        module: 'mod_access_compat',
        contexts: inSections,
        override: 'Limit',
        syntax: 'from all|host|env=[!]env-variable [host|env=[!]env-variable] ...',
        args: { min: 2, max: Number.MAX_SAFE_INTEGER },
        summary: 'Whom Order lets in: everybody, an IP address or network, the first octets of an address, a host, or requests with a variable.',
        difference: 'A host name only matches where the name of the client is known without asking a name server.',
        apply(line, scope) {
            const added = parseHostRules(line);
            changeCompat(line, scope, (rules) => ({ ...rules, allow: [...rules.allow, ...added] }));
        },
    },
    {
        name: 'Deny',
        module: 'mod_access_compat',
        contexts: inSections,
        override: 'Limit',
        syntax: 'from all|host|env=[!]env-variable [host|env=[!]env-variable] ...',
        args: { min: 2, max: Number.MAX_SAFE_INTEGER },
        summary: 'Whom Order keeps out; arguments as for Allow.',
        difference: 'A host name only matches where the name of the client is known without asking a name server.',
        apply(line, scope) {
            const added = parseHostRules(line);
            changeCompat(line, scope, (rules) => ({ ...rules, deny: [...rules.deny, ...added] }));
        },
    },
    {
        name: 'Satisfy',
        module: 'mod_access_compat',
        contexts: inSections,
        override: 'AuthConfig',
        syntax: 'Any|All',
        args: { min: 1, max: 1 },
        default: 'All',
        summary: 'Whether both Order and Require must let a request through (All) or one is enough (Any). Any without Order, Allow or Deny lets everything through.',
        apply(line, scope) {
            const satisfy = choose(line, satisfies);
            changeCompat(line, scope, (rules) => ({ ...rules, satisfy }));
        },
    },
];
//# sourceMappingURL=access-directives.js.map