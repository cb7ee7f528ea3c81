/** The flag CO: `name:value:domain[:minutes[:path[:secure[:httponly[:samesite]]]]]`, or with ';' after a leading ';'. */
import type { RewriteCookie } from './rewrite-outcome.js';
/**
 * The cookie of an expanded CO value, or undefined without a name, a value and a domain. Empty fields are skipped, not
 * kept as empty, as in Apache. Apache 2.4 drops HttpOnly where secure is off; we follow its manual and keep it.
 */
export declare function parseCookie(text: string, nowMs: number): RewriteCookie | undefined;
