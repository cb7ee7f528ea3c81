/** Every directive of mod_wsgi, as one table. The rows are in the files named for what they are about. */
import type { DirectiveDefinition } from '../conf/directive.js';
export declare const wsgiDirectives: readonly DirectiveDefinition[];
