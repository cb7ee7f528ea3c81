/**
 * The resolved form of a configuration: frozen values, no text. The http child matches requests against it; the parent
 * reads from it what to bind and which processes to run.
 */

import { orderDirectories } from './section-pattern.js';
import type { Settings } from './settings.js';
import type { Position } from './source.js';

/** Sections with an expression; conditional-sections.ts has them. */
export type ConditionKind = 'If' | 'ElseIf' | 'Else';

export type SectionKind = 'Directory' | 'DirectoryMatch' | 'Files' | 'FilesMatch' | 'Location' | 'LocationMatch';

/** What every section is that can apply to a request: also those whose condition is tried when the request is there. */
export interface AppliedSection {
  readonly kind: SectionKind | ConditionKind;
  /** The argument as written, for messages. */
  readonly argument: string;
  /** What this section itself sets. */
  readonly settings: Settings;
  readonly position: Position;
}

/** Whether it is chosen by path alone, and not by a condition. */
export function isPathSection(section: AppliedSection): section is Section {
  return 'pattern' in section;
}

/** One per-directory section. `pattern` is what its argument means; matching is in section-matching.ts. */
export interface Section extends AppliedSection {
  readonly kind: SectionKind;
  readonly pattern: SectionPattern;
  /** Files and FilesMatch sections nested in a Directory section. */
  readonly nested: readonly Section[];
}

/** Plain prefix, shell wildcard or regular expression, each as Apache matches it for the section's kind. */
export type SectionPattern =
  | { readonly kind: 'prefix'; readonly path: string }
  | { readonly kind: 'wildcard'; readonly glob: string; readonly regex: RegExp }
  | { readonly kind: 'regex'; readonly regex: RegExp };

/** An address that a virtual host answers on; '*' and '_default_' are both host '*'; port 0 is any port. */
export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

/** The sections that stand in one server. */
export interface ServerSections {
  /** In order of application (section-pattern.ts). */
  readonly directories: readonly Section[];
  /** Files and FilesMatch in file order. */
  readonly files: readonly Section[];
  /** Location and LocationMatch in file order. */
  readonly locations: readonly Section[];
}

/**
 * The main server or one virtual host. The main server's sections apply to virtual hosts, too; they are not copied to
 * them, as there may be thousands of both.
 */
export class ServerScope implements ServerSections {
  /** Index in Config.servers; 0 is the main server. */
  readonly index: number;
  /** Of a virtual host. */
  readonly main: ServerScope | undefined;
  /** Empty for the main server. */
  readonly addresses: readonly HostAddress[];
  /** This scope's own lines laid over the main server's. */
  readonly settings: Settings;
  /** What stands in it. */
  readonly own: ServerSections;
  readonly position: Position | undefined;

  constructor(facts: Pick<ServerScope, 'index' | 'main' | 'addresses' | 'settings' | 'own' | 'position'>) {
    this.index = facts.index;
    this.main = facts.main;
    this.addresses = facts.addresses;
    this.settings = facts.settings;
    this.own = facts.own;
    this.position = facts.position;
    Object.freeze(this);
  }

  /** All that apply, in order of application. The main server's come before the virtual host's own. */
  get directories(): readonly Section[] {
    if (this.main === undefined) return this.own.directories;
    return orderDirectories([...this.main.directories, ...this.own.directories]);
  }

  get files(): readonly Section[] {
    return this.main === undefined ? this.own.files : [...this.main.files, ...this.own.files];
  }

  get locations(): readonly Section[] {
    return this.main === undefined ? this.own.locations : [...this.main.locations, ...this.own.locations];
  }
}

export interface Config {
  readonly main: ServerScope;
  /** Main server first, then virtual hosts in file order. */
  readonly servers: readonly ServerScope[];
  readonly files: readonly string[];
  /** What relative paths stand against. */
  readonly serverRoot: string;
  /** Names and values of Define, which .htaccess files use too. */
  readonly defines: ReadonlyMap<string, string>;
}
