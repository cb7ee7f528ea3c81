/**
 * Directives that httpd carries out the moment it reads them: Define, UnDefine, Include, IncludeOptional, ServerRoot,
 * LoadModule, LoadFile and Error. The parser asks here for each line.
 */
import type { Position, Severity, Word } from './source.js';
import type { Variables } from './variables.js';
import type { Vocabulary } from './vocabulary.js';
/** What these directives may change. */
export interface ReadingState {
    readonly vocabulary: Vocabulary;
    readonly variables: Variables;
    serverRoot: string;
    report(severity: Severity, position: Position, message: string, directive?: string): void;
    /** Has the file or files read next. */
    include(path: Word, optional: boolean, from: Position): void;
}
export interface ReadingLine {
    readonly name: string;
    readonly args: readonly Word[];
    readonly position: Position;
}
/** 'keep' leaves the line in the tree for the resolver. */
type CarryOut = (line: ReadingLine, state: ReadingState) => 'done' | 'keep';
/** How a directive is carried out while reading, by its name in any case; undefined for all others. */
export declare function findReadingDirective(name: string): CarryOut | undefined;
export {};
