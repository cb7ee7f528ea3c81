/** Files in memory for the tests of this folder, and the way to the folder of golden cases. */
import { type ParseOptions, type ParseResult } from './parser.js';
/** src/conf/cases, wherever the compiled tests lie. */
export declare function casesFolder(): string;
/** Parser options over files by absolute path; a folder exists where a file lies below it. */
export declare function memoryFiles(files: Readonly<Record<string, string | Uint8Array>>): ParseOptions;
/** Parses one text as /main.conf, other files beside it. */
export declare function parseText(text: string | Uint8Array, others?: Readonly<Record<string, string | Uint8Array>>, options?: Partial<ParseOptions>): ParseResult;
