/**
 * WSGI directives of which this build has nothing but the name, so that their lines get a message that says so. What
 * becomes of a line is said in not-yet.ts; work that brings one of them moves its row to a table of its own.
 */
import type { DirectiveDefinition } from '../conf/directive.js';
export declare const absentDirectives: readonly DirectiveDefinition[];
