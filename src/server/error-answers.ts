/** Answers that the server makes itself: error pages, ErrorDocument, redirects. */

import { toByteString } from '../base/byte-string.js';
import type { CompiledServer } from './compiled-server.js';
import { requestSettings } from './core-request-directives.js';
import { serverSettings } from './core-server-directives.js';
import type { ErrorLog, LogLevelName } from './error-log.js';
import { formatErrorPage, reasonPhrase } from './error-page.js';
import type { RequestContext } from './request-context.js';

/** Where what is said of requests goes. */
export type RequestLog = Pick<ErrorLog, 'log'>;

const htmlType = 'text/html; charset=utf-8';

export class ErrorAnswers {
  readonly #errorLogOf: (server: CompiledServer) => RequestLog;

  constructor(errorLogOf: (server: CompiledServer) => RequestLog) {
    this.#errorLogOf = errorLogOf;
  }

  /** Logs `message` (undefined: logged elsewhere) and answers with the page of `status`, if no answer has begun. */
  answer(context: RequestContext, status: number, message: string | undefined, level?: LogLevelName): void {
    const { outgoing, sink } = context;
    context.trace?.failed(status, message);
    if (message !== undefined) this.log(context, level ?? levelOf(context, status), message);
    if (sink.hasBegun || outgoing.headersSent) {
      sink.truncate();
      return;
    }
    if (outgoing.destroyed) return;
    if (context.failedStatus !== undefined) {
      // The error document failed itself: the page of what it was for, as Apache has it.
      this.#sendPage(context, context.failedStatus);
      return;
    }
    const document = context.scope.settings.find(requestSettings.errorDocuments)?.get(status);
    if (document?.kind === 'path') {
      context.restarts.serveErrorDocument(context, status, document.path);
      return;
    }
    if (document?.kind === 'url') {
      this.redirect(context, 302, document.url);
      return;
    }
    if (document?.kind === 'text') this.#send(context, status, Buffer.from(document.text), htmlType, []);
    else this.#sendPage(context, status);
  }

  /** Writes to the error log of the request's server. */
  log(context: RequestContext, level: LogLevelName, message: string): void {
    const { connection, handler, server } = context;
    // As Apache: of a client behind a proxy no port is known.
    const isPeer = context.clientAddress === connection.remoteAddress;
    const client = `${context.clientAddress}:${isPeer ? connection.remotePort : 0}`;
    this.#errorLogOf(server).log(level, handler === 'wsgi-script' ? 'wsgi' : 'core', message, { client });
  }

  /** `location`: a URL, or a path of this server. */
  redirect(context: RequestContext, status: number, location: string): void {
    const url = location.startsWith('/') ? `${originOf(context)}${location}` : location;
    const page = formatErrorPage(status, { location: url, ...this.#signature(context) });
    this.#send(context, status, Buffer.from(page), htmlType, ['Location', toByteString(url)]);
  }

  answerEmpty(context: RequestContext, status: number, headers: readonly string[]): void {
    context.sink.begin(status, reasonPhrase(status), [...headers, ...context.extraHeaders], 0);
    context.sink.end();
  }

  #sendPage(context: RequestContext, status: number): void {
    const page = formatErrorPage(status, this.#signature(context));
    this.#send(context, status, Buffer.from(page), htmlType, []);
  }

  #signature(context: RequestContext): { signature?: string } {
    if (context.server.settings.get(serverSettings.serverSignature, 'Off') === 'Off') return {};
    return { signature: `${context.server.serverHeader} at ${context.serverName} port ${context.serverPort}` };
  }

  #send(context: RequestContext, status: number, body: Buffer, type: string, headers: readonly string[]): void {
    const { outgoing } = context;
    // Fields that a handler set before it failed (Allow, Content-Range) belong to the answer; those of a file do not.
    const kept = ['allow', 'content-range'].flatMap((name) => {
      const value = outgoing.getHeader(name);
      return value === undefined ? [] : [name === 'allow' ? 'Allow' : 'Content-Range', String(value)];
    });
    for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name);
    // Apache's own answers, redirects too, have the headers for errors only; Vary is not one of them.
    const extra = context.extraHeaders.filter((_, index, all) => all[index - (index % 2)] !== 'Vary');
    context.sink.begin(
      status,
      reasonPhrase(status),
      [...headers, ...kept, ...extra, 'Content-Type', type],
      body.length,
      'server',
    );
    context.sink.end(body);
  }
}

/** What clients do wrong is no error of the server. */
const clientMistakes: ReadonlySet<number> = new Set([400, 404, 408, 414, 417, 505]);

function levelOf({ handler }: RequestContext, status: number): LogLevelName {
  // A script that is not there is a mistake of the configuration (mod_wsgi logs it as an error, too).
  if (handler === 'wsgi-script' && status === 404) return 'error';
  return clientMistakes.has(status) ? 'info' : 'error';
}

/** `http://name:port`; standard ports are left out. */
export function originOf(context: RequestContext): string {
  const { scheme, serverName, serverPort } = context;
  const host = serverName.includes(':') ? `[${serverName}]` : serverName;
  return `${scheme}://${host}${serverPort === (scheme === 'https' ? 443 : 80) ? '' : `:${serverPort}`}`;
}
