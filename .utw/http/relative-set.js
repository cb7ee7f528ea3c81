/**
 * Sets that lines replace (`Options Indexes`) or change (`Options +Indexes -ExecCGI`): the algebra that httpd's core
 * uses for Options and FileETag. Pure values; the tables build them, Settings merges them, requests ask for the outcome.
 */
export const unchanged = { absolute: undefined, added: new Set(), removed: new Set() };
/** The set that one absolute word list stands for. Changes of earlier lines in the same scope are forgotten. */
export function absoluteSet(elements) {
    return { absolute: new Set(elements), added: new Set(), removed: new Set() };
}
export function withAdded(set, elements) {
    return mergeRelativeSets(set, { absolute: undefined, added: new Set(elements), removed: new Set() });
}
export function withRemoved(set, elements) {
    return mergeRelativeSets(set, { absolute: undefined, added: new Set(), removed: new Set(elements) });
}
/** An inner scope's set over an outer one's: an absolute inner set takes the outer one's place. */
export function mergeRelativeSets(outer, inner) {
    if (inner.absolute !== undefined)
        return inner;
    return {
        absolute: outer.absolute === undefined ? undefined : changed(outer.absolute, inner),
        added: new Set([...without(outer.added, inner.removed), ...inner.added]),
        removed: new Set([...without(outer.removed, inner.added), ...inner.removed]),
    };
}
/** The elements in force; `fallback` is what holds where no line is absolute. */
export function elementsOf(set, fallback) {
    if (set === undefined)
        return fallback;
    return set.absolute ?? changed(fallback, set);
}
function changed(base, change) {
    return new Set([...without(base, change.removed), ...change.added]);
}
function without(from, taken) {
    return [...from].filter((element) => !taken.has(element));
}
//# sourceMappingURL=relative-set.js.map