/**
 * The resolved form of a configuration: frozen values, no text. The http child matches requests against it; the parent
 * reads from it what to bind and which processes to run.
 */

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

/** The main server or one virtual host. */
export interface ServerScope {
  /** Index in Config.servers; 0 is the main server. */
  readonly index: number;
  /** Empty for the main server. */
  readonly addresses: readonly HostAddress[];
  /** This scope's own lines laid over the main server's. */
  readonly settings: Settings;
  /** In order of application: Directory shortest first, then DirectoryMatch and wildcards in file order. The main server's come before the virtual host's own. */
  readonly directories: readonly Section[];
  /** Files and FilesMatch in file order. */
  readonly files: readonly Section[];
  /** Location and LocationMatch in file order. */
  readonly locations: readonly Section[];
  readonly position: Position | undefined;
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
