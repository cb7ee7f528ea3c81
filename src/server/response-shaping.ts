/**
 * From the head that a handler makes of a response to the one that goes out: what Apache's output filters do to it, in
 * their order. DEFLATE decides first, as it looks at the type that the handler gave; then mod_expires, and mod_headers
 * last. HttpResponseSink calls it for scopes that have OutputRules.
 */

import { statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { findExpiry, formatExpiry } from '../http/expiry.js';
import type { ExpressionSubject } from '../http/expression/expression.js';
import { acceptsGzip, gzipEntityTag, isEncoded } from '../http/gzip-negotiation.js';
import { applyResponseRules, type HeaderRuleFacts, type ResponseFields } from '../http/header-rules.js';
import { HeaderTable } from '../http/header-table.js';
import type { ResponseOrigin } from '../http/response-sink.js';
import { expressionSubjectOf } from './expression-requests.js';
import type { DeflateRules } from './filter-directives.js';
import type { OutputRules } from './output-rules.js';
import type { RequestContext } from './request-context.js';

export interface ResponseHead {
  readonly status: number;
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[];
  /** Where it is known beforehand. */
  readonly bodyBytes: number | undefined;
  readonly origin: ResponseOrigin;
  /** 304 is about the compressed representation: its tag is the one that the client has. */
  readonly isOfCompressed: boolean;
}

export interface ShapedHead {
  readonly headers: readonly string[];
  /** The body is to be compressed so. */
  readonly deflate: DeflateRules | undefined;
  /** A rule wants the connection to end with this response. */
  readonly closes: boolean;
}

/** gzip's head and tail, and the header fields that tell of it: below this nothing is won (mod_deflate.c). */
const compressedBytesLeast = 68;

/** Made by the connection, or by the server for all responses. */
const ownNames: ReadonlySet<string> = new Set([
  'server',
  'date',
  'content-type',
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
]);

export function shapeResponse(rules: OutputRules, context: RequestContext, head: ResponseHead): ShapedHead {
  const fields = openFields(head);
  const deflate = rules.deflate === undefined ? undefined : decideCompression(rules.deflate, context, head, fields);
  if (rules.expiry !== undefined && head.status < 400) addExpiry(rules.expiry, context, fields, head.origin);
  const facts = factsOf(context, () => subjectOf(context, head, fields));
  applyResponseRules(rules.always, fields, 'always', facts);
  // An answer that the server makes itself is an error to Apache, also where it redirects.
  if (head.origin !== 'server') applyResponseRules(rules.onSuccess, fields, 'success', facts);
  return { ...closeFields(fields), deflate };
}

/** Fields that stay apart where an application has several of them. */
const separateNames: ReadonlySet<string> = new Set(['set-cookie', 'www-authenticate']);

/** As mod_wsgi hands them to the filters: rules that edit or merge see one value. */
function joinRepeated(headers: readonly string[]): HeaderTable {
  const table = new HeaderTable();
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] as string;
    if (separateNames.has(name.toLowerCase())) table.add(name, headers[at + 1] as string);
    else table.merge(name, headers[at + 1] as string);
  }
  return table;
}

function openFields({ headers, origin }: ResponseHead): ResponseFields {
  const success = origin === 'application' ? joinRepeated(headers) : new HeaderTable(headers);
  const contentType = success.get('Content-Type');
  success.unset('Content-Type');
  return { always: new HeaderTable(), success, contentType };
}

function closeFields({ always, success, contentType }: ResponseFields): {
  headers: readonly string[];
  closes: boolean;
} {
  const headers: string[] = [];
  const vary: string[] = [];
  let closes = false;
  for (const { fields } of [always, success]) {
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const name = fields[at] as string;
      const value = fields[at + 1] as string;
      const lower = name.toLowerCase();
      if (lower === 'connection') closes ||= /\bclose\b/i.test(value);
      if (lower === 'vary') vary.push(...value.split(',').map((element) => element.trim()));
      else if (!ownNames.has(lower)) headers.push(name, value);
    }
  }
  if (vary.length > 0) headers.push('Vary', uniqueNames(vary).join(', '));
  if (contentType !== undefined) headers.push('Content-Type', contentType);
  return { headers, closes };
}

/** Each name once, as in Apache's one Vary field (fixup_vary). */
function uniqueNames(names: readonly string[]): string[] {
  const lower = names.map((name) => name.toLowerCase());
  return names.filter((name, at) => name !== '' && lower.indexOf(name.toLowerCase()) === at);
}

/** Changes the fields where the body is to be compressed, or could have been for another client. */
function decideCompression(
  rules: DeflateRules,
  context: RequestContext,
  head: ResponseHead,
  fields: ResponseFields,
): DeflateRules | undefined {
  const { status, origin } = head;
  const { success } = fields;
  const type = (fields.contentType ?? '').split(/[; \t]/, 1)[0]?.toLowerCase() ?? '';
  const isOk = status === 200 || status === 206 || context.environment?.has('filter-errordocs') === true;
  if (head.isOfCompressed && status === 304) {
    success.merge('Vary', 'Accept-Encoding');
    compressHead(rules, success);
    return undefined;
  }
  if (origin === 'server' || status === 204 || !(rules.always || (isOk && rules.types.has(type)))) return undefined;
  // A file that has not changed keeps the tag that the client knows it by.
  if (origin === 'file' && status === 304) return undefined;
  const { environment, incoming } = context;
  if (environment?.has('no-gzip') === true) return undefined;
  if (environment?.get('gzip-only-text/html') === '1' && type !== 'text/html') return undefined;
  if (isEncoded(success.get('Content-Encoding'))) return undefined;
  const isWhole = status !== 304 && success.get('Content-Range') === undefined;
  const isTiny = isWhole && head.bodyBytes !== undefined && head.bodyBytes <= compressedBytesLeast;
  if (isTiny && origin === 'file') return undefined;
  success.merge('Vary', 'Accept-Encoding');
  // Ranges are parts of the file itself.
  if (isTiny || success.get('Content-Range') !== undefined) return undefined;
  const isForced = environment?.has('force-gzip') === true;
  if (!isForced && !acceptsGzip(joined(incoming.headers['accept-encoding']))) return undefined;
  compressHead(rules, success);
  return status === 304 ? undefined : rules;
}

/** Whether a response to this request may come to be compressed, whatever it is. */
export function mayCompress({ environment, incoming, scope }: RequestContext): boolean {
  if (scope.output?.deflate === undefined) return false;
  return environment?.has('force-gzip') === true || acceptsGzip(incoming.header('accept-encoding'));
}

function compressHead({ etag }: DeflateRules, table: HeaderTable): void {
  table.set('Content-Encoding', 'gzip');
  for (const name of ['Content-Length', 'Content-MD5']) table.unset(name);
  if (etag === 'Remove') table.unset('ETag');
  const tag = table.get('ETag');
  if (etag === 'AddSuffix' && tag !== undefined) table.set('ETag', gzipEntityTag(tag));
}

function joined(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function addExpiry(
  rules: NonNullable<OutputRules['expiry']>,
  context: RequestContext,
  { success, contentType }: ResponseFields,
  origin: ResponseOrigin,
): void {
  if (success.get('Expires') !== undefined) return;
  const expiry = findExpiry(rules, contentType);
  if (expiry === undefined) return;
  const modifiedMs = expiry.base === 'modification' ? findModification(context, success, origin) : undefined;
  const formatted = formatExpiry(expiry, context.startedAtMs, modifiedMs);
  if (formatted === undefined) return;
  success.merge('Cache-Control', formatted.cacheControl);
  success.set('Expires', formatted.expires);
}

/** Of the file that is sent, which may be the index of a folder; of an application its script, as in Apache. */
function findModification(
  { filename }: RequestContext,
  fields: HeaderTable,
  origin: ResponseOrigin,
): number | undefined {
  const lastModified = origin === 'file' ? fields.get('Last-Modified') : undefined;
  if (lastModified !== undefined) return Date.parse(lastModified);
  return filename === undefined ? undefined : statSync(filename, { throwIfNoEntry: false })?.mtimeMs;
}

/** What expressions may know of the response, as far as it has come. */
function subjectOf(context: RequestContext, { status }: ResponseHead, fields: ResponseFields): ExpressionSubject {
  return {
    ...expressionSubjectOf(context),
    status,
    noteHeader: (name) => fields.success.merge('Vary', name),
    responseHeader: (name) =>
      name.toLowerCase() === 'content-type'
        ? fields.contentType
        : (fields.success.get(name) ?? fields.always.get(name)),
  };
}

/** What header rules may know of a request. */
export function factsOf(context: RequestContext, subject = () => expressionSubjectOf(context)): HeaderRuleFacts {
  return {
    startedAtMicroseconds: context.startedAtMs * 1000,
    durationMicroseconds: () => (performance.now() - context.startedAtMonotonicMs) * 1000,
    loadAverages: loadavg,
    environment: (name) => context.environment?.get(name),
    // As mod_ssl has it: without TLS it knows one thing to say.
    sslVariable: (name) => {
      const { secure } = context.connection;
      return secure === undefined ? (name === 'HTTPS' ? 'off' : undefined) : secure.variable(name);
    },
    subject,
    requestHeaders: context.incoming.rawHeaders,
    setNote: (name, value) => {
      context.notes ??= new Map();
      context.notes.set(name, value);
    },
  };
}
