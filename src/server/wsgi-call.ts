/**
 * One request for an application: what its URL and the configuration say of it, and what its exchange with a process
 * tells. WsgiHandler makes them.
 */

import type { IndexedSet } from '../base/indexed-set.js';
import type { RequestBody } from '../http/client-request.js';
import type { ResponseSink } from '../http/response-sink.js';
import type { ExpansionFacts } from '../wsgi/expansion.js';
import type { ProcessGroup } from '../wsgi/process-group.js';
import type { WsgiHandlerScript, WsgiScriptAlias } from '../wsgi/settings.js';
import type { WsgiExchange, WsgiExchangeOptions } from '../wsgi/wsgi-exchange.js';
import type { ErrorAnswers } from './error-answers.js';
import { environmentOf, type RequestContext } from './request-context.js';
import type { RequestEncoder } from './request-encoder.js';

/** What all calls of an http child have in common. */
export interface CallServices {
  readonly answers: ErrorAnswers;
  readonly encoder: RequestEncoder;
  /** Those that have no answer yet. */
  readonly exchanges: IndexedSet<WsgiExchange>;
  /** WSGICaseSensitivity. */
  readonly caseSensitive: boolean;
}

/** Where a call runs. */
export interface CallTarget {
  readonly processes: ProcessGroup;
  /** A byte string. */
  readonly applicationGroup: string;
  readonly callable: string;
  /** 0: Timeout. */
  readonly socketTimeoutSeconds: number;
}

export class WsgiCall implements WsgiExchangeOptions {
  readonly context: RequestContext;
  /** The line that says more about where it runs than the scope does. */
  readonly place: WsgiScriptAlias | WsgiHandlerScript | undefined;
  /** The script to run. */
  readonly script: string;
  /** It again where it is a handler script, else ''. */
  readonly handlerScript: string;
  readonly scriptName: string;
  readonly body: RequestBody | undefined;
  readonly facts: ExpansionFacts;
  readonly #services: CallServices;
  #target: CallTarget | undefined;

  constructor(
    services: CallServices,
    context: RequestContext,
    place: WsgiCall['place'],
    script: string,
    handlerScript: string,
    body: RequestBody | undefined,
  ) {
    this.#services = services;
    this.context = context;
    this.place = place;
    this.script = script;
    this.handlerScript = handlerScript;
    this.scriptName = collapseSlashes(context.uri.slice(0, context.uri.length - context.pathInfo.length));
    this.body = body;
    this.facts = new CallNames(context, this.scriptName, services.caseSensitive);
    this.#target = undefined;
  }

  /** Said before the exchange is made. */
  runAt(target: CallTarget): void {
    this.#target = target;
  }

  get target(): CallTarget {
    return this.#target as CallTarget;
  }

  // WsgiExchangeOptions

  get group(): ProcessGroup {
    return this.target.processes;
  }

  get applicationGroup(): string {
    return this.target.applicationGroup;
  }

  get sink(): ResponseSink {
    return this.context.sink;
  }

  get request(): RequestContext {
    return this.context;
  }

  get bodyBytesLimit(): number {
    return this.context.scope.bodyBytesLimit;
  }

  get sendContinue(): (() => void) | undefined {
    return this.context.sendContinue;
  }

  get extraHeaders(): readonly string[] {
    return this.context.extraHeaders;
  }

  get overridesErrors(): boolean {
    return this.context.scope.overridesErrors;
  }

  get daemonTimeoutSeconds(): number {
    return this.target.socketTimeoutSeconds || this.context.server.timeoutSeconds;
  }

  get clientTimeoutSeconds(): number {
    return this.context.server.timeoutSeconds;
  }

  encode(mayReload: boolean): Buffer {
    return this.#services.encoder.encode(this, this.target.callable, mayReload);
  }

  onLocalRedirect(location: string, contentType: string): void {
    const { context } = this;
    context.worker = undefined;
    context.restarts.redirectInternally(context, location, contentType);
  }

  onFailed(status: number, reason: string | undefined): void {
    this.#services.answers.answer(this.context, status, reason);
  }

  report(level: 'info' | 'error', message: string): void {
    this.#services.answers.log(this.context, level, message);
  }

  onDone(exchange: WsgiExchange): void {
    this.#services.exchanges.delete(exchange);
  }
}

/** What the names of groups and callables may be made of. Most are not: so nothing is looked up before it is asked for. */
class CallNames implements ExpansionFacts {
  readonly #context: RequestContext;
  readonly scriptName: string;
  readonly caseSensitive: boolean;

  constructor(context: RequestContext, scriptName: string, caseSensitive: boolean) {
    this.#context = context;
    this.scriptName = scriptName;
    this.caseSensitive = caseSensitive;
  }

  get serverName(): string {
    return this.#context.server.name ?? this.#context.serverName;
  }

  get port(): number {
    return this.#context.serverPort;
  }

  get host(): string {
    return this.#context.serverName;
  }

  findVariable(name: string): string | undefined {
    return environmentOf(this.#context).get(name) ?? process.env[name];
  }
}

export function collapseSlashes(path: string): string {
  return path.includes('//') ? path.replace(/\/{2,}/g, '/') : path;
}
