/** The WSGI directives that may differ from request to request: where it runs and how it is passed on. */
import { type DirectiveDefinition } from '../conf/directive.js';
export declare const requestDirectives: readonly DirectiveDefinition[];
