/** Asserts: a broken invariant is a bug of ours and ends the process that found it. */
export declare class AssertionError extends Error {
    readonly name = "AssertionError";
}
/** Throws AssertionError unless `condition` holds. `message` names the invariant. */
export declare function assert(condition: unknown, message: string): asserts condition;
/** Marks the branch that the type checker proves empty. */
export declare function unreachable(value: never): never;
