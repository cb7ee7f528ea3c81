/** %{NAME} in expressions: the variables of httpd's core and of mod_ssl (util_expr_eval.c). Unknown ones are an error. */

import { factVariables, headerVariables } from '../rewrite/request-variables.js';
import type { RequestFact } from '../rewrite/rewrite-request.js';
import type { ExpressionRun, ExpressionSubject } from './expression-subject.js';

type Reader = (subject: ExpressionSubject) => string | undefined;

/** Apache 2.4's module magic number, for expressions that ask whether it is 2.4. */
const apiVersion = '20120211';

const facts: ReadonlySet<string> = new Set<RequestFact>(factVariables);

const readers: Readonly<Record<string, Reader>> = {
  API_VERSION: () => apiVersion,
  CONN_LOG_ID: () => undefined,
  CONTENT_TYPE: (subject) => subject.responseHeader?.('Content-Type'),
  DOCUMENT_URI: (subject) => subject.request.requestVariable('DOCUMENT_URI') ?? subject.request.uri,
  HANDLER: (subject) => subject.handler,
  HTTP2: () => 'off',
  HTTPS: ({ request }) => request.sslVariable('HTTPS') ?? 'off',
  IS_SUBREQ: ({ request }) => String(request.isSubrequest),
  PATH_INFO: ({ request }) => request.pathInfo,
  QUERY_STRING: ({ request }) => request.query,
  REQUEST_FILENAME: ({ request }) => request.filename,
  REQUEST_LOG_ID: ({ request }) => request.id,
  REQUEST_METHOD: ({ request }) => request.method,
  REQUEST_SCHEME: ({ request }) => request.scheme,
  REQUEST_STATUS: (subject) => String(subject.status),
  REQUEST_URI: ({ request }) => request.uri,
  SCRIPT_FILENAME: ({ request }) => request.filename,
  SERVER_NAME: ({ request }) => request.serverName,
  SERVER_PORT: ({ request }) => String(request.serverPort),
  THE_REQUEST: ({ request }) => request.requestLine,
  // Local time, as Apache's; the week starts with Sunday, which is 0.
  TIME: (subject) => timeParts(subject).join(''),
  TIME_YEAR: (subject) => timeParts(subject)[0],
  TIME_MON: (subject) => timeParts(subject)[1],
  TIME_DAY: (subject) => timeParts(subject)[2],
  TIME_HOUR: (subject) => timeParts(subject)[3],
  TIME_MIN: (subject) => timeParts(subject)[4],
  TIME_SEC: (subject) => timeParts(subject)[5],
  TIME_WDAY: ({ services }) => String(new Date(services.now()).getDay()),
};

/** Names that Apache has and that mean nothing here. */
const absentVariables: Readonly<Record<string, string>> = {
  LAST_MODIFIED: 'the time of the file is not known before it is served',
};

/** All names, as the documentation lists them. */
export const EXPRESSION_VARIABLES: readonly string[] = [
  ...Object.keys(readers),
  ...Object.keys(headerVariables),
  ...facts,
];

/** How one variable is read, by its name in any case. @returns a reason where there is none */
export function findVariable(name: string): ((run: ExpressionRun) => string) | string {
  const upper = name.toUpperCase();
  const header = Object.hasOwn(headerVariables, upper) ? headerVariables[upper] : undefined;
  if (header !== undefined) return ({ subject }) => readHeader(subject, header);
  if (facts.has(upper)) return ({ subject }) => subject.request.fact(upper as RequestFact) ?? '';
  if (upper.startsWith('SSL_')) return ({ subject }) => subject.request.sslVariable(upper) ?? '';
  const read = Object.hasOwn(readers, upper) ? readers[upper] : undefined;
  if (read !== undefined) return ({ subject }) => read(subject) ?? '';
  const absent = Object.hasOwn(absentVariables, upper) ? absentVariables[upper] : undefined;
  return absent === undefined ? `variable '${name}' does not exist` : `variable '${name}' is not supported: ${absent}`;
}

/** A request header. That it was looked at goes into Vary, but for Host, which RFC 9110 section 12.5.5 has no use for. */
export function readHeader(subject: ExpressionSubject, name: string): string {
  if (name.toLowerCase() !== 'host') subject.noteHeader(name);
  return subject.request.header(name) ?? '';
}

/** Year, month, day, hour, minute, second. */
function timeParts({ services }: ExpressionSubject): readonly string[] {
  const time = new Date(services.now());
  const parts = [time.getMonth() + 1, time.getDate(), time.getHours(), time.getMinutes(), time.getSeconds()];
  return [String(time.getFullYear()), ...parts.map((part) => String(part).padStart(2, '0'))];
}
