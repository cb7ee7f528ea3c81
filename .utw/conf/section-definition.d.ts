/**
 * What a section is. The scope sections (VirtualHost, Directory and their kin) are the resolver's own; a feature may
 * own further ones (RequireAll, WSGIInterpreterOptions) whose children it reads itself.
 */
import type { Context, DirectiveLine, OverrideClass } from './directive.js';
import type { SettingsBuilder } from './settings.js';
import type { SectionNode } from './tree.js';
/** A feature section while it is applied to the scope around it. */
export interface SectionLine extends DirectiveLine {
    /** The section with its children, which nobody else has looked at. */
    readonly node: SectionNode;
}
export interface SectionDefinition {
    /** Without brackets: `RequireAll`. */
    readonly name: string;
    readonly module: string;
    readonly contexts: readonly Context[];
    readonly override?: OverrideClass;
    /** Arguments as the manual shows them; '' where there are none. */
    readonly syntax: string;
    readonly args: {
        readonly min: number;
        readonly max: number;
    } | 'raw';
    readonly summary: string;
    readonly difference?: string;
    /**
     * Carries out the section: reads `line.node.children` and updates settings of the enclosing scope.
     * @throws DirectiveError where a line is wrong; `line.report` tells about several.
     */
    readonly apply: (line: SectionLine, scope: SettingsBuilder) => void;
}
/** Names of the sections that make a scope, which the resolver carries out. */
export type ScopeSectionName = 'VirtualHost' | 'Directory' | 'DirectoryMatch' | 'Files' | 'FilesMatch' | 'Location' | 'LocationMatch';
/** A scope section as the documentation and messages need it. */
export interface ScopeSection extends Omit<SectionDefinition, 'apply' | 'args' | 'name'> {
    readonly name: ScopeSectionName;
}
/** In the order in which the manual would explain them. */
export declare const SCOPE_SECTIONS: readonly ScopeSection[];
/** The scope section of this name, in any case. */
export declare function findScopeSection(name: string): ScopeSection | undefined;
