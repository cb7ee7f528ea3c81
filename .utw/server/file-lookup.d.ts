/**
 * Splits a mapped path into the file that exists and what is left of it (PATH_INFO), as Apache's directory walk does.
 * Answers are remembered for a moment, so that a busy script costs no system call per request.
 */
export interface FoundFile {
    /** 'denied': a folder on the way is closed to this process. */
    readonly kind: 'file' | 'directory' | 'other' | 'missing' | 'denied';
    /** The deepest existing file or folder; where something is missing, with the first missing component. */
    readonly filename: string;
    /** What follows `filename`: empty or starting with '/'. */
    readonly rest: string;
    /** The deepest existing folder. */
    readonly folder: string;
}
type FileKind = FoundFile['kind'];
export declare class FileLookup {
    #private;
    constructor(nowMs: () => number);
    /** What `path` names; `missing` also where a component on the way is no folder. */
    kindOf(path: string): FileKind;
    /** Walks `path`, which starts with '/'. */
    find(path: string): FoundFile;
}
export {};
