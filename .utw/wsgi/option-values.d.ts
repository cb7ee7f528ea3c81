/**
 * How values of WSGI options are read. Messages begin as mod_wsgi's do ("invalid request timeout for WSGI daemon
 * process"), as those are what people search for. mod_wsgi takes numbers with atoi, which ignores what follows the
 * digits; here that is an error, as `request-timeout=5m` does not mean 5 seconds to anybody.
 */
import type { Word } from '../conf/source.js';
/** What C's int holds; mod_wsgi keeps numbers in one. */
export declare const INT_MAX = 2147483647;
/** @throws DirectiveError `invalid <what>: ...` */
export declare function parseWholeNumber(word: Word, what: string, min: number, max?: number): number;
/** Zero for the default, or at least `min` bytes. @throws DirectiveError */
export declare function parseBufferSize(word: Word, what: string, min: number): number;
/** Bytes, as a plain number. @throws DirectiveError */
export declare function parseBytes(word: Word, what: string): number;
/** Bytes, with K, M or G for 1024, its square and its cube; for options that mod_wsgi does not have. */
export declare function parseScaledBytes(word: Word, what: string): number;
/** A number of seconds above 0 with decimals. @throws DirectiveError */
export declare function parseInterval(word: Word, what: string): number;
/** On or Off in any case. @throws DirectiveError */
export declare function parseOnOff(word: Word, what: string): boolean;
/** Octal digits. @throws DirectiveError */
export declare function parseOctal(word: Word, what: string): number;
/** @throws DirectiveError where the text does not start with a slash */
export declare function parseAbsolutePath(word: Word, what: string): string;
/** Text that is there. @throws DirectiveError */
export declare function parseText(word: Word, what: string): string;
