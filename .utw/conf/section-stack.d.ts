/**
 * The open sections while the parser reads: which part of the tree the next line belongs to, and whether it is skipped.
 * Sections close in the file that opened them, as in httpd.
 */
import type { ProblemList } from './problem-list.js';
import { type Position } from './source.js';
import type { ConfigNode, SectionNode } from './tree.js';
export declare class SectionStack {
    #private;
    constructor(problems: ProblemList);
    /** The top of the tree. */
    get nodes(): readonly ConfigNode[];
    get height(): number;
    /** Nodes of the tree so far. */
    get count(): number;
    get isSkipping(): boolean;
    add(node: ConfigNode): void;
    /** Opens a section of the tree. Too deep a one is skipped, with its children, and reported. */
    open(section: Omit<SectionNode, 'kind' | 'children'>): void;
    /** Opens a section that leaves no trace in the tree but for its lines, where it holds. */
    openCondition(name: string, position: Position, holds: boolean): void;
    /** Opens a section within a skipped part, so that its end is not taken for the end of the part. */
    openSkipped(name: string, position: Position): void;
    /** Carries out `</Name>`. `floor` is the height below which sections belong to an outer file. */
    close(written: string, rest: string, floor: number, position: Position): void;
    /** At the end of a file: whatever it left open is reported where it opened. */
    closeDownTo(floor: number): void;
}
