/**
 * Where we answer otherwise than Apache 2.4 with Debian's mod_wsgi 4.9, on purpose. Each difference names the cases that
 * show it, and how; a case whose difference is gone fails, so that this list never grows stale.
 */

export interface KnownDifference {
  /** Why we do it so. */
  readonly reason: string;
  readonly cases: readonly DifferentCase[];
}

export interface DifferentCase {
  readonly scenario: string;
  readonly request: string;
  /** What differs, as answer-comparison.ts names it, and the values on both sides. */
  readonly fields: Readonly<Record<string, readonly [apache: string | undefined, stillhouse: string | undefined]>>;
}

export const knownDifferences: readonly KnownDifference[] = [];

/** The values that are known to differ in a case, by field. */
export function differencesOf(
  scenario: string,
  request: string,
): ReadonlyMap<string, readonly [apache: string | undefined, stillhouse: string | undefined]> {
  const cases = knownDifferences.flatMap((one) => one.cases);
  const fields = cases.filter((one) => one.scenario === scenario && one.request === request).map((one) => one.fields);
  return new Map(fields.flatMap((one) => Object.entries(one)));
}
