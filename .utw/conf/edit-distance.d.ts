/** Damerau-Levenshtein distance (adjacent swaps count one), for "did you mean". */
/** The distance, or `limit + 1` as soon as it must be more than `limit`. */
export declare function editDistance(left: string, right: string, limit: number): number;
/** The candidate that is nearest, if it is near: one slip in three letters, three at most. */
export declare function nearestName(name: string, candidates: Iterable<string>): string | undefined;
