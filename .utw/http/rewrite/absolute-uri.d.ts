/**
 * Substitutions that name another server, and the ways between them and local paths: qualifying a path with our own
 * address for a redirect, and cutting our own address off again.
 */
import type { RewriteRequest } from './rewrite-request.js';
/** Length of `scheme://` (or `mailto:`), 0 where the text is no absolute URI. */
export declare function schemeLength(uri: string): number;
export declare function takesQueryString(uri: string): boolean;
/** The path as a URL of the server that the client asked. */
export declare function qualified(path: string, request: RewriteRequest): string;
/** The path of a URL that points at this very virtual host, or the URL unchanged. */
export declare function reduced(uri: string, request: RewriteRequest): string;
/** Escapes what follows the authority. */
export declare function escapeAbsoluteUri(uri: string): string;
