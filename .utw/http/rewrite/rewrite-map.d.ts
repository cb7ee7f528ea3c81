/** RewriteMap: the map types, the map file format, and the interface through which files are read. */
export type MapTable = ReadonlyMap<string, string>;
/**
 * Where map files come from. The owner decides how long a table is kept; Apache looks at the file's modification time
 * at each use.
 */
export interface MapSource {
    /** Undefined where the file can't be read: every look-up then fails. */
    table(path: string): MapTable | undefined;
}
export type InternalFunction = 'toupper' | 'tolower' | 'escape' | 'unescape';
export type RewriteMap = {
    readonly kind: 'txt' | 'rnd';
    readonly path: string;
} | {
    readonly kind: 'int';
    readonly function: InternalFunction;
};
/** The second argument of RewriteMap. `absolute` makes a path absolute against ServerRoot. @throws RewriteSyntaxError */
export declare function parseMap(argument: string, absolute: (path: string) => string): RewriteMap;
/**
 * A map file: a key and a value on each line, parted by blanks; what follows the value is a comment. Lines that start
 * with '#' or a blank, and keys without a value, don't count. The first line of a key wins.
 */
export declare function parseMapText(text: string): MapTable;
/** The value of a key; undefined where the default of `${map:key|default}` must stand in. */
export declare function lookUp(map: RewriteMap, key: string, source: MapSource, random: () => number): string | undefined;
/** Keeps each table until its file's modification time changes. A path that can't be read has no time. */
export declare class CachingMapSource implements MapSource {
    #private;
    /** `readFile` gives the file as a byte string. */
    constructor(modifiedMs: (path: string) => number | undefined, readFile: (path: string) => string);
    table(path: string): MapTable | undefined;
}
