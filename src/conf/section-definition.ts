/**
 * What a section is. The scope sections (VirtualHost, Directory and their kin) are the resolver's own; a feature may
 * own further ones (RequireAll, WSGIInterpreterOptions) whose children it reads itself, or has resolved (If).
 */

import type { MethodLimit } from '../base/method-limit.js';
import type { Context, DirectiveLine, OverrideClass } from './directive.js';
import type { Settings, SettingsBuilder } from './settings.js';
import type { SectionNode } from './tree.js';

/** A feature section while it is applied to the scope around it. */
export interface SectionLine extends DirectiveLine {
  /** The section with its children, which nobody else has looked at. */
  readonly node: SectionNode;
  /** Resolves the children as a scope of their own, which a section needs that applies or not. */
  readonly resolveChildren: () => Settings;
  /** Resolves the children as lines of the scope around the section, under a limit on methods. */
  readonly resolveInPlace: (limit: MethodLimit) => void;
}

export interface SectionDefinition {
  /** Without brackets: `RequireAll`. */
  readonly name: string;
  readonly module: string;
  readonly contexts: readonly Context[];
  /** Of several classes one is enough. */
  readonly override?: OverrideClass | readonly OverrideClass[];
  /** Arguments as the manual shows them; '' where there are none. */
  readonly syntax: string;
  readonly args: { readonly min: number; readonly max: number } | 'raw';
  readonly summary: string;
  readonly difference?: string;
  /**
   * Carries out the section: reads `line.node.children` and updates settings of the enclosing scope.
   * @throws DirectiveError where a line is wrong; `line.report` tells about several.
   */
  readonly apply: (line: SectionLine, scope: SettingsBuilder) => void;
}

/** Names of the sections that make a scope, which the resolver carries out. */
export type ScopeSectionName =
  | 'VirtualHost'
  | 'Directory'
  | 'DirectoryMatch'
  | 'Files'
  | 'FilesMatch'
  | 'Location'
  | 'LocationMatch';

/** A scope section as the documentation and messages need it. */
export interface ScopeSection extends Omit<SectionDefinition, 'apply' | 'args' | 'name'> {
  readonly name: ScopeSectionName;
}

const SERVER: readonly Context[] = ['server config', 'virtual host'];
const ANYWHERE: readonly Context[] = [...SERVER, 'directory', '.htaccess'];

function core(
  name: ScopeSectionName,
  contexts: readonly Context[],
  syntax: string,
  summary: string,
  difference?: string,
): ScopeSection {
  const shared = { name, module: 'core', contexts, syntax, summary };
  return difference === undefined ? shared : { ...shared, difference };
}

/** In the order in which the manual would explain them. */
export const SCOPE_SECTIONS: readonly ScopeSection[] = [
  core(
    'VirtualHost',
    ['server config'],
    'addr[:port] [addr[:port]] ...',
    'Directives for one virtual host, which answers on the given addresses. `*` and `_default_` are any address.',
  ),
  core(
    'Directory',
    SERVER,
    'directory-path | ~ regex',
    'Directives for a folder of the file system and all below it. Wildcards do not match a slash. Shorter paths apply first.',
  ),
  core(
    'DirectoryMatch',
    SERVER,
    'regex',
    'Directives for files and folders whose full path matches the regular expression. Applied after all <Directory>.',
  ),
  core(
    'Files',
    ANYWHERE,
    'filename | ~ regex',
    'Directives for files of this name, whatever their folder, or within the <Directory> around it.',
  ),
  core('FilesMatch', ANYWHERE, 'regex', 'Directives for files whose name matches the regular expression.'),
  core(
    'Location',
    SERVER,
    'url-path | ~ regex',
    'Directives for a URL path and all below it. Applied after Directory and Files, in the order of the file.',
  ),
  core('LocationMatch', SERVER, 'regex', 'Directives for URL paths that match the regular expression.'),
];

const SCOPE_BY_NAME = new Map(SCOPE_SECTIONS.map((section) => [section.name.toLowerCase(), section]));

/** The scope section of this name, in any case. */
export function findScopeSection(name: string): ScopeSection | undefined {
  return SCOPE_BY_NAME.get(name.toLowerCase());
}
