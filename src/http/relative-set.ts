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

export const unchanged: RelativeSet<never> = { absolute: undefined, added: new Set(), removed: new Set() };

/** The set that one absolute word list stands for. Changes of earlier lines in the same scope are forgotten. */
export function absoluteSet<T>(elements: Iterable<T>): RelativeSet<T> {
  return { absolute: new Set(elements), added: new Set(), removed: new Set() };
}

export function withAdded<T>(set: RelativeSet<T>, elements: readonly T[]): RelativeSet<T> {
  return mergeRelativeSets(set, { absolute: undefined, added: new Set(elements), removed: new Set() });
}

export function withRemoved<T>(set: RelativeSet<T>, elements: readonly T[]): RelativeSet<T> {
  return mergeRelativeSets(set, { absolute: undefined, added: new Set(), removed: new Set(elements) });
}

/** An inner scope's set over an outer one's: an absolute inner set takes the outer one's place. */
export function mergeRelativeSets<T>(outer: RelativeSet<T>, inner: RelativeSet<T>): RelativeSet<T> {
  if (inner.absolute !== undefined) return inner;
  return {
    absolute: outer.absolute === undefined ? undefined : changed(outer.absolute, inner),
    added: new Set([...without(outer.added, inner.removed), ...inner.added]),
    removed: new Set([...without(outer.removed, inner.added), ...inner.removed]),
  };
}

/** The elements in force; `fallback` is what holds where no line is absolute. */
export function elementsOf<T>(set: RelativeSet<T> | undefined, fallback: ReadonlySet<T>): ReadonlySet<T> {
  if (set === undefined) return fallback;
  return set.absolute ?? changed(fallback, set);
}

function changed<T>(base: ReadonlySet<T>, change: RelativeSet<T>): ReadonlySet<T> {
  return new Set([...without(base, change.removed), ...change.added]);
}

function without<T>(from: ReadonlySet<T>, taken: ReadonlySet<T>): T[] {
  return [...from].filter((element) => !taken.has(element));
}
