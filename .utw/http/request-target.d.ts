/**
 * The target of a request line: its four forms (RFC 9112 section 3.2) and Apache's way from the bytes on the wire to
 * the path that sections, aliases and files are matched with. Nothing after this decodes a path again.
 */
import { type Host } from './host-header.js';
/** What the AllowEncodedSlashes directive says about %2F: answer 404, decode it, keep it as it is. */
export type EncodedSlashes = 'off' | 'on' | 'nodecode';
export interface TargetRules {
    readonly encodedSlashes: EncodedSlashes;
    readonly mergeSlashes: boolean;
    /** How the connection was made. A URL of the other scheme gives its path but not its host. */
    readonly scheme: 'http' | 'https';
}
export declare const defaultTargetRules: TargetRules;
export interface RequestTarget {
    readonly form: 'origin' | 'absolute' | 'asterisk' | 'authority';
    /** As it arrived. */
    readonly rawTarget: string;
    /** The path as it arrived, without scheme, host and query; '*' for OPTIONS *, empty for CONNECT. */
    readonly rawPath: string;
    /** Decoded, without dot segments: a byte string, one character for each byte. It always begins with '/', or is '*'. */
    readonly path: string;
    /** Without the question mark, undecoded; undefined where there is no question mark. */
    readonly query: string | undefined;
    /** What the target itself names; it takes the place of the Host field. */
    readonly host: Host | undefined;
}
/** The split, undecoded target. The virtual host can be chosen by it, and then tell the rules for the path. */
type SplitTarget = Omit<RequestTarget, 'path'>;
/**
 * @throws RequestError 400 for what is malformed or climbs above the root, 404 for an encoded slash that is not allowed
 *   and for an encoded NUL
 */
export declare function parseRequestTarget(method: string, rawTarget: string, rules: TargetRules): RequestTarget;
/** The first half of parseRequestTarget, for which the virtual host's rules need not be known. @throws RequestError 400 */
export declare function splitRequestTarget(method: string, rawTarget: string, scheme: 'http' | 'https'): SplitTarget;
/** The second half: decoding and the removal of dot segments. @throws RequestError 400 or 404 */
export declare function decodeTargetPath(target: SplitTarget, rules: TargetRules): string;
export {};
