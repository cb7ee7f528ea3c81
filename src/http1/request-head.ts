/**
 * The head of a request: bytes in, method, target, version and fields out. As strict as HTTP allows (RFC 9112 sections 2
 * to 5): lines end with CR LF and nothing else does, fields are not folded, names are tokens directly before their
 * colon, and values have no control characters. What could be read in two ways is refused.
 *
 * The bytes are looked at once, and strings are made when the head is whole. HttpConnection calls it again with more
 * where it was not.
 */

import { type BodyFraming, frameBody } from './body-framing.js';
import type { KnownFields } from './known-fields.js';

export interface HeadLimits {
  /** Without the line's end. */
  readonly requestLineBytes: number;
  /** All of the head. */
  readonly headBytes: number;
}

export interface RequestHead extends BodyFraming {
  readonly method: string;
  readonly target: string;
  readonly versionMajor: number;
  readonly versionMinor: number;
  /** Flat: name, value, name, value. A character for each byte. */
  readonly fields: readonly string[];
  /** Where the bytes behind it begin. */
  readonly end: number;
}

/** Why the bytes are not the head of a request that can be carried out. */
export class HeadProblem {
  readonly status: number;
  readonly reason: string;
  /** As far as it came: a character for each byte. */
  readonly requestLine: string;

  constructor(status: number, reason: string, requestLine: string) {
    this.status = status;
    this.reason = reason;
    this.requestLine = requestLine;
  }
}

const tab = 0x09;
const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;
const colon = 0x3a;
const slash = 0x2f;

/** Characters by what they may be part of (RFC 9110 sections 5.5 and 5.6.2, RFC 3986 as far as it is ASCII). */
const inToken = 1;
const inValue = 2;
const inTarget = 4;
const kinds = new Uint8Array(256);
for (let code = 0; code < 256; code++) {
  const isPrintable = code > space && code < 0x7f;
  if (/[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(code)) && code < 0x80) kinds[code] = inToken;
  if (isPrintable || code === tab || code === space || code > 0x7f) kinds[code] = (kinds[code] as number) | inValue;
  if (isPrintable) kinds[code] = (kinds[code] as number) | inTarget;
}

/** What HTTP and its extensions have defined, as node:http knows it; others get 501. */
const methods: ReadonlySet<string> = new Set(
  (
    'GET HEAD POST PUT DELETE OPTIONS TRACE PATCH CONNECT ACL BIND CHECKOUT COPY LINK LOCK M-SEARCH MERGE MKACTIVITY ' +
    'MKCALENDAR MKCOL MOVE NOTIFY PROPFIND PROPPATCH PURGE QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE UNBIND UNLINK ' +
    'UNLOCK UNSUBSCRIBE'
  ).split(' '),
);

/** `scheme://authority` with a path or query or nothing behind it. What it means is for whoever splits the target. */
const absoluteTarget = /^[A-Za-z]+:\/\/[\w.!~*'();:&=+$,%@[\]-]*(?:[/?].*)?$/;
const authorityTarget = /^[\w.!~*'();:&=+$,%@[\]-]+$/;
const loggedLineBytesLimit = 8190;

/** Where the fields of the head at hand lie: begin and end of name and value of each. Used again for each head. */
const marks: number[] = [];

/**
 * Looks at `bytes` from `from` to `to`.
 * @param known the fields of the connection's request before; takes those of this one
 * @returns undefined where there is no whole head yet and nothing wrong so far
 */
export function parseRequestHead(
  bytes: Buffer,
  from: number,
  to: number,
  limits: HeadLimits,
  known?: KnownFields,
): RequestHead | HeadProblem | undefined {
  let at = from;
  // Empty lines before a request are forgiven (RFC 9112 section 2.2).
  while (at + 1 < to && bytes[at] === cr && bytes[at + 1] === lf) at += 2;
  const start = at;
  if (at === to || (at + 1 === to && bytes[at] === cr)) {
    return to - from > limits.headBytes ? problem(bytes, start, to, 400, 'nothing but empty lines') : undefined;
  }
  at = skip(bytes, at, to, inToken);
  const methodEnd = at;
  if (at < to && (at === start || bytes[at] !== space)) return problem(bytes, start, to, 400, 'not a request line');
  const targetStart = at + 1;
  at = skip(bytes, Math.min(targetStart, to), to, inTarget);
  const targetEnd = at;
  if (at < to && (at === targetStart || bytes[at] !== space)) return targetProblem(bytes, start, targetStart, at, to);
  const lineEnd = targetEnd + ' HTTP/1.1'.length;
  const isVersion = isVersionBegun(bytes, targetEnd + 1, Math.min(lineEnd, to));
  if (lineEnd + 2 > to) {
    if (!isVersion) return problem(bytes, start, to, 400, noVersion);
    return incomplete(bytes, start, targetEnd, to, limits);
  }
  if (!isVersion || bytes[lineEnd] !== cr || bytes[lineEnd + 1] !== lf) {
    return problem(bytes, start, to, 400, noVersion);
  }
  at = lineEnd + 2;
  const knownEnd = known === undefined ? 0 : known.match(bytes, at, to);
  if (knownEnd > 0) {
    if (knownEnd - start > limits.headBytes) return tooLong(bytes, start, targetEnd, to, limits);
    return makeHead(
      bytes,
      { start, methodEnd, targetStart, targetEnd, fieldsStart: at, end: knownEnd },
      0,
      to,
      known,
      true,
    );
  }
  const fieldsStart = at;
  let count = 0;
  for (;;) {
    if (at === to) return incomplete(bytes, start, targetEnd, to, limits);
    if (bytes[at] === cr) {
      if (at + 1 === to) return incomplete(bytes, start, targetEnd, to, limits);
      if (bytes[at + 1] !== lf) return problem(bytes, start, to, 400, 'a line of the header ends with CR alone');
      break;
    }
    const nameStart = at;
    at = skip(bytes, at, to, inToken);
    if (at === to) return incomplete(bytes, start, targetEnd, to, limits);
    if (at === nameStart || bytes[at] !== colon) {
      return problem(bytes, start, to, 400, nameProblem(bytes[at] as number, at === nameStart));
    }
    marks[count] = nameStart;
    marks[count + 1] = at;
    at += 1;
    while (at < to && (bytes[at] === space || bytes[at] === tab)) at += 1;
    const valueStart = at;
    at = skip(bytes, at, to, inValue);
    if (at === to || (bytes[at] === cr && at + 1 === to)) return incomplete(bytes, start, targetEnd, to, limits);
    if (bytes[at] !== cr || bytes[at + 1] !== lf) return problem(bytes, start, to, 400, wrongValue);
    let valueEnd = at;
    while (valueEnd > valueStart && (bytes[valueEnd - 1] === space || bytes[valueEnd - 1] === tab)) valueEnd -= 1;
    marks[count + 2] = valueStart;
    marks[count + 3] = valueEnd;
    count += 4;
    at += 2;
  }
  if (at + 2 - start > limits.headBytes) return tooLong(bytes, start, targetEnd, to, limits);
  return makeHead(
    bytes,
    { start, methodEnd, targetStart, targetEnd, fieldsStart, end: at + 2 },
    count,
    to,
    known,
    false,
  );
}

const noVersion = 'the request line has no version of HTTP behind its target';
const wrongValue = 'the value of a header field has a control character, or its line ends without CR LF';

interface Places {
  readonly start: number;
  readonly methodEnd: number;
  readonly targetStart: number;
  readonly targetEnd: number;
  readonly fieldsStart: number;
  readonly end: number;
}

/** The strings of a head that is whole; `count`: of marks. `isKnown`: its fields are those of the request before. */
function makeHead(
  bytes: Buffer,
  places: Places,
  count: number,
  to: number,
  known: KnownFields | undefined,
  isKnown: boolean,
): RequestHead | HeadProblem {
  const { start, targetStart, targetEnd, fieldsStart, end } = places;
  const text = latin1(bytes, start, isKnown ? fieldsStart : end);
  const method = text.slice(0, places.methodEnd - start);
  const target = text.slice(targetStart - start, targetEnd - start);
  const versionMajor = (bytes[targetEnd + ' HTTP/'.length] as number) - 0x30;
  const versionMinor = (bytes[targetEnd + ' HTTP/1.'.length] as number) - 0x30;
  if (!methods.has(method)) return problem(bytes, start, to, 501, 'unknown method');
  if (!isKnownVersion(versionMajor, versionMinor)) {
    return problem(bytes, start, to, 400, `HTTP/${versionMajor}.${versionMinor} is unknown`);
  }
  if (bytes[targetStart] !== slash && target !== '*') {
    const form = method === 'CONNECT' ? authorityTarget : absoluteTarget;
    if (!form.test(target)) return problem(bytes, start, to, 400, 'the request target is neither a path nor a URL');
  }
  let fields: readonly string[];
  let framing: BodyFraming | string;
  if (known !== undefined && isKnown) {
    const { read } = known;
    const isSameVersion = read.versionMajor === versionMajor && read.versionMinor === versionMinor;
    fields = read.fields;
    framing = isSameVersion ? read.framing : frameBody(versionMajor, versionMinor, fields);
    known.matched();
  } else {
    fields = fieldsOf(text, start, count);
    framing = frameBody(versionMajor, versionMinor, fields);
    if (typeof framing !== 'string')
      known?.keep(bytes, fieldsStart, end, { fields, versionMajor, versionMinor, framing });
  }
  if (typeof framing === 'string') return problem(bytes, start, to, 400, framing);
  const { bodyBytes, keepAlive, expectsContinue } = framing;
  return { method, target, versionMajor, versionMinor, fields, end, bodyBytes, keepAlive, expectsContinue };
}

/** `text` begins at `start`. */
function fieldsOf(text: string, start: number, count: number): readonly string[] {
  const fields: string[] = [];
  for (let mark = 0; mark < count; mark += 2) {
    fields.push(text.slice((marks[mark] as number) - start, (marks[mark + 1] as number) - start));
  }
  return fields;
}

function incomplete(
  bytes: Buffer,
  start: number,
  targetEnd: number,
  to: number,
  limits: HeadLimits,
): HeadProblem | undefined {
  const isLineOpen = targetEnd + ' HTTP/1.1\r\n'.length > to;
  const bytesLimit = isLineOpen ? limits.requestLineBytes + '\r\n'.length : limits.headBytes;
  return to - start > bytesLimit ? tooLong(bytes, start, targetEnd, to, limits) : undefined;
}

function tooLong(bytes: Buffer, start: number, targetEnd: number, to: number, limits: HeadLimits): HeadProblem {
  const isLine = targetEnd + ' HTTP/1.1'.length - start > limits.requestLineBytes;
  return isLine
    ? problem(bytes, start, to, 414, 'request line is too long')
    : problem(bytes, start, to, 400, 'request header is too long');
}

function targetProblem(bytes: Buffer, start: number, targetStart: number, at: number, to: number): HeadProblem {
  // HTTP/0.9, and what was meant for it.
  if (at > targetStart && bytes[at] === cr) return problem(bytes, start, to, 505, 'the request line names no version');
  return problem(bytes, start, to, 400, 'the request line has a character that must not be in a target');
}

function problem(bytes: Buffer, start: number, to: number, status: number, reason: string): HeadProblem {
  return new HeadProblem(status, reason, lineAt(bytes, start, to));
}

/** The first line from `start` on, as far as it is there and worth logging. */
export function lineAt(bytes: Buffer, start: number, to: number): string {
  const until = Math.min(to, start + loggedLineBytesLimit);
  let end = start;
  while (end < until && bytes[end] !== lf) end += 1;
  if (end > start && bytes[end - 1] === cr) end -= 1;
  return latin1(bytes, start, end);
}

function skip(bytes: Buffer, from: number, to: number, kind: number): number {
  let at = from;
  while (at < to && ((kinds[bytes[at] as number] as number) & kind) !== 0) at += 1;
  return at;
}

/** Whether what lies there is `HTTP/d.d`, or its beginning. */
function isVersionBegun(bytes: Buffer, from: number, to: number): boolean {
  const pattern = 'HTTP/0.0';
  for (let at = from, index = 0; at < to && index < pattern.length; at++, index++) {
    const byte = bytes[at] as number;
    const wanted = pattern.charCodeAt(index);
    if (wanted === 0x30 ? byte < 0x30 || byte > 0x39 : byte !== wanted) return false;
  }
  return true;
}

/** Others are no versions of HTTP; those of the first two that are not spoken here get their own answer later. */
function isKnownVersion(major: number, minor: number): boolean {
  return (major === 1 && minor <= 1) || (major === 2 && minor === 0) || (major === 0 && minor === 9);
}

function nameProblem(byte: number, isEmpty: boolean): string {
  const isBlank = byte === space || byte === tab;
  if (isEmpty) return isBlank ? 'a line of the header begins with a blank' : 'a header field has no name';
  return isBlank ? 'a blank stands before the colon of a header field' : 'a line of the header is no field';
}

function latin1(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}
