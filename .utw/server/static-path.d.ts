/**
 * Whether a file may be served at all: no way out of its root, no dotfiles, symbolic links as Options says. Called by
 * static-handler.ts before anything is sent; all refusals are RequestErrors.
 */
import type { BigIntStats } from 'node:fs';
import { RequestError } from '../base/errors.js';
/** Options FollowSymLinks, Options SymLinksIfOwnerMatch, neither. */
export type SymlinkPolicy = 'follow' | 'owner-match' | 'refuse';
/** The RequestError for a failed system call: 404, 403 or 500. */
export declare function requestErrorOf(error: unknown, path: string): RequestError;
/**
 * Checks the path by its text alone.
 * @throws RequestError 404 for what is not below `root` and for dotfiles; 403 for .ht*, as Apache's configuration has it
 */
export declare function checkStaticPath(path: string, root: string): void;
/**
 * The file's status after its links were checked under the policy; the root itself may be a link.
 * @throws RequestError
 */
export declare function statStatic(path: string, root: string, policy: SymlinkPolicy): Promise<BigIntStats>;
