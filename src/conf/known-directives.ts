/**
 * What the program knows of directives it does not have: names of Apache and mod_wsgi, names that mod_wsgi dropped, and
 * names that were replaced. The resolver turns it into messages; the parser asks it about LoadModule.
 */

import { APACHE_DIRECTIVES, APACHE_MODULES_WITHOUT_DIRECTIVES } from './apache-directives.js';

/** Directives that mod_wsgi once had, with what became of each. */
const REMOVED: ReadonlyMap<string, string> = new Map([
  ['wsgilazyinitialization', 'Python always starts in the process that uses it'],
  ['wsginewrelicconfigfile', 'start the agent from the WSGI script'],
  ['wsginewrelicenvironment', 'start the agent from the WSGI script'],
  ['wsgipy3kwarningflag', 'it concerned Python 2'],
  ['wsgireloadmechanism', 'WSGIScriptReloading is what is left of it'],
  ['wsgiuserauthoritative', 'AuthBasicProvider decides by its order of providers'],
]);

/** Former names that mean what today's name means. */
const RENAMED: ReadonlyMap<string, string> = new Map([['wsgiprocessname', 'WSGIProcessGroup']]);

const MODULE_OF = new Map<string, string>();
const MODULES = new Set<string>(APACHE_MODULES_WITHOUT_DIRECTIVES.split(/\s+/));
for (const [module, names] of Object.entries(APACHE_DIRECTIVES)) {
  MODULES.add(module);
  for (const name of names.split(/\s+/)) MODULE_OF.set(name.toLowerCase(), module);
}

/** The module of Apache or mod_wsgi that a directive or section belongs to. */
export function findKnownModule(name: string): string | undefined {
  return MODULE_OF.get(name.toLowerCase());
}

/** Why a directive that mod_wsgi once had is gone, or undefined. */
export function findRemoved(name: string): string | undefined {
  return REMOVED.get(name.toLowerCase());
}

/** Today's name of a directive that was renamed, or undefined. */
export function findRenamed(name: string): string | undefined {
  return RENAMED.get(name.toLowerCase());
}

/** Whether Apache's distribution (or mod_wsgi) has the module; takes the canonical name. */
export function isKnownModule(module: string): boolean {
  return MODULES.has(module);
}

/**
 * One name for the forms in which configurations name a module: `wsgi_module` (LoadModule, IfModule), `mod_wsgi.c`
 * (IfModule), `mod_wsgi` and `wsgi` all give `mod_wsgi`.
 */
export function canonicalModule(text: string): string {
  const bare = text.replace(/\.(?:c|cpp|so)$/, '').replace(/_module$/, '');
  const stem = bare.replace(/^mod_/, '');
  if (stem === 'core' || stem === 'http' || stem === 'http_core') return 'core';
  if (stem === 'util_ldap') return 'mod_ldap';
  if (stem === 'mpm') return 'mpm';
  const mpm = /^(?:mpm_)?(event|worker|prefork)$/.exec(stem)?.[1];
  return mpm === undefined ? `mod_${stem}` : `mpm_${mpm}`;
}

/** Whether the canonical name is that of a multi-processing module, of which a server has one. */
export function isMpm(module: string): boolean {
  return /^mpm_(?:event|worker|prefork)$/.test(module);
}

/**
 * Whether Apache itself takes this form in IfModule: a source file or an identifier. The source files of the
 * multi-processing modules are called `prefork.c`, `worker.c` and `event.c`.
 */
export function isApacheModuleForm(text: string): boolean {
  if (/^(?:mod_)?mpm_\w+\.c$/.test(text)) return false;
  return /\.(?:c|cpp)$|_module$/.test(text);
}
