/**
 * Sets that lines replace (`Options Indexes`) or change (`Options +Indexes -ExecCGI`): the algebra that httpd's core
 * uses for Options and FileETag. Pure values; the tables build them, Settings merges them, requests ask for the outcome.
 */
/** No element is in both `added` and `removed`. Where `absolute` is there, they have already been carried out on it. */
export interface RelativeSet<T> {
    readonly absolute: ReadonlySet<T> | undefined;
    readonly added: ReadonlySet<T>;
    readonly removed: ReadonlySet<T>;
}
export declare const unchanged: RelativeSet<never>;
/** The set that one absolute word list stands for. Changes of earlier lines in the same scope are forgotten. */
export declare function absoluteSet<T>(elements: Iterable<T>): RelativeSet<T>;
export declare function withAdded<T>(set: RelativeSet<T>, elements: readonly T[]): RelativeSet<T>;
export declare function withRemoved<T>(set: RelativeSet<T>, elements: readonly T[]): RelativeSet<T>;
/** An inner scope's set over an outer one's: an absolute inner set takes the outer one's place. */
export declare function mergeRelativeSets<T>(outer: RelativeSet<T>, inner: RelativeSet<T>): RelativeSet<T>;
/** The elements in force; `fallback` is what holds where no line is absolute. */
export declare function elementsOf<T>(set: RelativeSet<T> | undefined, fallback: ReadonlySet<T>): ReadonlySet<T>;
