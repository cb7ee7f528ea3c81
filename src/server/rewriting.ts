/** Between a request and the rewrite engine (src/http/rewrite): hands over what rules may ask, carries out what they change. */

import { lstatSync, readFileSync, statSync } from 'node:fs';
import { CachingMapSource } from '../http/rewrite/rewrite-map.js';
import type { RewriteOutcome } from '../http/rewrite/rewrite-outcome.js';
import type { FileFacts, RequestFact, RewriteRequest, RewriteServices } from '../http/rewrite/rewrite-request.js';
import { type RequestContext, setVariable } from './request-context.js';

export const rewriteServices: RewriteServices = {
  fileTest(path): FileFacts | undefined {
    try {
      const found = statSync(Buffer.from(path, 'latin1'), { throwIfNoEntry: false });
      if (found === undefined) return undefined;
      const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
      return { kind, size: found.size, executable: (found.mode & 0o111) !== 0 };
    } catch {
      return undefined; // a component on the way is no folder, or closed to us: nothing can be reached there
    }
  },
  isSymbolicLink(path) {
    try {
      return lstatSync(Buffer.from(path, 'latin1'), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    } catch {
      return false; // as above
    }
  },
  random: Math.random,
  now: Date.now,
  maps: new CachingMapSource(
    (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs,
    (path) => readFileSync(path, 'latin1'),
  ),
  // A look-up would have to run all phases for a request that is none; only files and their existence are answered.
  lookupStatus(kind, target) {
    return kind === 'file' && this.fileTest(target) !== undefined ? 200 : 404;
  },
};

/** The request as rules see it. */
export function rewriteRequestOf(context: RequestContext): RewriteRequest {
  const { connection, incoming, server } = context;
  return {
    uri: context.uri,
    unparsedUri: context.rawTarget,
    query: context.query === '' && !context.rawTarget.includes('?') ? undefined : context.query,
    filename: context.filename ?? context.uri,
    pathInfo: context.pathInfo,
    method: context.method,
    requestLine: `${context.method} ${context.rawTarget} ${context.protocol}`,
    scheme: context.scheme,
    isSubrequest: context.isSubrequest,
    serverName: context.serverName,
    serverPort: context.serverPort,
    header(name) {
      const value = incoming.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    id: context.id,
    environment: (name) => context.environment?.get(name) ?? process.env[name],
    requestVariable: (name) => context.environment?.get(name),
    serverVariable: (name) => process.env[name],
    fact(name: RequestFact): string | undefined {
      switch (name) {
        case 'CONN_REMOTE_ADDR':
          return connection.remoteAddress;
        case 'REMOTE_ADDR':
        case 'REMOTE_HOST':
          return context.clientAddress;
        case 'REMOTE_USER':
          return context.user;
        case 'AUTH_TYPE':
          return context.authType;
        case 'REMOTE_PORT':
          return String(connection.remotePort);
        case 'SERVER_ADDR':
          return connection.localAddress;
        case 'SERVER_ADMIN':
          return server.admin;
        case 'SERVER_PROTOCOL':
          return context.protocol;
        case 'SERVER_SOFTWARE':
          return server.serverHeader;
        case 'DOCUMENT_ROOT':
        case 'CONTEXT_DOCUMENT_ROOT':
          return server.documentRoot;
        case 'IPV6':
          return connection.remoteAddress.includes(':') ? 'on' : 'off';
        default:
          return undefined;
      }
    },
    sslVariable: (name) => connection.secure?.variable(name),
    matchesHost: (host, port) => host.toLowerCase() === context.serverName.toLowerCase() && port === context.serverPort,
  };
}

/** The options of a rule set, with its steps recorded where somebody wants to know them. */
export function rewriteOptionsOf<T extends object>(context: RequestContext, options: T): T & { trace?: boolean } {
  return context.trace === undefined ? options : { ...options, trace: true };
}

/** What every outcome brings: variables, cookies, Vary, a handler. */
export function applyRewriteEffects(context: RequestContext, outcome: RewriteOutcome): void {
  for (const { name, value } of outcome.environment) setVariable(context, name, value);
  for (const cookie of outcome.cookies) context.extraHeaders.push('Set-Cookie', cookie.header);
  if (outcome.vary.length > 0) context.extraHeaders.push('Vary', outcome.vary.join(', '));
  if (outcome.handler !== undefined) context.handler = outcome.handler;
  if (outcome.end) context.rewritingEnded = true;
}
