/** The WSGI directives about Python and its interpreters, for the whole program. */
import { type DirectiveDefinition } from '../conf/directive.js';
export declare const pythonDirectives: readonly DirectiveDefinition[];
