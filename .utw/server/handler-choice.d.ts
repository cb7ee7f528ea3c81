/** Which handler SetHandler and AddHandler choose for a file. */
import type { Settings } from '../conf/settings.js';
import type { FoundFile } from './file-lookup.js';
/** Undefined: none, the file itself is served. */
export declare function findHandler(settings: Settings, found: FoundFile): string | undefined;
