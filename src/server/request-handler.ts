/**
 * Takes each request through Apache's phases: which virtual host, rewriting, from URL to file, sections, access,
 * handler. Answers errors with the server's page or ErrorDocument, and writes the access log when all is over.
 */

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fromByteString, toByteString } from '../base/byte-string.js';
import { RequestError } from '../base/errors.js';
import { matchSections } from '../conf/section-matching.js';
import { accessDeniedMessage, decideAccess } from '../http/access-rules.js';
import { decodeTargetPath } from '../http/request-target.js';
import { rewriteForDirectory } from '../http/rewrite/directory-rewrite.js';
import type { RewriteOutcome } from '../http/rewrite/rewrite-outcome.js';
import { rewriteForServer } from '../http/rewrite/server-rewrite.js';
import { applySetEnvIf, type SetEnvIfRule } from '../http/set-env-if.js';
import { type WsgiScriptAlias, wsgiSettings } from '../wsgi/settings.js';
import { AccessFileError, type AccessFiles } from './access-files.js';
import type { AccessLogs } from './access-logging.js';
import type { Authorizer } from './authorizer.js';
import type { CompiledServer } from './compiled-server.js';
import { requestSettings } from './core-request-directives.js';
import { type ErrorAnswers, originOf } from './error-answers.js';
import { expressionSubjectOf } from './expression-requests.js';
import type { FileLookup, FoundFile } from './file-lookup.js';
import { findIndex, lacksSlash, withSlash } from './folder-requests.js';
import { findHandler } from './handler-choice.js';
import type { ClientConnection, HttpLimits } from './http-connections.js';
import { endsConnection, HttpResponseSink } from './http-response-sink.js';
import { redirectSettings } from './redirect-directives.js';
import { applyRemoteIp } from './remote-ip-requests.js';
import { environmentOf, type RequestContext, renameEnvironment, setVariable } from './request-context.js';
import { changeRequestHeader, forgetBody } from './request-headers.js';
import { identifyRequest, type RequestIdentity } from './request-identity.js';
import { applyRewriteEffects, rewriteRequestOf, rewriteServices } from './rewriting.js';
import { chooseSections } from './section-choice.js';
import { handleStatic } from './static-requests.js';
import { checkTlsHost, setTlsVariables } from './tls-requests.js';
import { answerTrace } from './trace-answer.js';
import { findRedirect, type Translation, translateUrl } from './url-translation.js';
import type { WsgiHandler } from './wsgi-handler.js';

export interface RequestHandlerOptions {
  /** The server of a connection's own end and a Host name. */
  readonly findServer: (localAddress: string, localPort: number, name: string | undefined) => CompiledServer;
  readonly limits: HttpLimits;
  readonly files: FileLookup;
  readonly accessFiles: AccessFiles;
  readonly wsgi: WsgiHandler;
  readonly authorizer: Authorizer;
  readonly accessLogs: AccessLogs;
  readonly answers: ErrorAnswers;
  readonly clock: { nowMs(): number; monotonicMs(): number };
}

/** Rewriting and applications may start a request over so often (LimitInternalRecursion's default). */
const defaultInternalRedirectsLimit = 10;

/** Where a phase sends the request. */
interface Restart {
  readonly uri: string;
  readonly query: string | undefined;
  /** It is still the same request, whose variables stay what they are (ap_internal_fast_redirect). */
  readonly isSame?: boolean;
}

export class RequestHandler {
  readonly #options: RequestHandlerOptions;
  /** Request ids: unlike those of any other child, and counting up within this one. */
  readonly #idPrefix = randomBytes(6).toString('base64url');
  #requests = 0;

  constructor(options: RequestHandlerOptions) {
    this.#options = options;
  }

  handle(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    connection: ClientConnection,
    expectsContinue: boolean,
  ): void {
    const { findServer, clock } = this.#options;
    const rawTarget = incoming.url ?? '';
    const method = incoming.method ?? '';
    const identity = identifyRequest(
      incoming,
      this.#options.limits,
      connection.secure === undefined ? 'http' : 'https',
    );
    const server = findServer(connection.localAddress, connection.localPort, identity.host?.name);
    const scope = server.scopeOf([]);
    const scheme = connection.secure === undefined ? server.scheme : 'https';
    const usesOwnName = server.useCanonicalName || identity.host === undefined;
    const context: RequestContext = {
      incoming,
      outgoing,
      sink: new HttpResponseSink(outgoing, server.serverHeader),
      connection,
      sendContinue: expectsContinue ? continuing(outgoing) : undefined,
      startedAtMs: clock.nowMs(),
      startedAtMonotonicMs: clock.monotonicMs(),
      bytesReadBefore: 0,
      bytesWrittenBefore: incoming.socket.bytesWritten,
      id: `${this.#idPrefix}${(++this.#requests).toString(36)}`,
      clientAddress: connection.remoteAddress,
      scheme,
      isSubrequest: false,
      notes: undefined,
      server,
      serverName: usesOwnName ? (server.name ?? connection.localAddress) : (identity.host?.name ?? ''),
      serverPort: effectivePort(server, usesOwnName ? undefined : identity.host?.port, connection, scheme),
      method,
      protocol: `HTTP/${incoming.httpVersion}`,
      rawTarget,
      uri: rawTarget,
      query: '',
      environment: undefined,
      user: undefined,
      authType: undefined,
      authorizedScope: undefined,
      scope,
      handler: undefined,
      filename: undefined,
      pathInfo: '',
      extraHeaders: [],
      rewritingEnded: false,
      targetHost: formatHost(identity.target?.host),
      failedStatus: undefined,
      redirectedType: undefined,
      redirects: 0,
      redirectInternally: (location, contentType) => this.#redirectInternally(context, location, contentType),
      serveErrorDocument: (status, target) => this.#serveErrorDocument(context, status, target),
    };
    context.sink.context = context;
    outgoing.once('close', () => this.#over(context));
    // A client that goes away while its answer is written is no error (the access log shows X).
    outgoing.on('error', () => {});
    this.#run(context, identity).catch((error: unknown) => this.#fail(context, error));
  }

  #over(context: RequestContext): void {
    const durationMs = this.#options.clock.monotonicMs() - context.startedAtMonotonicMs;
    const isComplete = context.outgoing.writableFinished && !context.sink.wasTruncated;
    this.#options.accessLogs.write(context, durationMs, isComplete);
  }

  #fail(context: RequestContext, error: unknown): void {
    if (error instanceof RequestError) {
      applyLocations(context);
      const level = error instanceof AccessFileError ? 'alert' : undefined;
      this.#options.answers.answer(context, error.status, error.message, level);
    } else {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#options.answers.answer(context, 500, `internal error: ${text}`, 'crit');
    }
  }

  async #run(context: RequestContext, identity: RequestIdentity): Promise<void> {
    const { target } = identity;
    if (target === undefined) throw identity.failure;
    if (context.connection.secure !== undefined) checkTlsHost(context, context.connection.secure);
    context.connection.bodyPace = context.server.bodyPace;
    if (context.server.remoteIp !== undefined) applyRemoteIp(context, context.server.remoteIp);
    context.query = target.query ?? '';
    const path = decodeTargetPath(target, context.server.targetRules);
    context.uri = path;
    // HTTP/1.0 knows no expectations (RFC 9110 section 10.1.1).
    const isHttp10 = context.incoming.httpVersionMinor === 0;
    if (context.incoming.headers.expect !== undefined && context.sendContinue === undefined && !isHttp10) {
      throw new RequestError(417, `unknown expectation '${context.incoming.headers.expect}'`);
    }
    if (path === '*') {
      this.#options.answers.answerEmpty(context, 200, []);
      return;
    }
    await this.#runPhases(context);
  }

  async #runPhases(context: RequestContext): Promise<void> {
    for (;;) {
      const restart = await this.#phases(context);
      if (restart === undefined) return;
      countRedirect(context);
      if (restart.isSame === true) {
        context.isSubrequest = true;
        context.handler = undefined;
      } else {
        renameEnvironment(context, 200);
        context.isSubrequest = false;
      }
      context.uri = restart.uri;
      context.query = restart.query ?? context.query;
    }
  }

  /** Goes through the phases again, by GET and without the body, which was the application's (ap_internal_redirect_handler). */
  #redirectInternally(context: RequestContext, location: string, contentType: string): void {
    try {
      countRedirect(context);
      renameEnvironment(context, 200);
      setVariable(context, 'REDIRECT_REQUEST_METHOD', context.method);
      // Applications write paths as they come: what has no place in a request line is no mistake here.
      const [, rawPath = '', query] = /^([^?#]*)(?:\?([^#]*))?/s.exec(location) ?? [];
      const target = { form: 'origin', rawTarget: location, rawPath, query, host: undefined } as const;
      context.uri = decodeTargetPath(target, context.server.targetRules);
      context.query = query ?? '';
    } catch (error) {
      this.#fail(context, error);
      return;
    }
    forgetBody(context.incoming);
    context.method = 'GET';
    context.redirectedType = contentType;
    context.connection.onBodyBroken = undefined;
    context.connection.responseTimeoutMs = undefined;
    this.#startOver(context);
  }

  #startOver(context: RequestContext): void {
    context.scope = context.server.scopeOf([]);
    context.handler = undefined;
    context.filename = undefined;
    context.pathInfo = '';
    this.#runPhases(context).catch((error: unknown) => this.#fail(context, error));
  }

  /** Goes through the phases again with the document's path, by GET whatever the method was (ap_die). */
  #serveErrorDocument(context: RequestContext, status: number, target: string): void {
    renameEnvironment(context, status);
    setVariable(context, 'REDIRECT_REQUEST_METHOD', context.method);
    if (endsConnection(status)) context.outgoing.shouldKeepAlive = false;
    const mark = target.indexOf('?');
    context.uri = mark < 0 ? target : target.slice(0, mark);
    context.query = mark < 0 ? '' : target.slice(mark + 1);
    context.failedStatus = status;
    context.method = 'GET';
    this.#startOver(context);
  }

  /** @returns where to start over, or undefined when the request has its answer, or a handler sees to it */
  async #phases(context: RequestContext): Promise<Restart | undefined> {
    const { server } = context;
    applyRules(context, server.environmentRules);
    const translation = this.#translate(context);
    if (translation === undefined) return undefined;
    const found = this.#locate(context, translation);
    const where = { urlPath: context.uri, directory: found?.folder, filename: found?.filename };
    const handler = translation.kind === 'script' ? 'wsgi-script' : context.handler;
    context.scope = chooseSections(server, where, this.#options.accessFiles, context, handler).scope;
    if (context.method === 'TRACE') {
      await answerTrace(context);
      return undefined;
    }
    applyRules(context, context.scope.environmentRules);
    const { authorization } = context.scope;
    if (authorization === undefined) this.#checkAccess(context);
    else {
      checkTlsRequired(context);
      if (!(await this.#options.authorizer.admit(context, authorization))) return undefined;
    }
    const restart = this.#fixUp(context);
    const { requestHeaderRules } = context.scope;
    if (requestHeaderRules !== undefined && restart !== 'answered') changeRequestHeader(context, requestHeaderRules);
    if (restart !== undefined) return restart === 'answered' ? undefined : restart;
    return await this.#answer(context, translation, found);
  }

  /** Undefined: answered already. */
  #translate(context: RequestContext): Translation | undefined {
    const { rewrite } = context.server;
    if (rewrite !== undefined && !context.rewritingEnded) {
      const url = environmentOf(context).get('REDIRECT_SCRIPT_URL') ?? context.uri;
      setVariable(context, 'SCRIPT_URL', url);
      setVariable(context, 'SCRIPT_URI', `${originOf(context)}${url}`);
      const outcome = rewriteForServer(rewrite.set, rewriteRequestOf(context), rewriteServices, rewrite.options);
      applyRewriteEffects(context, outcome);
      switch (outcome.kind) {
        case 'redirect':
          applyLocations(context);
          this.#options.answers.redirect(context, outcome.status, outcome.location);
          return undefined;
        case 'status':
          throw new RequestError(outcome.status, `RewriteRule answers ${outcome.status} for ${context.uri}`);
        case 'file': {
          context.query = outcome.query ?? context.query;
          const path = fromByteString(outcome.filename);
          const documents = context.server.documentRoot;
          const isDocument = documents !== undefined && path.startsWith(`${documents}/`);
          return { kind: 'file', path, root: isDocument ? documents : '/' };
        }
        case 'passthrough':
        case 'internal-redirect':
          context.uri = outcome.uri;
          context.query = outcome.query ?? context.query;
          break;
        case 'declined':
          break;
      }
    }
    const translation = translateUrl(context.server, context.uri);
    if (translation.kind !== 'redirect') return translation;
    applyLocations(context);
    this.#redirect(context, translation.status, translation.url);
    return undefined;
  }

  #redirect(context: RequestContext, status: number, url: string | undefined): void {
    if (url === undefined) throw new RequestError(status, `Redirect answers ${status} for ${context.uri}`);
    const query = context.query === '' || url.includes('?') ? '' : `?${context.query}`;
    this.#options.answers.redirect(context, status, `${url}${query}`);
  }

  /** Finds the file and PATH_INFO; undefined where the URL is mapped to nothing. */
  #locate(context: RequestContext, translation: Translation): FoundFile | undefined {
    const { files } = this.#options;
    if (translation.kind === 'script' && files.kindOf(translation.target) === 'file') {
      // The usual case: the alias names the script itself, and all that follows is PATH_INFO.
      const filename = translation.target;
      context.filename = filename;
      context.pathInfo = translation.rest;
      return {
        kind: 'file',
        filename,
        rest: translation.rest,
        folder: filename.slice(0, filename.lastIndexOf('/')) || '/',
      };
    }
    if (translation.kind === 'none' || translation.kind === 'redirect') return undefined;
    const path =
      translation.kind === 'script' ? translation.target + fromByteString(translation.rest) : translation.path;
    const found = files.find(path);
    context.filename = found.filename;
    context.pathInfo = toByteString(found.rest);
    return found;
  }

  #checkAccess(context: RequestContext): void {
    checkTlsRequired(context);
    if (context.authorizedScope !== undefined) {
      // The error document of a refusal: what the user was is REDIRECT_REMOTE_USER there.
      context.authorizedScope = undefined;
      context.user = undefined;
      context.authType = undefined;
    }
    const { connection, method } = context;
    const environment = environmentOf(context);
    const decision = decideAccess(context.scope.access, {
      remoteAddress: context.clientAddress,
      localAddress: connection.localAddress,
      method,
      environment: (name) => environment.get(name),
      subject: () => expressionSubjectOf(context),
    });
    if (!decision.allowed) throw new RequestError(403, accessDeniedMessage(context.filename ?? context.uri));
  }

  /** Apache's fixups: SetEnv, rules and redirects of sections. */
  #fixUp(context: RequestContext): Restart | 'answered' | undefined {
    const { environment, settings } = context.scope;
    // mod_rewrite comes first: its rules do not see what SetEnv sets, and its redirects go before those of Redirect.
    const outcome = this.#rewriteInDirectory(context);
    if (outcome?.kind === 'redirect') {
      this.#options.answers.redirect(context, outcome.status, outcome.location);
      return 'answered';
    }
    if (context.connection.secure !== undefined) setTlsVariables(context, context.connection.secure);
    if (environment !== undefined) {
      for (const name of environment.unset) setVariable(context, name, undefined);
      for (const [name, value] of environment.set) setVariable(context, name, toByteString(value));
    }
    const redirect = settings.find(redirectSettings.sectionRedirect);
    const found = redirect ?? findRedirect(settings.get(redirectSettings.sectionRedirects, []), context.uri);
    if (found !== undefined) {
      this.#redirect(context, found.status, found.url);
      return 'answered';
    }
    switch (outcome?.kind) {
      case 'internal-redirect':
      case 'passthrough':
        return { uri: outcome.uri, query: outcome.query };
      case 'file':
        context.query = outcome.query ?? context.query;
    }
    return undefined;
  }

  /** Undefined: no rule was tried. */
  #rewriteInDirectory(context: RequestContext): RewriteOutcome | undefined {
    const { options, rewrite } = context.scope;
    if (rewrite === undefined || context.rewritingEnded) return undefined;
    if (!options.has('FollowSymLinks') && !options.has('SymLinksIfOwnerMatch')) {
      const message =
        'Options FollowSymLinks and SymLinksIfOwnerMatch are both off, so the RewriteRule directive is also forbidden ' +
        'due to its similar ability to circumvent directory restrictions';
      throw new RequestError(403, `${message}: ${context.filename ?? context.uri}`);
    }
    const outcome = rewriteForDirectory(rewrite.set, rewriteRequestOf(context), rewriteServices, rewrite.options);
    applyRewriteEffects(context, outcome);
    if (outcome.kind === 'status') {
      throw new RequestError(outcome.status, `RewriteRule answers ${outcome.status} for ${context.uri}`);
    }
    return outcome;
  }

  async #answer(
    context: RequestContext,
    translation: Translation,
    found: FoundFile | undefined,
  ): Promise<Restart | undefined> {
    const { settings } = context.scope;
    const alias: WsgiScriptAlias | undefined = translation.kind === 'script' ? translation.alias : undefined;
    const handler = alias === undefined ? (context.handler ?? findHandler(settings, found)) : 'wsgi-script';
    context.handler = handler ?? 'default-handler';
    if (found !== undefined && lacksSlash(context, found)) {
      this.#options.answers.redirect(context, 301, withSlash(context));
      return undefined;
    }
    const index = alias === undefined ? findIndex(context, this.#options.files, found, handler) : undefined;
    if (index !== undefined) return { uri: index, query: undefined, isSame: true };
    const script = handler === undefined ? undefined : settings.find(wsgiSettings.handlerScripts)?.get(handler);
    if (script !== undefined) {
      this.#options.wsgi.handleByScript(context, script);
      return undefined;
    }
    if (found === undefined)
      throw new RequestError(404, `nothing is mapped to ${context.uri}: no Alias, WSGIScriptAlias or DocumentRoot`);
    if (handler === 'wsgi-script' || handler === 'application/x-httpd-wsgi') {
      this.#options.wsgi.handle(context, found, alias);
      return undefined;
    }
    if (handler !== undefined && handler !== 'default-handler') {
      throw new RequestError(500, `handler '${handler}' is not known, asked for ${found.filename}`);
    }
    const root = translation.kind === 'file' ? translation.root : found.filename;
    await handleStatic(context, found, root);
    return undefined;
  }
}

/** @throws RequestError where it has started over too often, which is a loop of the configuration or of applications */
function countRedirect(context: RequestContext): void {
  const limit = context.server.settings.get(requestSettings.internalRedirectsLimit, defaultInternalRedirectsLimit);
  context.redirects += 1;
  if (context.redirects <= limit) return;
  throw new RequestError(
    500,
    `Request exceeded the limit of ${limit} internal redirects due to probable configuration error; LimitInternalRecursion is the limit`,
  );
}

/** @throws RequestError */
function checkTlsRequired({ connection, filename, scope, uri }: RequestContext): void {
  if (scope.requiresTls && connection.secure === undefined) {
    throw new RequestError(403, `SSLRequireSSL: TLS is required for ${filename ?? uri}`);
  }
}

/**
 * Who waits for 100 Continue and gets another answer may send the body or not: nothing can follow on the connection then.
 * @returns what sends 100 Continue, after which the body is sure to come
 */
function continuing(outgoing: ServerResponse): () => void {
  const { shouldKeepAlive } = outgoing;
  outgoing.shouldKeepAlive = false;
  return () => {
    outgoing.writeContinue();
    outgoing.shouldKeepAlive = shouldKeepAlive;
  };
}

/** As Apache makes its own addresses: by the client's word, else by ServerName's, else the scheme's (ap_get_server_port). */
function effectivePort(
  server: CompiledServer,
  clientsPort: number | undefined,
  connection: ClientConnection,
  scheme: 'http' | 'https',
): number {
  if (clientsPort !== undefined) return clientsPort;
  if (server.usesPhysicalPort && !(server.useCanonicalName && server.port !== undefined)) return connection.localPort;
  return server.port ?? (scheme === 'https' ? 443 : 80);
}

function formatHost(host: RequestIdentity['host']): string | undefined {
  if (host === undefined) return undefined;
  const name = host.name.includes(':') ? `[${host.name}]` : host.name;
  return host.port === undefined ? name : `${name}:${host.port}`;
}

/** Apache knows the Location sections before it translates the URL: their ErrorDocument and Header lines count then. */
function applyLocations(context: RequestContext): void {
  const { scope, server, uri } = context;
  if (scope !== server.scopeOf([]) || !uri.startsWith('/')) return;
  const where = { urlPath: uri, directory: undefined, filename: undefined };
  context.scope = server.scopeOf(matchSections(server.scope, where));
}

function applyRules(context: RequestContext, rules: readonly SetEnvIfRule[]): void {
  if (rules.length === 0) return;
  context.environment ??= new Map();
  const { connection, incoming } = context;
  const headers = Object.entries(incoming.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')] as const,
  );
  applySetEnvIf(
    rules,
    {
      clientAddress: context.clientAddress,
      serverAddress: connection.localAddress,
      method: context.method,
      protocol: context.protocol,
      path: context.uri,
      headers,
      expressionSubject: () => expressionSubjectOf(context),
    },
    context.environment,
  );
}
