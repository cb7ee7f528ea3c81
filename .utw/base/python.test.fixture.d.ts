/** Asks a real CPython: what the tests compare our encoders and decoders with. */
/** The checkout, wherever the compiled tests lie. */
export declare function checkoutFolder(): string;
/** Runs a program with python/ on sys.path. @returns what it printed */
export declare function runPython(program: string, input?: Uint8Array | string, args?: readonly string[]): string;
/** What marshal.loads makes of each of `payloads`, as JSON of its repr. One process for all. */
export declare function reprsOfMarshal(payloads: readonly Uint8Array[]): string[];
/** A text as Python's ascii() shows it. */
export declare function asciiOf(text: string): string;
