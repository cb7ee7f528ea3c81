/** What the rows of the WSGI tables share: their contexts and the parts of a definition that follow from them. */
import { flagDirective } from '../conf/directive.js';
/** The legend of reference and manual: G, S V, S V D, S V D H. */
export const globalOnly = ['server config'];
export const servers = ['server config', 'virtual host'];
export const serversAndSections = ['server config', 'virtual host', 'directory'];
export const everywhere = ['server config', 'virtual host', 'directory', '.htaccess'];
export const MANY = Number.POSITIVE_INFINITY;
/** Name, module, syntax and summary of a row. */
export function wsgi(name, syntax, summary) {
    return { name, module: 'mod_wsgi', syntax, summary };
}
/** A row of On and Off. */
export function wsgiFlag(setting, name, summary, rest) {
    return flagDirective(setting, { name, module: 'mod_wsgi', summary, ...rest });
}
//# sourceMappingURL=directive-shapes.js.map