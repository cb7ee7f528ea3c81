/** What the rows of the WSGI tables share: their contexts and the parts of a definition that follow from them. */
import { type Context, type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
/** The legend of reference and manual: G, S V, S V D, S V D H. */
export declare const globalOnly: readonly Context[];
export declare const servers: readonly Context[];
export declare const serversAndSections: readonly Context[];
export declare const everywhere: readonly Context[];
export declare const MANY: number;
type Words = Pick<DirectiveDefinition, 'name' | 'module' | 'syntax' | 'summary'>;
/** Name, module, syntax and summary of a row. */
export declare function wsgi(name: string, syntax: string, summary: string): Words;
type Rest = Pick<DirectiveDefinition, 'contexts'> & Partial<Pick<DirectiveDefinition, 'override' | 'default' | 'difference'>>;
/** A row of On and Off. */
export declare function wsgiFlag(setting: Setting<boolean>, name: string, summary: string, rest: Rest): DirectiveDefinition;
export {};
