/**
 * The directives of an access-log format, one per letter, as mod_log_config and mod_logio define them. log-format.ts
 * compiles a format string to a list of these. A field without a value is '-'.
 */

import { escapeLogField } from './log-escape.js';
import type { LogRecord } from './log-record.js';
import { logTimeItem } from './log-time.js';

/** Writes one field of a line. */
export type LogItem = (record: LogRecord) => string;

/** How a letter is compiled: `argument` is the text in braces, undefined without; `final` is %>, not %<. */
type LogItemMaker = (argument: string | undefined, final: boolean | undefined) => LogItem;

/** Why an argument is refused; log-format.ts adds where it stands. */
export class LogItemError extends Error {
  override readonly name = 'LogItemError';
}

function textOrDash(text: string | undefined): string {
  return text === undefined || text === '' ? '-' : escapeLogField(text);
}

const fixed =
  (item: LogItem): LogItemMaker =>
  () =>
    item;

/** A letter that needs its braces: %{Referer}i. */
function named(letter: string, make: (name: string) => LogItem): LogItemMaker {
  return (argument) => {
    if (argument === undefined || argument === '') throw new LogItemError(`%${letter} needs a name: %{name}${letter}`);
    return make(argument);
  };
}

/** A letter whose argument is one of a few words; '' stands for none. */
function oneOf(letter: string, choices: Readonly<Record<string, LogItem>>): LogItemMaker {
  return (argument) => {
    const item = choices[argument ?? ''];
    if (item !== undefined) return item;
    const words = Object.keys(choices).filter((word) => word !== '');
    throw new LogItemError(`%{${argument}}${letter} must be one of ${words.join(', ')}`);
  };
}

/** The field as Apache's table has it: repeated fields joined by a comma. */
function headerItem(name: string, fieldsOf: (record: LogRecord) => readonly string[] | undefined): LogItem {
  const wanted = name.toLowerCase();
  return (record) => textOrDash(findHeader(fieldsOf(record), wanted));
}

function findHeader(fields: readonly string[] | undefined, wanted: string): string | undefined {
  if (fields === undefined) return undefined;
  let found: string | undefined;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at];
    if (name === undefined || name.length !== wanted.length) continue;
    if (name !== wanted && name.toLowerCase() !== wanted) continue;
    found = found === undefined ? fields[at + 1] : `${found}, ${fields[at + 1]}`;
  }
  return found;
}

/** The first cookie of that name, whatever its case; blanks around the value are not part of it. */
function cookieItem(name: string): LogItem {
  const wanted = name.toLowerCase();
  return (record) => {
    const header = findHeader(record.rawHeaders, 'cookie');
    if (header === undefined) return '-';
    for (const pair of header.split(';')) {
      const equals = pair.indexOf('=');
      if (equals < 0 || pair.slice(0, equals).trim().toLowerCase() !== wanted) continue;
      return textOrDash(pair.slice(equals + 1).trim());
    }
    return '-';
  };
}

function requestLine(record: LogRecord): string {
  if (record.method === '') return '-';
  // A line that is none has all of it in `method`.
  const line = record.target === '' ? record.method : `${record.method} ${record.target}`;
  return escapeLogField(record.protocol === '' ? line : `${line} ${record.protocol}`);
}

function queryOf(record: LogRecord): string {
  const mark = record.target.indexOf('?');
  return mark < 0 ? '' : escapeLogField(record.target.slice(mark));
}

/** Not '-' but "" for the empty name: somebody authenticated as nobody. */
function userOf(record: LogRecord): string {
  return record.user === '' ? '""' : textOrDash(record.user);
}

const statusText = (status: number): string => (status > 0 ? `${status}` : '-');
const seconds: LogItem = (record) => `${Math.floor(record.durationMs / 1000)}`;
const milliseconds: LogItem = (record) => `${Math.floor(record.durationMs)}`;
const microseconds: LogItem = (record) => `${Math.floor(record.durationMs * 1000)}`;
const clientAddress: LogItem = (record) => record.remoteAddress;

/** By letter; those with '^' have two letters more. */
export const logItemMakers: Readonly<Record<string, LogItemMaker>> = {
  a: oneOf('a', { '': clientAddress, c: (record) => record.peerAddress ?? record.remoteAddress }),
  A: fixed((record) => record.localAddress),
  b: fixed((record) => (record.bodyBytes > 0 ? `${record.bodyBytes}` : '-')),
  B: fixed((record) => `${record.bodyBytes}`),
  C: named('C', cookieItem),
  D: fixed(microseconds),
  e: named('e', (name) => (record) => textOrDash(record.environment(name))),
  f: fixed((record) => textOrDash(record.filename)),
  // HostnameLookups is not supported, so a host is always its address.
  h: oneOf('h', { '': clientAddress, c: (record) => record.peerAddress ?? record.remoteAddress }),
  H: fixed((record) => textOrDash(record.protocol)),
  i: named('i', (name) => headerItem(name, (record) => record.rawHeaders)),
  I: fixed((record) => `${record.receivedBytes}`),
  k: fixed((record) => `${record.keepaliveCount}`),
  // The ident protocol (RFC 1413) is not spoken.
  l: fixed(() => '-'),
  L: oneOf('L', {
    '': (record) => textOrDash(record.requestId),
    c: (record) => textOrDash(record.connectionId),
  }),
  m: fixed((record) => textOrDash(record.method)),
  n: named('n', (name) => (record) => textOrDash(record.note?.(name))),
  o: named('o', (name) => (record) => textOrDash(record.responseHeader(name))),
  O: fixed((record) => `${record.sentBytes}`),
  p: oneOf('p', {
    '': (record) => `${record.canonicalPort}`,
    canonical: (record) => `${record.canonicalPort}`,
    local: (record) => `${record.localPort}`,
    remote: (record) => `${record.remotePort}`,
  }),
  P: oneOf('P', {
    '': (record) => `${record.pid}`,
    pid: (record) => `${record.pid}`,
    tid: (record) => `${record.tid ?? record.pid}`,
    hextid: (record) => (record.tid ?? record.pid).toString(16),
  }),
  q: fixed(queryOf),
  r: fixed(requestLine),
  R: fixed((record) => textOrDash(record.handler)),
  s: (_argument, final) =>
    final === true ? (record) => statusText(record.status) : (record) => statusText(record.originalStatus),
  S: fixed((record) => `${record.receivedBytes + record.sentBytes}`),
  t: (argument) => logTimeItem(argument ?? ''),
  T: oneOf('T', { '': seconds, s: seconds, ms: milliseconds, us: microseconds }),
  u: fixed(userOf),
  U: fixed((record) => textOrDash(record.path)),
  v: fixed((record) => textOrDash(record.canonicalName)),
  V: fixed((record) => textOrDash(record.serverName)),
  x: named('x', (name) => (record) => textOrDash(record.sslVariable?.(name))),
  X: fixed((record) => record.connectionStatus),
  // Time to first byte is only measured under LogIOTrackTTFB, which is not supported; Apache too then writes '-'.
  '^FB': fixed(() => '-'),
  '^ti': named('^ti', (name) => headerItem(name, (record) => record.rawTrailers)),
  '^to': named('^to', (name) => (record) => textOrDash(record.responseTrailer?.(name))),
};
