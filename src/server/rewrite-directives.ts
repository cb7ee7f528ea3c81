/**
 * mod_rewrite's directives: how their lines become rules, and how the rules of nested scopes meet. The engine that runs
 * them is src/http/rewrite/; the handlers that call it take their rules from `findServerRewrite` and
 * `findDirectoryRewrite`.
 */

import {
  type DirectiveDefinition,
  DirectiveError,
  type DirectiveLine,
  firstWord,
  parseFlag,
} from '../conf/directive.js';
import type { Setting, Settings, SettingsBuilder } from '../conf/settings.js';
import { formatPosition } from '../conf/source.js';
import { parseCondition, type RewriteCondition } from '../http/rewrite/condition.js';
import { parseMap, type RewriteMap } from '../http/rewrite/rewrite-map.js';
import { compileRules, parseRule, type RewriteRule, type RuleSet } from '../http/rewrite/rule.js';
import { RewriteSyntaxError } from '../http/rewrite/syntax-error.js';

/** The words of RewriteOptions, in lower case. */
type RewriteOption =
  | 'allowanyuri'
  | 'allownoslash'
  | 'ignorecontextinfo'
  | 'ignoreinherit'
  | 'inherit'
  | 'inheritbefore'
  | 'inheritdown'
  | 'inheritdownbefore'
  | 'mergebase';

/** What both kinds of scope hold. */
interface RewriteScope {
  /** RewriteEngine; undefined where no line of the scope says. */
  readonly enabled: boolean | undefined;
  /** RewriteOptions; undefined where no line of the scope says. */
  readonly options: ReadonlySet<RewriteOption> | undefined;
  readonly rules: readonly RewriteRule[];
  /** RewriteCond lines whose RewriteRule has not come yet. */
  readonly pending: readonly RewriteCondition[];
}

export interface ServerRewrite extends RewriteScope {
  readonly maps: ReadonlyMap<string, RewriteMap>;
  /** Whether a line of a virtual host had a part in it; one without any runs no rules at all. */
  readonly isVirtualHost: boolean;
}

export interface DirectoryRewrite extends RewriteScope {
  /** The argument of the section, or the folder of the .htaccess file. */
  readonly directory: string;
  /** RewriteBase. */
  readonly base: string | undefined;
}

export const serverRewrite: Setting<ServerRewrite> = {
  id: 'mod_rewrite.server',
  merge: (outer, inner) => ({
    ...mergedScope(outer, inner),
    maps: inheritance(outer, inner) === 'none' ? inner.maps : new Map([...outer.maps, ...inner.maps]),
    isVirtualHost: inner.isVirtualHost,
  }),
};

export const directoryRewrite: Setting<DirectoryRewrite> = {
  id: 'mod_rewrite.directory',
  merge: (outer, inner) => {
    const scope = mergedScope(outer, inner);
    const base = inner.base ?? (scope.options?.has('mergebase') === true ? outer.base : undefined);
    return { ...scope, directory: inner.directory, base };
  },
};

/** What rewriteForServer needs, or undefined where no rules run. */
export interface ServerRules {
  readonly set: RuleSet;
  readonly options: { readonly allowAnyUri: boolean };
}

/** What rewriteForDirectory needs, or undefined where no rules run. */
export interface DirectoryRules {
  readonly set: RuleSet;
  readonly options: {
    readonly directory: string;
    readonly base: string | undefined;
    readonly allowNoSlash: boolean;
    readonly ignoreContextInfo: boolean;
  };
}

/** The rules of a server scope. `settings` are those of the scope, laid over the main server's for a virtual host. */
export function findServerRewrite(settings: Settings, isVirtualHost: boolean): ServerRules | undefined {
  const scope = settings.find(serverRewrite);
  // In Apache a virtual host without a line of mod_rewrite does not rewrite, whatever the main server says.
  if (scope?.enabled !== true || scope.rules.length === 0 || scope.isVirtualHost !== isVirtualHost) return undefined;
  return {
    set: compileRules(scope.rules, scope.maps),
    options: { allowAnyUri: scope.options?.has('allowanyuri') === true },
  };
}

/** The rules of the sections that a request fell into. The maps are the server's: directories can't define any. */
export function findDirectoryRewrite(settings: Settings, server: Settings): DirectoryRules | undefined {
  const scope = settings.find(directoryRewrite);
  if (scope?.enabled !== true || scope.rules.length === 0) return undefined;
  return {
    set: compileRules(scope.rules, server.find(serverRewrite)?.maps),
    options: {
      directory: scope.directory,
      base: scope.base,
      allowNoSlash: scope.options?.has('allownoslash') === true,
      ignoreContextInfo: scope.options?.has('ignorecontextinfo') === true,
    },
  };
}

function mergedScope(outer: RewriteScope, inner: RewriteScope): RewriteScope {
  const order = inheritance(outer, inner);
  const rules = {
    none: () => inner.rules,
    after: () => [...inner.rules, ...outer.rules],
    before: () => [...outer.rules, ...inner.rules],
  };
  return {
    enabled: inner.enabled ?? outer.enabled,
    options: inner.options ?? outer.options,
    rules: rules[order](),
    pending: inner.pending,
  };
}

/** Where the outer scope's rules go. The inner scope's own words win; without any it has the outer one's. */
function inheritance(outer: RewriteScope, inner: RewriteScope): 'none' | 'before' | 'after' {
  const options = inner.options ?? outer.options;
  const ignores = options?.has('ignoreinherit') === true;
  if (options?.has('inherit') || (outer.options?.has('inheritdown') && !ignores)) return 'after';
  if (options?.has('inheritbefore') || (outer.options?.has('inheritdownbefore') && !ignores)) return 'before';
  return 'none';
}

const emptyScope: RewriteScope = { enabled: undefined, options: undefined, rules: [], pending: [] };

function isPerDirectory(line: DirectiveLine): boolean {
  return line.context === 'directory' || line.context === '.htaccess';
}

/** Changes the part that both kinds of scope have, in the one where the line stands. */
function change(line: DirectiveLine, scope: SettingsBuilder, how: (previous: RewriteScope) => Partial<RewriteScope>) {
  if (isPerDirectory(line)) changeDirectory(line, scope, how);
  else changeServer(line, scope, how);
}

function changeServer(
  line: DirectiveLine,
  scope: SettingsBuilder,
  how: (previous: ServerRewrite) => Partial<ServerRewrite>,
): void {
  const isVirtualHost = line.context === 'virtual host';
  const empty: ServerRewrite = { ...emptyScope, maps: new Map(), isVirtualHost };
  scope.update(serverRewrite, (previous = empty) => ({ ...previous, ...how(previous) }), line.position);
}

function changeDirectory(
  line: DirectiveLine,
  scope: SettingsBuilder,
  how: (previous: DirectoryRewrite) => Partial<DirectoryRewrite>,
): void {
  const empty: DirectoryRewrite = { ...emptyScope, directory: line.sectionArgument ?? '/', base: undefined };
  scope.update(directoryRewrite, (previous = empty) => ({ ...previous, ...how(previous) }), line.position);
}

/** Runs one of the engine's parsers; what it finds wrong is said about the word in question. */
function parsed<T>(line: DirectiveLine, parse: (args: readonly string[]) => T): T {
  try {
    return parse(line.args.map((word) => word.text));
  } catch (error) {
    if (error instanceof RewriteSyntaxError) throw new DirectiveError(error.message, line.args[error.argument]);
    throw error;
  }
}

/** Says so where a pattern can't match because of the slash that it has or lacks. */
function reportSlash(line: DirectiveLine): void {
  const [pattern] = line.args;
  if (pattern === undefined) return;
  const section = line.sections.at(-1)?.toLowerCase();
  if (line.context === '.htaccess' || (line.context === 'directory' && section === 'directory')) {
    if (pattern.text.startsWith('^/')) {
      const message = `'${pattern.text}' never matches here: the path below a directory has no slash at its start`;
      line.report('warning', message, pattern.position);
    }
  } else if (line.context !== 'directory' && /^\^(?!http)[A-Za-z0-9]/.test(pattern.text)) {
    line.report('warning', `'${pattern.text}' never matches here: a URL path starts with a slash`, pattern.position);
  }
}

const optionWords: ReadonlySet<string> = new Set<RewriteOption>([
  'allowanyuri',
  'allownoslash',
  'ignorecontextinfo',
  'ignoreinherit',
  'inherit',
  'inheritbefore',
  'inheritdown',
  'inheritdownbefore',
  'mergebase',
]);

function parseOptions(line: DirectiveLine): readonly RewriteOption[] {
  const options: RewriteOption[] = [];
  for (const word of line.args) {
    const option = word.text.toLowerCase();
    if (optionWords.has(option)) options.push(option as RewriteOption);
    else if (option.startsWith('maxredirects=')) {
      line.report('warning', `'${word.text}' does nothing since Apache 2.1`, word.position);
    } else if (option === 'longurloptimization') {
      line.report('note', `'${word.text}' is about Apache's memory use and does nothing here`, word.position);
    } else if (option === 'legacyprefixdocroot') {
      throw new DirectiveError(
        `'${word.text}' is not supported; name the file by its full path in the substitution`,
        word,
      );
    } else throw new DirectiveError(`'${word.text}' is not an option of RewriteOptions`, word);
  }
  return options;
}

const everywhere = ['server config', 'virtual host', 'directory', '.htaccess'] as const;
const shared = { module: 'mod_rewrite', override: 'FileInfo' } as const;

export const rewriteDirectives: readonly DirectiveDefinition[] = [
  {
    ...shared,
    name: 'RewriteEngine',
    contexts: everywhere,
    syntax: 'On|Off',
    args: { min: 1, max: 1 },
    default: 'Off',
    summary:
      'Turns rewriting on or off. Off, no rule of the scope runs, which is how a set of rules is taken out of service without deleting it. A virtual host that has any directive of mod_rewrite takes over the setting of the main server; one that has none does not rewrite.',
    apply(line, scope) {
      const enabled = parseFlag(firstWord(line), line.name);
      change(line, scope, () => ({ enabled }));
    },
  },
  {
    ...shared,
    name: 'RewriteOptions',
    contexts: everywhere,
    syntax: 'option [option ...]',
    args: { min: 1, max: Number.MAX_SAFE_INTEGER },
    summary:
      "Says what happens to the rules of the scope around this one, and some special cases. Inherit runs them after this scope's own, InheritBefore before them; InheritDown and InheritDownBefore do the same from the outer scope's side, unless the inner one says IgnoreInherit. AllowNoSlash lets a directory's rules see requests that lack its trailing slash; AllowAnyURI lets a server's rules see request targets that are no URL path; MergeBase takes RewriteBase over from the outer scope; IgnoreContextInfo leaves aliases out when a relative result is made a URL.",
    difference: 'LegacyPrefixDocRoot is not supported, and LongURLOptimization does nothing.',
    apply(line, scope) {
      const options = parseOptions(line);
      change(line, scope, (previous) => ({ options: new Set([...(previous.options ?? []), ...options]) }));
    },
  },
  {
    ...shared,
    name: 'RewriteBase',
    contexts: ['directory', '.htaccess'],
    syntax: 'url-path',
    args: { min: 1, max: 1 },
    summary:
      'The URL path of the directory, put in front of relative substitutions. Needed where the path below the document root is not the URL path, and for redirects to relative substitutions, which otherwise show the file path.',
    apply(line, scope) {
      const word = firstWord(line);
      if (!word.text.startsWith('/')) {
        throw new DirectiveError(`RewriteBase must be a URL path that starts with '/', not '${word.text}'`, word);
      }
      changeDirectory(line, scope, () => ({ base: word.text }));
    },
  },
  {
    module: 'mod_rewrite',
    name: 'RewriteMap',
    contexts: ['server config', 'virtual host'],
    syntax: 'name [txt:|rnd:|int:]source',
    args: { min: 2, max: 3 },
    summary: `Names a table that rules look into with \${name:key|default}. txt: is a text file of keys and values; rnd: is one whose values are parted by '|', one of them being chosen at random; int: is one of the functions toupper, tolower, escape and unescape. A file is read again when it has changed. A virtual host does not see the maps of the main server unless it inherits its rules.`,
    difference: 'The map types prg, dbm, dbd and fastdbd are not supported.',
    apply(line, scope) {
      const name = firstWord(line).text;
      const map = parsed(line, ([, source = '']) => parseMap(source, (path) => line.serverRootRelative(path)));
      changeServer(line, scope, (previous) => ({ maps: new Map([...previous.maps, [name, map]]) }));
    },
  },
  {
    ...shared,
    name: 'RewriteCond',
    contexts: everywhere,
    syntax: 'test-string pattern [flags]',
    args: { min: 2, max: 3 },
    summary:
      "A condition of the RewriteRule that follows: the test string, with variables and back-references filled in, is held against a regular expression, a file test (-d -f -F -h -l -L -s -U -x), a comparison of strings (< > = <= >=) or of numbers (-eq -ne -lt -le -gt -ge); after the test string expr stands an expression as in If; '!' in front turns it round. All conditions must hold, except that [OR] joins one with the next. [NC] ignores case, [NV] keeps the headers it looks at out of Vary.",
    difference:
      'Test strings %{LA-U:...} and %{LA-F:...} are not supported. -eq and its kin take nothing but a whole number.',
    apply(line, scope) {
      const condition = parsed(line, (args) => parseCondition(args, formatPosition(line.position)));
      change(line, scope, (previous) => ({ pending: [...previous.pending, condition] }));
    },
  },
  {
    ...shared,
    name: 'RewriteRule',
    contexts: everywhere,
    syntax: 'pattern substitution [flags]',
    args: { min: 2, max: 3 },
    summary:
      'Where the path matches the regular expression and the conditions before it hold, the substitution takes its place. In a server or virtual host the path is the URL path; in a directory it is what follows the directory, without a slash at its start. Flags: B BCTLS BNE BNP (escape back-references), C (chain), CO (cookie), DPI, E (environment), END, F, G, H (handler), L (last), N (next round), NC, NE, NS, PT (pass through to aliases), QSA, QSD, QSL (query string), R (redirect), S (skip), T (media type), UnsafeAllow3F, UnsafePrefixStat.',
    difference:
      'The flag P is not supported, nor are possessive quantifiers, atomic groups, recursion and options inside of a pattern. HttpOnly in CO does not depend on secure.',
    apply(line, scope) {
      const pending = (isPerDirectory(line) ? scope.find(directoryRewrite) : scope.find(serverRewrite))?.pending ?? [];
      const rule = parsed(line, (args) => parseRule(args, pending, formatPosition(line.position)));
      reportSlash(line);
      change(line, scope, (previous) => ({ rules: [...previous.rules, rule], pending: [] }));
    },
  },
];
