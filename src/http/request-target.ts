/**
 * The target of a request line: its four forms (RFC 9112 section 3.2) and Apache's way from the bytes on the wire to
 * the path that sections, aliases and files are matched with. Nothing after this decodes a path again.
 */

import { RequestError } from '../base/errors.js';
import { findHost, type Host } from './host-header.js';

/** What the AllowEncodedSlashes directive says about %2F: answer 404, decode it, keep it as it is. */
export type EncodedSlashes = 'off' | 'on' | 'nodecode';

export interface TargetRules {
  readonly encodedSlashes: EncodedSlashes;
  readonly mergeSlashes: boolean;
  /** How the connection was made. A URL of the other scheme gives its path but not its host. */
  readonly scheme: 'http' | 'https';
}

export const defaultTargetRules: TargetRules = { encodedSlashes: 'off', mergeSlashes: true, scheme: 'http' };

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
export function parseRequestTarget(method: string, rawTarget: string, rules: TargetRules): RequestTarget {
  const split = splitRequestTarget(method, rawTarget, rules.scheme);
  return { ...split, path: decodeTargetPath(split, rules) };
}

/** The first half of parseRequestTarget, for which the virtual host's rules need not be known. @throws RequestError 400 */
export function splitRequestTarget(method: string, rawTarget: string, scheme: 'http' | 'https'): SplitTarget {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (rawTarget === '' || /[\x00-\x20\x7f]/.test(rawTarget)) throw invalid('URI incorrectly encoded', rawTarget);
  if (rawTarget.includes('#')) throw invalid('URI must not contain a fragment', rawTarget);
  if (method === 'CONNECT') return splitAuthority(rawTarget);
  if (rawTarget === '*') {
    if (method !== 'OPTIONS') throw invalid('* is for OPTIONS only', rawTarget);
    return { form: 'asterisk', rawTarget, rawPath: '*', query: undefined, host: undefined };
  }
  if (rawTarget.startsWith('/') || rawTarget.startsWith('?')) {
    const { rawPath, query } = splitQuery(rawTarget);
    return { form: 'origin', rawTarget, rawPath, query, host: undefined };
  }
  return splitAbsolute(rawTarget, scheme);
}

/** The second half: decoding and the removal of dot segments. @throws RequestError 400 or 404 */
export function decodeTargetPath(target: SplitTarget, rules: TargetRules): string {
  const { rawPath } = target;
  if (target.form === 'asterisk' || target.form === 'authority') return rawPath;
  // The common case: nothing to decode, to merge or to remove.
  if (!/%|\/[/.]/.test(rawPath)) return rawPath;
  if (/%(?![\da-f]{2})/i.test(rawPath)) throw invalid('invalid URI path', rawPath);
  // First what never needed encoding, so that %2e%2e is a dot segment; several slashes in front are always one.
  const plain = rawPath.replace(/%(?:2[de]|3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\dae])/gi, decodeEscape);
  const merged = (rules.mergeSlashes ? plain.replace(/\/{2,}/g, '/') : plain).replace(/^\/+/, '/');
  const path = removeDotSegments(merged, true);
  if (path === undefined) throw invalid('invalid URI path', rawPath);
  if (!path.includes('%')) return path;
  if (path.includes('%00')) throw new RequestError(404, `found an encoded NUL in URI path ${rawPath}`);
  if (rules.encodedSlashes === 'nodecode') return path.replace(/%(?!2f)[\da-f]{2}/gi, decodeEscape);
  const hasSlash = /%2f/i.test(path);
  if (hasSlash && rules.encodedSlashes === 'off') {
    throw new RequestError(
      404,
      `found %2f (encoded '/') in URI path ${rawPath}, returning 404 (AllowEncodedSlashes Off)`,
    );
  }
  const decoded = path.replace(/%[\da-f]{2}/gi, decodeEscape);
  if (!hasSlash) return decoded;
  // Slashes that came to light make new segments. As in Apache these end at the root instead of being refused.
  return removeDotSegments(rules.mergeSlashes ? decoded.replace(/\/{2,}/g, '/') : decoded, false) ?? '/';
}

function splitQuery(text: string): { rawPath: string; query: string | undefined } {
  const mark = text.indexOf('?');
  const rawPath = mark < 0 ? text : text.slice(0, mark);
  return { rawPath: rawPath === '' ? '/' : rawPath, query: mark < 0 ? undefined : text.slice(mark + 1) };
}

/** CONNECT's host:port. */
function splitAuthority(rawTarget: string): SplitTarget {
  const host = findHost(rawTarget);
  if (host?.port === undefined) throw invalid('CONNECT needs host:port', rawTarget);
  return { form: 'authority', rawTarget, rawPath: '', query: undefined, host };
}

function splitAbsolute(rawTarget: string, scheme: 'http' | 'https'): SplitTarget {
  const found = /^(https?):\/\/([^/?]*)(.*)$/i.exec(rawTarget);
  if (found === null) throw invalid('unable to parse URI', rawTarget);
  const authority = found[2] ?? '';
  if (authority.includes('@')) throw invalid('URI must not contain a username/password', rawTarget);
  // A port may be left empty in a URL (RFC 3986 section 3.2.3), but not in a Host field.
  const host = findHost(authority.replace(/:$/, ''));
  // An empty host is refused (RFC 9110 section 4.2.1); Apache takes it.
  if (host === undefined) throw invalid('malformed host in URI', rawTarget);
  const own = found[1]?.toLowerCase() === scheme;
  return { form: 'absolute', rawTarget, ...splitQuery(found[3] ?? ''), host: own ? host : undefined };
}

/** RFC 3986 section 5.2.4. Climbing above the root gives undefined if `strict`, and stays at the root otherwise. */
function removeDotSegments(path: string, strict: boolean): string | undefined {
  if (!/\/\.\.?(?:\/|$)/.test(path)) return path;
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const isDots = segment === '.' || segment === '..';
    if (segment === '..' && kept.pop() === undefined && strict) return undefined;
    if (!isDots) kept.push(segment);
    // A dot segment at the end leaves the slash before it.
    else if (index === segments.length - 1) kept.push('');
  }
  return `/${kept.join('/')}`;
}

function decodeEscape(written: string): string {
  return String.fromCharCode(Number.parseInt(written.slice(1), 16));
}

function invalid(reason: string, text: string): RequestError {
  return new RequestError(400, `${reason} (${text})`);
}
