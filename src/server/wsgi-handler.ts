/**
 * The handler of WSGI scripts: mod_wsgi's checks in their order (reference 4.1 and 4.2), the dispatch script, the process
 * group, and the exchange with it.
 */

import { fromByteString } from '../base/byte-string.js';
import { RequestError } from '../base/errors.js';
import { IndexedSet } from '../base/indexed-set.js';
import type { ServerScope } from '../conf/config.js';
import type { RequestBody } from '../http/client-request.js';
import { applicationGroupBytesLimit } from '../wire/protocol.js';
import {
  effectiveApplicationGroup,
  effectiveCallable,
  effectiveProcessGroup,
  expandCallable,
  expandGroupToken,
  GLOBAL_GROUP,
  isProcessGroupAllowed,
  scriptApplicationGroup,
} from '../wsgi/expansion.js';
import { type GroupCatalog, groupAccess, scriptsGroup } from '../wsgi/group-catalog.js';
import type { ProcessGroup } from '../wsgi/process-group.js';
import { type ScriptOwner, ScriptOwnership } from '../wsgi/script-ownership.js';
import {
  pythonSettings,
  type WsgiDispatchScript,
  type WsgiHandlerScript,
  type WsgiScriptAlias,
} from '../wsgi/settings.js';
import { WsgiExchange } from '../wsgi/wsgi-exchange.js';
import { serverSettings } from './core-server-directives.js';
import type { EmbeddedMode } from './embedded-mode.js';
import type { ErrorAnswers } from './error-answers.js';
import type { FoundFile } from './file-lookup.js';
import type { RequestContext } from './request-context.js';
import { environFactsOf, RequestEncoder } from './request-encoder.js';
import { findScriptOwner } from './script-owner.js';
import { type ScriptAnswer, ScriptQuestion } from './script-question.js';
import { type CallServices, WsgiCall } from './wsgi-call.js';

/** What a dispatch script's functions have returned, tokens not yet expanded. Undefined: the configuration decides. */
interface DispatchedRoute {
  readonly processGroup: string | undefined;
  readonly applicationGroup: string | undefined;
  readonly callable: string | undefined;
}

export interface WsgiHandlerOptions {
  readonly groups: ReadonlyMap<string, ProcessGroup>;
  readonly embedded: Pick<EmbeddedMode, 'provide'>;
  readonly catalog: GroupCatalog;
  readonly answers: ErrorAnswers;
  readonly mainScope: ServerScope;
  readonly nowMs: () => number;
}

export class WsgiHandler {
  readonly #options: WsgiHandlerOptions;
  readonly #exchanges = new IndexedSet<WsgiExchange>();
  readonly #calls: CallServices;
  readonly #dispatches = new Set<ScriptQuestion>();
  readonly #ownership: ScriptOwnership;
  /** By process group, where it has script-user or script-group. */
  readonly #owners = new Map<string, ScriptOwner>();

  constructor(options: WsgiHandlerOptions) {
    this.#options = options;
    this.#ownership = new ScriptOwnership(options.nowMs);
    for (const [name, { group }] of options.catalog.groups) {
      const owner = findScriptOwner(group);
      if (owner !== undefined) this.#owners.set(name, owner);
    }
    this.#calls = {
      answers: options.answers,
      encoder: new RequestEncoder(options.nowMs),
      exchanges: this.#exchanges,
      caseSensitive: options.mainScope.settings.get(pythonSettings.caseSensitivity, true),
    };
  }

  /** Requests that have no answer yet. */
  get openRequests(): number {
    return this.#exchanges.size + this.#dispatches.size;
  }

  /** One second went by: silent clients and processes are given up. */
  tick(): void {
    this.#exchanges.visit((exchange) => exchange.tick());
    for (const dispatch of this.#dispatches) dispatch.tick();
    for (const group of this.#options.groups.values()) group.sweep();
  }

  /** @throws RequestError with nothing sent */
  handle(context: RequestContext, found: FoundFile, alias: WsgiScriptAlias | undefined): void {
    checkScript(context, found, alias);
    checkPathInfo(context);
    this.#begin(context, alias, context.filename ?? '', '');
  }

  /** Has a handler script answer: the file that was asked for need not be there. @throws RequestError with nothing sent */
  handleByScript(context: RequestContext, handler: WsgiHandlerScript): void {
    checkPathInfo(context);
    this.#begin(context, handler, handler.path, handler.path);
  }

  #begin(context: RequestContext, place: WsgiCall['place'], script: string, handlerScript: string): void {
    const call = new WsgiCall(this.#calls, context, place, script, handlerScript, this.#checkBody(context));
    const dispatch = context.scope.dispatchScript;
    if (dispatch === undefined) this.#run(call, undefined);
    else if (context.trace === undefined) this.#dispatch(call, dispatch);
    else {
      this.#findDispatcher(dispatch);
      const assumed = 'nothing: the configuration decides where the request runs';
      context.trace.wouldAsk({ script: dispatch, directive: 'WSGIDispatchScript', assumed });
      this.#run(call, undefined);
    }
  }

  /** @throws RequestError */
  #findDispatcher({ path }: WsgiDispatchScript): ProcessGroup {
    const group = this.#options.groups.get(scriptsGroup);
    if (group === undefined) throw new RequestError(500, `there is no process for WSGI dispatch script '${path}'`);
    return group;
  }

  /** Asks the dispatch script and then goes on. */
  #dispatch(call: WsgiCall, script: WsgiDispatchScript): void {
    const { context, facts, place } = call;
    const { answers } = this.#options;
    const { applicationGroup, path } = script;
    const group = this.#findDispatcher(script);
    const callable = effectiveCallable(context.scope.settings, place, facts);
    const dispatch = new ScriptQuestion({
      group,
      applicationGroup: scriptApplicationGroup(applicationGroup, facts),
      description: `WSGI dispatch script '${path}'`,
      encode: () => this.#calls.encoder.encodeDispatch(call, path, callable),
      timeoutSeconds: context.server.timeoutSeconds,
      onAnswer: (answer) => {
        try {
          this.#run(call, routeOf(answer));
        } catch (error) {
          if (error instanceof RequestError) answers.answer(context, error.status, error.message);
          else answers.answer(context, 500, `internal error: ${String(error)}`, 'crit');
        }
      },
      onFailed: (status, reason) => answers.answer(context, status, reason),
      onDone: (done) => {
        this.#dispatches.delete(done);
        context.worker = undefined;
        context.connection.onBodyBroken = undefined;
      },
    });
    this.#dispatches.add(dispatch);
    context.worker = dispatch;
    if (call.body !== undefined) {
      context.connection.onBodyBroken = (reason, status = 400) => {
        dispatch.abandon();
        answers.answer(context, status, status === 400 ? `request body is malformed: ${reason}` : reason);
      };
    }
    dispatch.start();
  }

  /** @throws RequestError with nothing sent */
  #run(call: WsgiCall, route: DispatchedRoute | undefined): void {
    const { body, context, facts, place } = call;
    const { scope } = context;
    const name =
      route?.processGroup === undefined
        ? effectiveProcessGroup(scope.settings, place, facts)
        : expandGroupToken(fromByteString(route.processGroup), facts);
    const group = this.#findGroup(context, name);
    this.#checkOwner(name, call.script);
    context.processGroup = name;
    const callable =
      route?.callable === undefined
        ? effectiveCallable(scope.settings, place, facts)
        : expandCallable(fromByteString(route.callable), facts);
    const applicationGroup = findApplicationGroup(call, route?.applicationGroup);
    if (context.trace !== undefined) {
      const environ = environFactsOf(call);
      context.trace.wouldRun({ environ, place, script: call.script, callable, processGroup: name, applicationGroup });
      return;
    }
    const { processes, socketTimeoutSeconds } = group;
    call.runAt({ processes, applicationGroup, callable, socketTimeoutSeconds });
    const exchange = new WsgiExchange(call);
    this.#exchanges.add(exchange);
    if (body !== undefined) context.connection.onBodyBroken = (reason, status) => exchange.bodyBroken(reason, status);
    context.connection.responseTimeoutMs = exchange.responseTimeoutSeconds * 1000;
    context.worker = exchange;
    exchange.start();
  }

  #checkBody(context: RequestContext): RequestBody | undefined {
    const { incoming, scope } = context;
    // An error document is asked for by GET, whatever came with the request that failed.
    if (context.failedStatus !== undefined || context.redirectedType !== undefined) return undefined;
    const coding = incoming.header('transfer-encoding');
    if (coding !== undefined) {
      if (coding.toLowerCase() !== 'chunked') throw new RequestError(501, `unknown transfer coding '${coding}'`);
      if (!scope.chunkedRequest) {
        throw new RequestError(411, `chunked request body, and WSGIChunkedRequest is off: ${context.filename}`);
      }
      return incoming;
    }
    const length = incoming.header('content-length');
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
    const { catalog, embedded, groups } = this.#options;
    if (!isProcessGroupAllowed(context.scope.settings, name)) {
      throw new RequestError(500, `daemon process group '${name}' is not allowed here by WSGIRestrictProcess`);
    }
    const processes = groups.get(name);
    if (name === GLOBAL_GROUP && processes !== undefined) {
      embedded.provide(processes, context.filename ?? '');
      // Nothing bounds an application there in mod_wsgi; a client that has waited enough leaves.
      return { processes, socketTimeoutSeconds: Number.POSITIVE_INFINITY };
    }
    const access = groupAccess(catalog, name, context.server.scope, serverNameOf);
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
    if (definition.threads === 0) {
      // mod_wsgi lets the request wait for its socket timeout, and then answers 504.
      throw new RequestError(
        503,
        `daemon process group '${name}' has no request threads (threads=0): its processes run import scripts only`,
      );
    }
    return { processes, socketTimeoutSeconds: definition.socketTimeoutSeconds };
  }

  #checkOwner(group: string, script: string): void {
    const owner = this.#owners.get(group);
    if (owner === undefined) return;
    const objection = this.#ownership.findObjection(script, owner);
    if (objection !== undefined) throw new RequestError(403, objection);
  }
}

function routeOf(answer: ScriptAnswer): DispatchedRoute {
  const names = new Map(answer);
  return {
    processGroup: names.get('process-group'),
    applicationGroup: names.get('application-group'),
    callable: names.get('callable-object'),
  };
}

/** As a byte string. @throws RequestError */
function findApplicationGroup({ context, facts, place }: WsgiCall, dispatched: string | undefined): string {
  const name =
    dispatched === undefined
      ? effectiveApplicationGroup(context.scope.settings, place, facts)
      : expandGroupToken(dispatched, facts);
  if (name.length <= applicationGroupBytesLimit) return name;
  throw new RequestError(500, `name of the application group is longer than ${applicationGroupBytesLimit} bytes`);
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
}

/** @throws RequestError */
function checkPathInfo({ filename, pathInfo, scope }: RequestContext): void {
  if (scope.acceptsPathInfo === false && pathInfo !== '') {
    throw new RequestError(404, `AcceptPathInfo off disallows user's path: ${filename ?? ''}`);
  }
}
