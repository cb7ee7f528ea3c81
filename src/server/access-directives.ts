/**
 * The directives of access rules: Require, its containers and AuthMerging (mod_authz_core), Order, Allow, Deny and
 * Satisfy (mod_access_compat). They become the values of http/access-rules.ts.
 */

import {
  type DirectiveDefinition,
  DirectiveError,
  type DirectiveLine,
  firstWord,
  flagDirective,
} from '../conf/directive.js';
import type { SectionDefinition } from '../conf/section-definition.js';
import type { Setting, Settings, SettingsBuilder } from '../conf/settings.js';
import type { Word } from '../conf/source.js';
import {
  type AccessRules,
  type CompatRules,
  defaultCompatRules,
  type HostRule,
  mergeRequireRules,
  type RequireRule,
  type RequireRules,
} from '../http/access-rules.js';
import { looksLikeIp } from '../http/ip-network.js';
import { parseNetworkWord, parseRequireLine, parseRequireSection, warnAboutHostNames } from './require-tree.js';

export const requireRules: Setting<RequireRules> = { id: 'mod_authz_core.rules', merge: mergeRequireRules };

/** Without a merge function, as in Apache: an inner scope's lines replace all of the outer one's. */
export const compatRules: Setting<CompatRules> = { id: 'mod_access_compat.rules' };

export const forbiddenOnFailure: Setting<boolean> = { id: 'mod_authz_core.forbidden-on-failure' };

/** What `decideAccess` needs, from the settings in force for a request. */
export function accessRulesOf(settings: Settings): AccessRules {
  return { require: settings.find(requireRules), compat: settings.find(compatRules) };
}

const inSections = ['directory', '.htaccess'] as const;

/** Rules side by side in one scope: one of them must grant. */
function addRule(rule: RequireRule, line: DirectiveLine, scope: SettingsBuilder): void {
  scope.update(
    requireRules,
    (previous): RequireRules => {
      const before = previous?.rule;
      const rules = before?.kind === 'group' ? [...before.rules, rule] : [rule];
      return { merging: previous?.merging, rule: { kind: 'group', operator: 'any', negated: false, rules } };
    },
    line.position,
  );
}

function changeCompat(line: DirectiveLine, scope: SettingsBuilder, change: (rules: CompatRules) => CompatRules): void {
  scope.update(compatRules, (previous) => change(previous ?? defaultCompatRules), line.position);
}

function parseHostRule(word: Word): HostRule {
  const text = word.text;
  const env = /^env=(!?)(.*)$/is.exec(text);
  if (text.toLowerCase() === 'all') return { kind: 'all' };
  if (env !== null) {
    const variable = env[2] ?? '';
    if (variable === '') throw new DirectiveError('env= needs the name of an environment variable', word);
    return { kind: 'env', variable, absent: env[1] === '!' };
  }
  if (text.includes('/') || looksLikeIp(text)) return { kind: 'ip', networks: [parseNetworkWord(word)] };
  return { kind: 'host', names: [text.toLowerCase()] };
}

/** Order or Satisfy: for all methods, which forgets earlier lines for some of them, or for those of <Limit>. */
function setCompatWord<K extends 'order' | 'satisfy'>(
  line: DirectiveLine,
  scope: SettingsBuilder,
  key: K,
  value: CompatRules[K],
): void {
  const { limitedTo } = line;
  changeCompat(line, scope, ({ limited = [], ...rules }) => {
    if (limitedTo !== undefined) return { ...rules, limited: [...limited, { limitedTo, [key]: value }] };
    const kept = limited.filter((one) => one[key] === undefined);
    return { ...rules, [key]: value, ...(kept.length === 0 ? {} : { limited: kept }) };
  });
}

function parseHostRules(line: DirectiveLine): readonly HostRule[] {
  const from = firstWord(line);
  if (from.text.toLowerCase() !== 'from') {
    throw new DirectiveError(`${line.name} must be followed by 'from', not '${from.text}'`, from);
  }
  const words = line.args.slice(1);
  const rules = words.map(parseHostRule);
  // 'none' is a common way to say nothing at all.
  const named = words.filter((word, index) => rules[index]?.kind === 'host' && word.text.toLowerCase() !== 'none');
  warnAboutHostNames(line, named);
  const { limitedTo } = line;
  return limitedTo === undefined ? rules : rules.map((rule) => ({ ...rule, limitedTo }));
}

const orders: Readonly<Record<string, CompatRules['order']>> = {
  'allow,deny': 'allow,deny',
  'deny,allow': 'deny,allow',
  'mutual-failure': 'mutual-failure',
};

const mergings: Readonly<Record<string, RequireRules['merging']>> = { off: 'off', and: 'and', or: 'or' };

const satisfies: Readonly<Record<string, CompatRules['satisfy']>> = { all: 'all', any: 'any' };

/** The value of the one argument, by its lower-case text. @throws DirectiveError that lists the choices */
function choose<T>(line: DirectiveLine, choices: Readonly<Record<string, T>>): T {
  const word = firstWord(line);
  const key = word.text.toLowerCase();
  const value = Object.hasOwn(choices, key) ? choices[key] : undefined;
  if (value !== undefined) return value;
  throw new DirectiveError(`${line.name} must be one of ${Object.keys(choices).join(', ')}, not '${word.text}'`, word);
}

/** mod_authz_core's and mod_authz_host's directives. */
export const requireDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'Require',
    module: 'mod_authz_core',
    contexts: inSections,
    override: 'AuthConfig',
    syntax: '[not] entity-name [entity-name] ...',
    args: { min: 1, max: Number.MAX_SAFE_INTEGER },
    default: 'all granted',
    summary:
      'Who may have the resource: all granted, all denied, ip, local, host, method, env or expr; and, of users that AuthType has made known, valid-user, user, group (AuthGroupFile) or wsgi-group (WSGIAuthGroupScript). Of several lines in a section one must grant; use <RequireAll>, <RequireAny> and <RequireNone> to combine them otherwise.',
    difference:
      'forward-dns is not supported, nor are expressions in the names of users and groups. host only matches where the name of the client is known without asking a name server.',
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
    summary:
      'How the Require rules of this section meet those of the sections before it: they replace them (Off), both must grant (And) or one of them must (Or).',
    apply(line, scope) {
      const merging = choose(line, mergings);
      scope.update(requireRules, (previous) => ({ merging, rule: previous?.rule }), line.position);
    },
  },
  flagDirective(forbiddenOnFailure, {
    name: 'AuthzSendForbiddenOnFailure',
    module: 'mod_authz_core',
    contexts: inSections,
    override: 'AuthConfig',
    default: 'Off',
    summary:
      'Whether a user who is known and may not have the resource gets 403, in place of 401 with which a browser asks for another name and password.',
  }),
];

const containerSummaries = {
  RequireAll: 'Grants access if at least one rule in it grants and none denies.',
  RequireAny: 'Grants access if at least one rule in it grants.',
  RequireNone: 'Denies access if a rule in it would grant. It can never grant by itself.',
} as const;

/** The containers of Require rules, nested to any depth. */
export const requireSections: readonly SectionDefinition[] = Object.entries(containerSummaries).map(
  ([name, summary]) => ({
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
  }),
);

/** mod_access_compat's directives. */
export const accessCompatDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'Order',
    module: 'mod_access_compat',
    contexts: inSections,
    override: 'Limit',
    syntax: 'deny,allow | allow,deny | mutual-failure',
    args: { min: 1, max: 1 },
    default: 'deny,allow',
    summary:
      'Which of Allow and Deny is looked at last and so decides where both or neither match. mutual-failure admits only who is allowed and not denied. No blank may stand around the comma.',
    apply(line, scope) {
      setCompatWord(line, scope, 'order', choose(line, orders));
    },
  },
  {
    name: 'Allow',
    module: 'mod_access_compat',
    contexts: inSections,
    override: 'Limit',
    syntax: 'from all|host|env=[!]env-variable [host|env=[!]env-variable] ...',
    args: { min: 2, max: Number.MAX_SAFE_INTEGER },
    summary:
      'Whom Order lets in: everybody, an IP address or network, the first octets of an address, a host, or requests with a variable.',
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
    summary:
      'Whether both Order and Require must let a request through (All) or one is enough (Any). Any without Order, Allow or Deny lets everything through.',
    apply(line, scope) {
      setCompatWord(line, scope, 'satisfy', choose(line, satisfies));
    },
  },
];
