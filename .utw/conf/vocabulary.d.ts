/**
 * The words that this program understands: directives and feature sections from the features' tables, scope sections,
 * and what the parser carries out while it reads. Built once by the server from its list of tables.
 */
import type { DirectiveDefinition } from './directive.js';
import { type SectionDefinition } from './section-definition.js';
/** Directives that the parser carries out while it reads; ServerRoot is left in the tree as well. */
export declare const READING_DIRECTIVES: readonly ['Define', 'UnDefine', 'Include', 'IncludeOptional', 'ServerRoot', 'LoadModule', 'LoadFile', 'Error'];
/** Sections that the parser carries out while it reads; none of them reaches the tree. */
export declare const READING_SECTIONS: readonly ['IfDefine', 'IfModule', 'IfVersion', 'IfDirective', 'IfSection', 'IfFile'];
export declare class Vocabulary {
    #private;
    /**
     * `modules` are further module names that IfModule shall find, for modules without directives.
     * Throws AssertionError where two tables claim one name.
     */
    constructor(tables: readonly (readonly DirectiveDefinition[])[], modules?: readonly string[], sections?: readonly SectionDefinition[]);
    /** The directive of this name, in any case. */
    find(name: string): DirectiveDefinition | undefined;
    /** The feature section of this name, in any case. */
    findSection(name: string): SectionDefinition | undefined;
    /** What <IfDirective> asks: carried out by a feature or by the parser. */
    hasDirective(name: string): boolean;
    /** What <IfSection> asks. */
    hasSection(name: string): boolean;
    /** Whether a module is present, in any form of its name: `mod_wsgi.c`, `wsgi_module`, `mod_wsgi`, `wsgi`. */
    hasModule(name: string): boolean;
    /** The directive whose name is nearest, if one is near. */
    nearest(name: string): string | undefined;
    /** The section whose name is nearest, if one is near. */
    nearestSection(name: string): string | undefined;
    directives(): IterableIterator<DirectiveDefinition>;
    /** The feature sections; SCOPE_SECTIONS has the others. */
    sections(): IterableIterator<SectionDefinition>;
    /** Canonical names: 'core', 'mod_alias'. */
    modules(): IterableIterator<string>;
}
