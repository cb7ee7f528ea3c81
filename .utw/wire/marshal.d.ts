/**
 * Writes CPython's marshal format, which every CPython reads with a C decoder: the cheapest way to hand a dict of
 * strings to Python. Only what request frames need: tuples, dicts, strings, integers, floats, booleans, None.
 * Format: Python/marshal.c, version 4 type codes, unchanged from CPython 3.4 on.
 *
 * Strings are written as ASCII, or as UTF-8 where a character is above U+007F.
 */
export type MarshalValue = string | number | boolean | null;
/** Grows as needed and is reused from frame to frame; `bytes()` is a view that the next `reset` invalidates. */
export declare class MarshalWriter {
    #private;
    /** Starts anew, leaving `reservedBytes` free at the front for a frame header. */
    reset(reservedBytes?: number): void;
    /** What was written, from the start of the reserved bytes. */
    bytes(): Buffer;
    beginTuple(length: number): void;
    beginDict(): void;
    endDict(): void;
    /** One entry of a dict of strings. */
    entry(key: string, value: string): void;
    /** Bytes that `encodeMarshal` made: a part prepared once. */
    raw(bytes: Uint8Array): void;
    value(value: MarshalValue): void;
    string(text: string): void;
}
/** The entries of a dict, without its begin and end: for `MarshalWriter.raw`. */
export declare function encodeEntries(entries: Iterable<readonly [string, string]>): Buffer;
