/**
 * Variables for applications, logs and rules: SetEnv, PassEnv, UnsetEnv (mod_env, set last, before the handler runs) and
 * SetEnvIf with its kin (mod_setenvif, set first; those of sections once the sections are known).
 */

import { ApacheRegexError, compileApacheRegex } from '../base/apache-regex.js';
import { type DirectiveDefinition, DirectiveError, type DirectiveLine } from '../conf/directive.js';
import type { Setting, SettingsBuilder } from '../conf/settings.js';
import type { Word } from '../conf/source.js';
import {
  isPlainPattern,
  REQUEST_ATTRIBUTES,
  type SetEnvIfRule,
  type SetEnvIfSubject,
  type VariableChange,
} from '../http/set-env-if.js';
import { allContexts, getWord, parsePattern } from './directive-arguments.js';
import { compileExpressionWord, quoteLength } from './expression-argument.js';

/** What SetEnv, PassEnv and UnsetEnv of one scope amount to. */
export interface EnvironmentChanges {
  readonly set: ReadonlyMap<string, string>;
  /** Taken away from what outer scopes set. */
  readonly unset: ReadonlySet<string>;
}

const noChanges: EnvironmentChanges = { set: new Map(), unset: new Set() };

/** An inner scope's UnsetEnv works on what outer scopes set, not on what the same scope sets after it. */
export function mergeEnvironmentChanges(outer: EnvironmentChanges, inner: EnvironmentChanges): EnvironmentChanges {
  const set = new Map(outer.set);
  for (const name of inner.unset) set.delete(name);
  for (const [name, value] of inner.set) set.set(name, value);
  return { set, unset: new Set([...outer.unset, ...inner.unset]) };
}

const inOrder = (outer: readonly SetEnvIfRule[], inner: readonly SetEnvIfRule[]): readonly SetEnvIfRule[] => [
  ...outer,
  ...inner,
];

export const environmentSettings = Object.freeze({
  environment: { id: 'mod_env.environment', merge: mergeEnvironmentChanges } as Setting<EnvironmentChanges>,
  /** Rules of the main server and of the virtual host, for the start of a request. */
  serverRules: { id: 'mod_setenvif.server', merge: inOrder } as Setting<readonly SetEnvIfRule[]>,
  /** Rules of sections, for when the sections of a request are known. */
  sectionRules: { id: 'mod_setenvif.section', merge: inOrder } as Setting<readonly SetEnvIfRule[]>,
});

/** @throws DirectiveError where the name can't stand in an environment */
function parseName(word: Word, text = word.text): string {
  if (text === '' || /[=\0]/.test(text)) throw new DirectiveError(`'${text}' is no name of a variable`, word);
  return text;
}

function withVariable(changes: EnvironmentChanges | undefined, name: string, value: string): EnvironmentChanges {
  const { set, unset } = changes ?? noChanges;
  return { set: new Map([...set, [name, value]]), unset };
}

function withoutVariable(changes: EnvironmentChanges | undefined, name: string): EnvironmentChanges {
  const { set, unset } = changes ?? noChanges;
  return { set: new Map([...set].filter(([other]) => other !== name)), unset: new Set([...unset, name]) };
}

function applySetEnv(line: DirectiveLine, scope: SettingsBuilder): void {
  const word = getWord(line, 0);
  if (word.text.includes('=')) {
    const [name = '', ...rest] = word.text.split('=');
    throw new DirectiveError(`'${word.text}' is no name of a variable; write SetEnv ${name} ${rest.join('=')}`, word);
  }
  const name = parseName(word);
  const value = line.args[1]?.text ?? '';
  scope.update(environmentSettings.environment, (previous) => withVariable(previous, name, value), line.position);
}

/** mod_env's table; `environment` is what PassEnv takes from. */
export function envDirectivesOf(
  environment: Readonly<Record<string, string | undefined>>,
): readonly DirectiveDefinition[] {
  return [
    {
      name: 'SetEnv',
      module: 'mod_env',
      contexts: allContexts,
      override: 'FileInfo',
      syntax: 'env-variable [value]',
      args: { min: 1, max: 2 },
      summary:
        'Sets a variable that the application finds in its environ. Without a value it is empty. It is set late: SetEnvIf and RewriteCond do not see it.',
      difference: 'A name with = is an error, not a warning.',
      apply: applySetEnv,
    },
    {
      name: 'PassEnv',
      module: 'mod_env',
      contexts: allContexts,
      override: 'FileInfo',
      syntax: 'env-variable [env-variable] ...',
      args: { min: 1, max: Number.POSITIVE_INFINITY },
      summary:
        "Gives the application variables of the server's own environment, as they are when the configuration is read.",
      apply(line, scope) {
        for (const word of line.args) {
          const name = parseName(word);
          const value = environment[name];
          if (value === undefined) {
            line.report('warning', `PassEnv variable ${name} was undefined`, word.position);
          } else {
            scope.update(
              environmentSettings.environment,
              (previous) => withVariable(previous, name, value),
              line.position,
            );
          }
        }
      },
    },
    {
      name: 'UnsetEnv',
      module: 'mod_env',
      contexts: allContexts,
      override: 'FileInfo',
      syntax: 'env-variable [env-variable] ...',
      args: { min: 1, max: Number.POSITIVE_INFINITY },
      summary: 'Takes back what SetEnv and PassEnv have set before it in the same scope or in outer ones.',
      apply(line, scope) {
        for (const name of line.args.map((word) => parseName(word))) {
          scope.update(environmentSettings.environment, (previous) => withoutVariable(previous, name), line.position);
        }
      },
    },
  ];
}

function parseSubject(word: Word, ignoreCase: boolean): SetEnvIfSubject {
  if (word.text === '') throw new DirectiveError('the name of a header or attribute is missing', word);
  const attribute = REQUEST_ATTRIBUTES.find((known) => known.toLowerCase() === word.text.toLowerCase());
  if (attribute !== undefined) return { kind: 'attribute', attribute };
  if (/^[-\w]*$/.test(word.text)) return { kind: 'name', name: word.text };
  try {
    // Names of headers have no case of their own; Apache's SetEnvIf compares them with the case of the client.
    return { kind: 'header-pattern', pattern: compileApacheRegex(word.text, { ignoreCase }) };
  } catch (error) {
    if (!(error instanceof ApacheRegexError)) throw error;
    throw new DirectiveError(`header name regex could not be compiled: ${error.message}`, word);
  }
}

function parseChange(word: Word): VariableChange {
  const equals = word.text.indexOf('=');
  const name = equals < 0 ? word.text : word.text.slice(0, equals);
  const value = equals < 0 ? '' : word.text.slice(equals + 1);
  // As in mod_setenvif `name=` is `name`, and a value that starts with ! takes the variable away like `!name`.
  if (value === '') {
    return name.startsWith('!')
      ? { name: parseName(word, name.slice(1)), value: undefined }
      : { name: parseName(word, name), value: '1' };
  }
  return { name: parseName(word, name), value: value.startsWith('!') ? undefined : value };
}

function applyRule(line: DirectiveLine, scope: SettingsBuilder, subject: SetEnvIfSubject, from: number): void {
  const patternWord = getWord(line, from);
  const ignoreCase = /nocase$/i.test(line.name);
  const rule: SetEnvIfRule = {
    subject,
    pattern: parsePattern(patternWord, { ignoreCase }),
    substitutes: !isPlainPattern(patternWord.text),
    changes: line.args.slice(from + 1).map(parseChange),
  };
  addRule(rule, line, scope);
}

function headerRule(name: string, summary: string): DirectiveDefinition {
  return {
    name,
    module: 'mod_setenvif',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'attribute|header regex [!]env-variable[=value] [[!]env-variable[=value]] ...',
    args: { min: 3, max: Number.POSITIVE_INFINITY },
    summary,
    difference: 'Remote_Host is the address of the client, as names are never looked up.',
    apply: (line, scope) => {
      applyRule(line, scope, parseSubject(getWord(line, 0), /nocase$/i.test(line.name)), 1);
    },
  };
}

function browserRule(name: string, summary: string): DirectiveDefinition {
  return {
    name,
    module: 'mod_setenvif',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'regex [!]env-variable[=value] [[!]env-variable[=value]] ...',
    args: { min: 2, max: Number.POSITIVE_INFINITY },
    summary,
    apply: (line, scope) => {
      applyRule(line, scope, { kind: 'name', name: 'User-Agent' }, 0);
    },
  };
}

function applyExpression(line: DirectiveLine, scope: SettingsBuilder): void {
  const expression = compileExpressionWord(getWord(line, 0), quoteLength(line.rawArgs));
  const rule: SetEnvIfRule = { kind: 'expression', expression, changes: line.args.slice(1).map(parseChange) };
  addRule(rule, line, scope);
}

function addRule(rule: SetEnvIfRule, line: DirectiveLine, scope: SettingsBuilder): void {
  const isSection = line.context === 'directory' || line.context === '.htaccess';
  const setting = isSection ? environmentSettings.sectionRules : environmentSettings.serverRules;
  scope.update(setting, (previous) => [...(previous ?? []), rule], line.position);
}

export const envDirectives: readonly DirectiveDefinition[] = envDirectivesOf(process.env);

export const setEnvIfDirectives: readonly DirectiveDefinition[] = [
  headerRule(
    'SetEnvIf',
    'Sets variables where a regular expression matches something of the request: a header, an attribute (Remote_Addr, Server_Addr, Request_Method, Request_Protocol, Request_URI), or a variable that an earlier line set. A variable without a value gets 1, with ! it is taken away, and $1 to $9 in values stand for groups. A header name with other than letters, digits, - and _ is itself a regular expression.',
  ),
  headerRule('SetEnvIfNoCase', 'SetEnvIf without regard to upper and lower case.'),
  {
    name: 'SetEnvIfExpr',
    module: 'mod_setenvif',
    contexts: allContexts,
    override: 'FileInfo',
    syntax: 'expression [!]env-variable[=value] [[!]env-variable[=value]] ...',
    args: { min: 2, max: Number.POSITIVE_INFINITY },
    summary:
      'Sets variables where an expression holds; $1 to $9 in values stand for groups of its last regular expression.',
    apply: applyExpression,
  },
  browserRule('BrowserMatch', 'SetEnvIf on the header User-Agent.'),
  browserRule('BrowserMatchNoCase', 'SetEnvIfNoCase on the header User-Agent.'),
];
