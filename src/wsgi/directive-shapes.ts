/** What the rows of the WSGI tables share: their contexts and the parts of a definition that follow from them. */

import { type Context, type DirectiveDefinition, flagDirective } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';

/** The legend of reference and manual: G, S V, S V D, S V D H. */
export const globalOnly: readonly Context[] = ['server config'];
export const servers: readonly Context[] = ['server config', 'virtual host'];
export const serversAndSections: readonly Context[] = ['server config', 'virtual host', 'directory'];
export const everywhere: readonly Context[] = ['server config', 'virtual host', 'directory', '.htaccess'];

export const MANY = Number.POSITIVE_INFINITY;

type Words = Pick<DirectiveDefinition, 'name' | 'module' | 'syntax' | 'summary'>;

/** Name, module, syntax and summary of a row. */
export function wsgi(name: string, syntax: string, summary: string): Words {
  return { name, module: 'mod_wsgi', syntax, summary };
}

type Rest = Pick<DirectiveDefinition, 'contexts'> &
  Partial<Pick<DirectiveDefinition, 'override' | 'default' | 'difference'>>;

/** A row of On and Off. */
export function wsgiFlag(setting: Setting<boolean>, name: string, summary: string, rest: Rest): DirectiveDefinition {
  return flagDirective(setting, { name, module: 'mod_wsgi', summary, ...rest });
}
