/** Asserts: a broken invariant is a bug of ours and ends the process that found it. */
export class AssertionError extends Error {
    name = 'AssertionError';
}
/** Throws AssertionError unless `condition` holds. `message` names the invariant. */
export function assert(condition, message) {
    if (!condition)
        throw new AssertionError(`broken invariant: ${message}`);
}
/** Marks the branch that the type checker proves empty. */
export function unreachable(value) {
    throw new AssertionError(`unreachable value: ${String(value)}`);
}
//# sourceMappingURL=assert.js.map