/** What the server calls itself. */
import type { ServerTokens } from './core-server-directives.js';
/** `0.1.0` */
export declare const packageVersion: string;
/** `Stillhouse/0.1.0` */
export declare const serverVersion: string;
/** The Server field under ServerTokens. */
export declare function formatServerHeader(tokens: ServerTokens): string;
