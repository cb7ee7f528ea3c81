/** What AllowOverride and AllowOverrideList let .htaccess files of a folder do. */

import type { OverrideClass } from './directive.js';

/** One AllowOverride line. */
export interface AllowedClasses {
  /** Empty for None; 'All' alone for All. */
  readonly classes: ReadonlySet<OverrideClass>;
  /** Of Options=...: the words that Options may then have, in the spelling of the feature; undefined: all of them. */
  readonly options: ReadonlySet<string> | undefined;
  /** Nonfatal=Override, Nonfatal=All: what is not allowed is left out instead of answered with 500. */
  readonly sparesForbidden: boolean;
  /** Nonfatal=Unknown, Nonfatal=All: the same for what nobody knows. */
  readonly sparesUnknown: boolean;
}

export interface OverridePolicy {
  readonly allowed: AllowedClasses;
  /** AllowOverrideList, lower case, sections without brackets. */
  readonly directives: ReadonlySet<string>;
}

/** Apache's default. */
export const noClasses: AllowedClasses = Object.freeze({
  classes: new Set<OverrideClass>(),
  options: undefined,
  sparesForbidden: false,
  sparesUnknown: false,
});

/** Whether .htaccess files are looked at. */
export function allowsAnything({ allowed, directives }: OverridePolicy): boolean {
  const { classes, sparesForbidden, sparesUnknown } = allowed;
  // Nonfatal alone allows nothing, but as in Apache it has the files read.
  return classes.size > 0 || directives.size > 0 || sparesForbidden || sparesUnknown;
}

/** Whether a directive may stand there. 'All' as its class means that any class will do. */
export function allows({ allowed, directives }: OverridePolicy, name: string, needed: OverrideClass): boolean {
  const { classes } = allowed;
  if (classes.has('All') || classes.has(needed) || (needed === 'All' && classes.size > 0)) return true;
  return directives.has(name.toLowerCase());
}
