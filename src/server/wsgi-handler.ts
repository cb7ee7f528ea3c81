/**
 * The handler of WSGI scripts: mod_wsgi's checks in their order (reference 4.1 and 4.2), the process group, and the
 * exchange with it.
 */

import type { IncomingMessage } from 'node:http';
import { toByteString } from '../base/byte-string.js';
import { RequestError } from '../base/errors.js';
import type { ServerScope } from '../conf/config.js';
import { MarshalWriter } from '../wire/marshal.js';
import { frameHeaderBytes } from '../wire/protocol.js';
import { type EnvironFacts, type RequestFacts, writeRequest } from '../wsgi/environ.js';
import {
  type ExpansionFacts,
  effectiveApplicationGroup,
  effectiveCallable,
  effectiveProcessGroup,
  isProcessGroupAllowed,
} from '../wsgi/expansion.js';
import { type GroupCatalog, groupAccess } from '../wsgi/group-catalog.js';
import type { ProcessGroup } from '../wsgi/process-group.js';
import { pythonSettings, type WsgiScriptAlias, wsgiSettings } from '../wsgi/settings.js';
import { applyProxyHeaders } from '../wsgi/trusted-proxies.js';
import { WsgiExchange } from '../wsgi/wsgi-exchange.js';
import { serverSettings } from './core-server-directives.js';
import type { ErrorAnswers } from './error-answers.js';
import type { FoundFile } from './file-lookup.js';
import { environmentOf, type RequestContext } from './request-context.js';

export interface WsgiHandlerOptions {
  readonly groups: ReadonlyMap<string, ProcessGroup>;
  readonly catalog: GroupCatalog;
  readonly answers: ErrorAnswers;
  readonly mainScope: ServerScope;
  readonly nowMs: () => number;
}

const pid = String(process.pid);

export class WsgiHandler {
  readonly #options: WsgiHandlerOptions;
  readonly #caseSensitive: boolean;
  readonly #writer = new MarshalWriter();
  readonly #exchanges = new Set<WsgiExchange>();

  constructor(options: WsgiHandlerOptions) {
    this.#options = options;
    this.#caseSensitive = options.mainScope.settings.get(pythonSettings.caseSensitivity, true);
  }

  /** Requests that have no answer yet. */
  get openRequests(): number {
    return this.#exchanges.size;
  }

  /** One second went by: silent clients and processes are given up. */
  tick(): void {
    for (const exchange of this.#exchanges) exchange.tick();
    for (const group of this.#options.groups.values()) group.sweep();
  }

  /** @throws RequestError with nothing sent */
  handle(context: RequestContext, found: FoundFile, alias: WsgiScriptAlias | undefined): void {
    const { scope } = context;
    checkScript(context, found, alias);
    const body = this.#checkBody(context);
    const scriptName = collapseSlashes(context.uri.slice(0, context.uri.length - context.pathInfo.length));
    const facts = this.#expansionFacts(context, scriptName);
    const group = this.#findGroup(context, effectiveProcessGroup(scope.settings, alias, facts));
    this.#checkApplicationGroup(context, alias, facts);
    const callable = effectiveCallable(scope.settings, alias, facts);
    const exchange = new WsgiExchange({
      group: group.processes,
      sink: context.sink,
      encode: () => this.#encode(context, alias, scriptName, callable),
      body,
      bodyBytesLimit: scope.bodyBytesLimit,
      sendContinue: context.sendContinue,
      daemonTimeoutSeconds: group.socketTimeoutSeconds || context.server.timeoutSeconds,
      clientTimeoutSeconds: context.server.timeoutSeconds,
      extraHeaders: context.extraHeaders,
      overridesErrors: scope.overridesErrors,
      onFailed: (status, reason) => {
        this.#options.answers.answer(context, status, reason);
      },
      report: (level, message) => this.#options.answers.log(context, level, message),
      onDone: (done) => this.#exchanges.delete(done),
    });
    this.#exchanges.add(exchange);
    if (body !== undefined) context.connection.onBodyBroken = (reason) => exchange.bodyBroken(reason);
    context.outgoing.once('close', () => exchange.clientLeft());
    exchange.start();
  }

  #checkBody(context: RequestContext): IncomingMessage | undefined {
    const { incoming, scope } = context;
    // An error document is asked for by GET, whatever came with the request that failed.
    if (context.failedStatus !== undefined) return undefined;
    const coding = incoming.headers['transfer-encoding'];
    if (coding !== undefined) {
      if (coding.toLowerCase() !== 'chunked') throw new RequestError(501, `unknown transfer coding '${coding}'`);
      if (!scope.chunkedRequest) {
        throw new RequestError(411, `chunked request body, and WSGIChunkedRequest is off: ${context.filename}`);
      }
      return incoming;
    }
    const length = incoming.headers['content-length'];
    if (length === undefined || length === '0') return undefined;
    if (scope.bodyBytesLimit > 0 && Number(length) > scope.bodyBytesLimit) {
      throw new RequestError(
        413,
        `Requested content-length of ${length} is larger than the configured limit of ${scope.bodyBytesLimit}`,
      );
    }
    return incoming;
  }

  #findGroup(context: RequestContext, name: string): { processes: ProcessGroup; socketTimeoutSeconds: number } {
    const { catalog, groups } = this.#options;
    if (!isProcessGroupAllowed(context.scope.settings, name)) {
      throw new RequestError(500, `daemon process group '${name}' is not allowed here by WSGIRestrictProcess`);
    }
    if (name === '')
      throw new RequestError(
        500,
        `embedded mode is not supported by this build: set WSGIProcessGroup for ${context.filename}`,
      );
    const access = groupAccess(catalog, name, context.server.scope, serverNameOf);
    const processes = groups.get(name);
    const definition = catalog.groups.get(name)?.group;
    if (access === 'unknown' || processes === undefined || definition === undefined) {
      throw new RequestError(500, `No WSGI daemon process called '${name}' has been configured.`);
    }
    if (access !== 'accessible') {
      throw new RequestError(
        500,
        `The WSGI daemon process called '${name}' cannot be accessed by this WSGI application.`,
      );
    }
    return { processes, socketTimeoutSeconds: definition.socketTimeoutSeconds };
  }

  /** Only the main interpreter so far. What is written down is checked at start; variables are seen here. */
  #checkApplicationGroup(context: RequestContext, alias: WsgiScriptAlias | undefined, facts: ExpansionFacts): void {
    if (
      alias?.applicationGroup === undefined &&
      context.scope.settings.find(wsgiSettings.applicationGroup) === undefined
    )
      return;
    const name = effectiveApplicationGroup(context.scope.settings, alias, facts);
    if (name !== '') {
      throw new RequestError(500, `application group '${name}': this build runs applications in %{GLOBAL} only`);
    }
  }

  #expansionFacts(context: RequestContext, scriptName: string): ExpansionFacts {
    const environment = environmentOf(context);
    return {
      serverName: context.server.name ?? context.serverName,
      port: context.serverPort,
      host: context.serverName,
      scriptName,
      caseSensitive: this.#caseSensitive,
      findVariable: (name) => environment.get(name) ?? process.env[name],
    };
  }

  #encode(context: RequestContext, alias: WsgiScriptAlias | undefined, scriptName: string, callable: string): Buffer {
    const { connection, scope, server } = context;
    const { proxyRules } = scope;
    const filename = context.filename ?? '';
    const environ: EnvironFacts = {
      method: context.method === 'HEAD' && scope.mapsHeadToGet ? 'GET' : context.method,
      rawTarget: context.rawTarget,
      query: context.query,
      scriptName: scriptName === '/' ? '' : scriptName,
      pathInfo: collapseSlashes(context.pathInfo),
      protocol: context.protocol,
      scheme: 'http',
      rawHeaders: context.incoming.rawHeaders,
      serverName: context.serverName,
      serverPort: context.serverPort,
      localAddress: connection.localAddress,
      localPort: connection.localPort,
      listenerHost: connection.listenerHost ?? '',
      remoteAddress: connection.remoteAddress,
      remotePort: connection.remotePort,
      serverSoftware: server.serverHeader,
      serverAdmin: server.admin,
      documentRoot: toByteString(server.documentRoot ?? '/'),
      scriptFilename: toByteString(filename),
      targetHost: context.targetHost,
      proxy: proxyRules && applyProxyHeaders(proxyRules, context.incoming.rawHeaders, connection.remoteAddress),
      user: undefined,
      authType: undefined,
      passAuthorization: alias?.passAuthorization ?? scope.passAuthorization,
      environment: environmentOf(context),
      requestId: context.id,
      connectionId: String(connection.id),
      serverPid: pid,
    };
    const facts: RequestFacts = {
      script: filename,
      callable,
      scriptReloading: scope.scriptReloading,
      ignoreActivity: scope.ignoreActivity,
      requestStart: context.startedAtMs / 1000,
      queueStart: this.#options.nowMs() / 1000,
    };
    this.#writer.reset(frameHeaderBytes);
    writeRequest(this.#writer, environ, facts);
    return this.#writer.bytes();
  }
}

export function serverNameOf(scope: ServerScope): string | undefined {
  return scope.settings.find(serverSettings.serverName)?.host;
}

/** @throws RequestError */
function checkScript(context: RequestContext, found: FoundFile, alias: WsgiScriptAlias | undefined): void {
  const file = found.filename;
  if (alias === undefined && !context.scope.options.has('ExecCGI')) {
    throw new RequestError(403, `Options ExecCGI is off in this directory: ${file}`);
  }
  if (found.kind === 'missing')
    throw new RequestError(404, `Target WSGI script not found or unable to stat: ${file}${found.rest}`);
  if (found.kind === 'denied') {
    throw new RequestError(403, `access to ${file} denied: search permissions are missing on a component of the path`);
  }
  if (found.kind === 'directory')
    throw new RequestError(403, `Attempt to invoke directory as WSGI application: ${file}`);
  if (context.scope.acceptsPathInfo === false && context.pathInfo !== '') {
    throw new RequestError(404, `AcceptPathInfo off disallows user's path: ${file}`);
  }
}

function collapseSlashes(path: string): string {
  return path.includes('//') ? path.replace(/\/{2,}/g, '/') : path;
}
