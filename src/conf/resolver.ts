/**
 * Tree to frozen values: finds each line's definition, checks where it stands and how many words it has, has the
 * feature carry it out, and collects what the scopes set. Called by the server after parseConfig, and by `check`.
 */

import type { MethodLimit } from '../base/method-limit.js';
import { type Config, type HostAddress, type Section, type SectionKind, ServerScope } from './config.js';
import { type Context, type DirectiveDefinition, DirectiveError, type DirectiveLine } from './directive.js';
import { absolutePath, normalizePath } from './file-paths.js';
import { parseHostAddress } from './host-address.js';
import { findRenamed } from './known-directives.js';
import { allows, type OverridePolicy } from './override-policy.js';
import { ProblemList } from './problem-list.js';
import { findScopeSection, type ScopeSection, type SectionDefinition } from './section-definition.js';
import { orderDirectories, parseSectionArgument } from './section-pattern.js';
import { type Settings, SettingsBuilder } from './settings.js';
import type { Position, Problem, Severity, Word } from './source.js';
import type { ConfigNode, ConfigTree, DirectiveNode, SectionNode } from './tree.js';
import { describeUnknownDirective, describeUnknownSection, type UnknownName } from './unknown-name.js';
import type { Vocabulary } from './vocabulary.js';

export interface ResolveOptions {
  /** Relative paths stand against it where no ServerRoot line says otherwise; '/' if absent. */
  readonly serverRoot?: string;
}

export interface ResolveResult {
  /** Frozen; fit for use where neither `problems` nor the parser's has an error. */
  readonly config: Config;
  readonly problems: readonly Problem[];
}

/** Resolves a whole configuration. Throws only what a feature throws besides DirectiveError. */
export function resolveConfig(tree: ConfigTree, vocabulary: Vocabulary, options: ResolveOptions = {}): ResolveResult {
  const serverRoot = lastServerRoot(tree, options.serverRoot ?? '/');
  const resolver = new Resolver(vocabulary, serverRoot, undefined);
  const config = resolver.config(tree);
  return { config, problems: resolver.problems.list() };
}

export interface AccessFileOptions {
  readonly serverRoot: string;
  /** The folder that the file lies in. */
  readonly directory: string;
  /** What AllowOverride and AllowOverrideList permit there. */
  readonly policy: OverridePolicy;
}

/**
 * Resolves one .htaccess file to a section that matchDirectories places behind the folder's own. Its lines must be
 * ones that `policy` allows.
 */
export function resolveAccessFile(
  tree: ConfigTree,
  vocabulary: Vocabulary,
  options: AccessFileOptions,
): { readonly section: Section; readonly problems: readonly Problem[] } {
  const resolver = new Resolver(vocabulary, options.serverRoot, options.policy);
  const section = resolver.accessFile(tree, options.directory);
  return { section, problems: resolver.problems.list() };
}

/** Paths stand against the last ServerRoot, also those of lines before it: httpd carries lines out after reading. */
function lastServerRoot(tree: ConfigTree, fallback: string): string {
  let root = fallback;
  for (const node of tree.nodes) {
    const path = node.kind === 'directive' && node.name.toLowerCase() === 'serverroot' ? node.args[0]?.text : undefined;
    if (path !== undefined && path !== '') root = absolutePath(root, path);
  }
  return normalizePath(root);
}

/** Where lines are put while one scope is walked. */
interface Place {
  readonly context: Context;
  readonly sections: readonly string[];
  readonly sectionArgument: string | undefined;
  /** Inside <Limit> or <LimitExcept>. */
  readonly limitedTo?: MethodLimit;
  readonly settings: SettingsBuilder;
  readonly directories: Section[];
  readonly files: Section[];
  readonly locations: Section[];
}

function newPlace(context: Context, sections: readonly string[], sectionArgument: string | undefined): Place {
  const lists = { directories: [], files: [], locations: [] };
  return { context, sections, sectionArgument, settings: new SettingsBuilder(), ...lists };
}

interface Host {
  readonly place: Place;
  readonly addresses: readonly HostAddress[];
  readonly position: Position;
}

class Resolver {
  readonly problems = new ProblemList();
  readonly #vocabulary: Vocabulary;
  readonly #serverRoot: string;
  /** Of an .htaccess file. */
  readonly #policy: OverridePolicy | undefined;
  readonly #hosts: Host[] = [];

  constructor(vocabulary: Vocabulary, serverRoot: string, policy: OverridePolicy | undefined) {
    this.#vocabulary = vocabulary;
    this.#serverRoot = serverRoot;
    this.#policy = policy;
  }

  config(tree: ConfigTree): Config {
    const place = newPlace('server config', [], undefined);
    this.#walk(tree.nodes, place);
    const main = serverScope(0, undefined, place, undefined);
    const hosts = this.#hosts.map((host, index) => serverScope(index + 1, main, host.place, host));
    return Object.freeze({
      main,
      servers: Object.freeze([main, ...hosts]),
      files: Object.freeze([...tree.files]),
      serverRoot: this.#serverRoot,
      defines: tree.defines,
    });
  }

  accessFile(tree: ConfigTree, directory: string): Section {
    const place = newPlace('.htaccess', [], directory);
    this.#walk(tree.nodes, place);
    const path = directory.endsWith('/') ? directory : `${directory}/`;
    const first = tree.nodes[0]?.position ?? { file: tree.files[0] ?? `${path}.htaccess`, line: 1, column: 1 };
    return freezeSection('Directory', { argument: directory, pattern: { kind: 'prefix', path } }, place, first);
  }

  /** Recurses as deep as sections nest, which the parser limits. */
  #walk(nodes: readonly ConfigNode[], place: Place): void {
    for (const node of nodes) {
      if (this.problems.isFull) return;
      if (node.kind === 'directive') this.#directive(node, place);
      else this.#section(node, place);
    }
  }

  #directive(node: DirectiveNode, place: Place): void {
    const definition = this.#vocabulary.find(node.name) ?? this.#renamed(node);
    if (definition === undefined) {
      if (['serverroot', 'loadmodule'].includes(node.name.toLowerCase())) return; // the parser has carried it out
      this.#unknown(describeUnknownDirective(node.name, this.#vocabulary), node);
      return;
    }
    if (!this.#mayStand(definition, definition.name, node, place)) return;
    if (!this.#takesWords(definition, definition.name, node)) return;
    const line = this.#line(definition.name, definition.args, node, place);
    this.#apply(line, () => definition.apply(line, place.settings));
  }

  #unknown({ message, severity }: UnknownName, node: ConfigNode): void {
    const isSpared = severity === 'error' && this.#policy?.allowed.sparesUnknown === true;
    this.problems.report(isSpared ? 'warning' : severity, node.position, message, node.name);
  }

  #renamed(node: DirectiveNode): DirectiveDefinition | undefined {
    const today = findRenamed(node.name);
    const definition = today === undefined ? undefined : this.#vocabulary.find(today);
    if (definition !== undefined) {
      const message = `${node.name} is called ${definition.name} today; it is taken as that`;
      this.problems.report('warning', node.position, message, node.name);
    }
    return definition;
  }

  #section(node: SectionNode, place: Place): void {
    const scope = findScopeSection(node.name);
    if (scope !== undefined) {
      if (scope.name === 'VirtualHost') this.#virtualHost(scope, node, place);
      else this.#scopeSection(scope, scope.name, node, place);
      return;
    }
    const definition = this.#vocabulary.findSection(node.name);
    if (definition === undefined) {
      this.#unknown(describeUnknownSection(node.name, this.#vocabulary), node);
      return;
    }
    const shown = `<${definition.name}>`;
    if (!this.#mayStand(definition, shown, node, place) || !this.#takesWords(definition, shown, node)) return;
    const line = Object.assign(this.#line(definition.name, definition.args, node, place), {
      node,
      resolveChildren: () => this.#conditional(definition.name, node, place),
      resolveInPlace: (limitedTo: MethodLimit) => this.#walk(node.children, { ...place, limitedTo }),
    });
    this.#apply(line, () => definition.apply(line, place.settings));
  }

  /** The children of a section that no path or name stands for; Apache calls its place '*If'. */
  #conditional(name: string, node: SectionNode, place: Place): Settings {
    const inner = newPlace('directory', [...place.sections, name], '*If');
    this.#walk(node.children, inner);
    // Files are matched before conditions are tried.
    for (const { kind, position } of inner.files) {
      this.problems.report('warning', position, `<${kind}> inside <${name}> never applies; it is left out`, kind);
    }
    return frozen(inner.settings.build());
  }

  #virtualHost(section: ScopeSection, node: SectionNode, place: Place): void {
    if (!this.#mayStand(section, '<VirtualHost>', node, place)) return;
    if (node.args.length === 0) {
      const message = '<VirtualHost> needs an address, for instance <VirtualHost *:80>';
      this.problems.report('error', node.position, message, node.name);
    }
    const addresses: HostAddress[] = [];
    for (const word of node.args) {
      const address = parseHostAddress(word.text);
      if (typeof address === 'string') this.problems.report('error', word.position, address, node.name);
      else if (addresses.some((other) => other.host === address.host && other.port === address.port)) {
        this.problems.report('warning', word.position, `address '${word.text}' is given twice`, node.name);
      } else addresses.push(address);
    }
    const inner = newPlace('virtual host', [...place.sections, section.name], node.args[0]?.text);
    this.#walk(node.children, inner);
    this.#hosts.push({ place: inner, addresses: Object.freeze(addresses), position: node.position });
  }

  #scopeSection(section: ScopeSection, kind: SectionKind, node: SectionNode, place: Place): void {
    const outer = place.sections.at(-1) ?? '';
    const isFiles = kind === 'Files' || kind === 'FilesMatch';
    const misplaced = isFiles && outer.startsWith('Location');
    if (misplaced) this.problems.report('error', node.position, `<${kind}> may not stand in <${outer}>`, node.name);
    const isLimited = !misplaced && place.limitedTo !== undefined;
    if (isLimited) {
      const message = `<${kind}> may not stand in <Limit> or <LimitExcept>`;
      this.problems.report('error', node.position, message, node.name);
    }
    if (misplaced || isLimited || !this.#mayStand(section, `<${kind}>`, node, place)) return;
    this.#apply({ name: kind, position: node.position }, () => {
      const argument = parseSectionArgument(kind, node.args);
      if (argument.warning !== undefined) {
        this.problems.report('warning', node.args[0]?.position ?? node.position, argument.warning, node.name);
      }
      const inner = newPlace('directory', [...place.sections, kind], argument.argument);
      this.#walk(node.children, inner);
      const frozen = freezeSection(kind, argument, inner, node.position);
      // Apache accepts Files in Files but never applies the inner one.
      if (isFiles && outer.startsWith('Files')) {
        const message = `<${kind}> inside <${outer}> never applies; it is left out`;
        this.problems.report('warning', node.position, message, node.name);
      } else if (isFiles) place.files.push(frozen);
      else if (kind === 'Location' || kind === 'LocationMatch') place.locations.push(frozen);
      else place.directories.push(frozen);
    });
  }

  #mayStand(
    definition: Pick<SectionDefinition, 'contexts' | 'override'>,
    shown: string,
    node: ConfigNode,
    place: Place,
  ): boolean {
    // Inside <Files> of an .htaccess the file's rules go on.
    const policy = this.#policy;
    const context = policy === undefined ? place.context : '.htaccess';
    const needed = [definition.override ?? 'All'].flat();
    let message: string | undefined;
    let severity: Severity = 'error';
    if (!definition.contexts.includes(context)) {
      const outer = place.sections.at(-1);
      const where = outer === undefined ? context : `<${outer}>`;
      message = `${shown} may not stand in ${where}, but in: ${definition.contexts.join(', ')}`;
    } else if (policy !== undefined && !needed.some((one) => allows(policy, shown.replace(/[<>]/g, ''), one))) {
      const lacking = needed.includes('All') ? 'has no class' : `lacks ${needed.join(' or ')}`;
      message = `${shown} is not allowed here: AllowOverride ${lacking} and AllowOverrideList does not name it`;
    }
    // Nonfatal=Override: what the policy forbids does nothing.
    if (policy?.allowed.sparesForbidden === true) severity = 'warning';
    if (message !== undefined) this.problems.report(severity, node.position, message, node.name);
    return message === undefined;
  }

  #takesWords(definition: Pick<SectionDefinition, 'args' | 'syntax'>, shown: string, node: ConfigNode): boolean {
    if (definition.args === 'raw') return true;
    const { min, max } = definition.args;
    const extra = node.args[max];
    if (node.args.length >= min && extra === undefined) return true;
    const count = min === max ? plural(min) : `${min} to ${plural(max)}`;
    const amount = max === Number.POSITIVE_INFINITY ? `at least ${plural(min)}` : count;
    const name = shown.replace(/[<>]/g, '');
    const written = [name, definition.syntax].filter((part) => part !== '').join(' ');
    const syntax = shown.startsWith('<') ? `<${written}>` : written;
    const hint = extra?.text.startsWith('#') === true ? '; a comment must stand on a line of its own' : '';
    const message = `${shown} takes ${amount}, not ${node.args.length}: ${syntax}${hint}`;
    this.problems.report('error', extra?.position ?? node.position, message, node.name);
    return false;
  }

  #line(name: string, args: DirectiveDefinition['args'], node: ConfigNode, place: Place): DirectiveLine {
    return {
      name,
      args: args === 'raw' ? [] : node.args,
      rawArgs: node.rawArgs,
      rawStart: node.rawStart,
      position: node.position,
      context: place.context,
      sections: place.sections,
      sectionArgument: place.sectionArgument,
      ...(place.limitedTo === undefined ? {} : { limitedTo: place.limitedTo }),
      isAccessFile: this.#policy !== undefined,
      permittedOptions: this.#policy?.allowed.options,
      serverRootRelative: (path: string) => absolutePath(this.#serverRoot, path),
      report: (severity: Severity, message: string, position?: Position) =>
        this.problems.report(severity, position ?? node.position, message, name),
    };
  }

  /** The one place where a wrong line becomes a problem. */
  #apply(line: { readonly name: string; readonly position: Position }, run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof DirectiveError)) throw error;
      const word: Word | undefined = error.word;
      this.problems.report('error', word?.position ?? line.position, error.message, line.name);
    }
  }
}

function plural(count: number): string {
  if (count === 0) return 'no arguments';
  return count === 1 ? '1 argument' : `${count} arguments`;
}

function freezeSection(
  kind: SectionKind,
  argument: Pick<Section, 'argument' | 'pattern'>,
  place: Place,
  position: Position,
): Section {
  const { argument: written, pattern } = argument;
  const settings = frozen(place.settings.build());
  const nested = Object.freeze([...place.files]);
  return Object.freeze({ kind, argument: written, pattern: Object.freeze(pattern), settings, nested, position });
}

function serverScope(index: number, main: ServerScope | undefined, place: Place, host: Host | undefined): ServerScope {
  const own = place.settings.build();
  return new ServerScope({
    index,
    main,
    addresses: host?.addresses ?? Object.freeze([]),
    settings: frozen(main === undefined ? own : main.settings.overlaid(own)),
    own: Object.freeze({
      directories: Object.freeze(orderDirectories(place.directories)),
      files: Object.freeze([...place.files]),
      locations: Object.freeze([...place.locations]),
    }),
    position: host?.position,
  });
}

/** Object.freeze without the loss of a class's private members to the type checker. */
function frozen<T>(value: T): T {
  Object.freeze(value);
  return value;
}
