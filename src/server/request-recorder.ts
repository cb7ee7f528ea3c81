/** Takes down what becomes of one request that is explained; the explainer makes an Explanation of it. */

import { fromByteString } from '../base/byte-string.js';
import type { AppliedSection } from '../conf/config.js';
import type { RewriteOutcome } from '../http/rewrite/rewrite-outcome.js';
import type { WsgiScriptAlias } from '../wsgi/settings.js';
import type { CompiledScope } from './compiled-server.js';
import type { PassReason } from './explanation.js';
import type { FoundFile } from './file-lookup.js';
import type { SectionRedirect } from './redirect-directives.js';
import type { RequestContext } from './request-context.js';
import type { RequestTrace, RestartReason, TracedApplication, TracedQuestion } from './request-trace.js';
import type { Translation } from './url-translation.js';

/** One way through the phases, as far as it went. */
export interface RecordedPass {
  readonly because: PassReason;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly rewriting: { readonly where: string; readonly outcome: RewriteOutcome }[];
  readonly conditions: { readonly section: AppliedSection; readonly holds: boolean }[];
  translation: Translation | undefined;
  found: FoundFile | undefined;
  sections: readonly AppliedSection[];
  /** Of the request when the pass had chosen its sections. */
  scope: CompiledScope;
  access: 'granted' | 'refused' | 'not asked';
  user: string | undefined;
  redirect: SectionRedirect | undefined;
  handler:
    | { readonly name: string; readonly alias: WsgiScriptAlias | undefined; readonly isForced: boolean }
    | undefined;
  failure: { readonly status: number; readonly message: string | undefined } | undefined;
}

export class RequestRecorder implements RequestTrace {
  readonly passes: RecordedPass[] = [];
  readonly questions: TracedQuestion[] = [];
  readonly log: { readonly level: string; readonly message: string }[] = [];
  context: RequestContext | undefined;
  host: string | undefined;
  application: TracedApplication | undefined;
  /** Of a request that failed before the first phase. */
  failure: RecordedPass['failure'];
  #reason: PassReason = 'request';
  readonly #settle: () => void;

  /** `settle`: nothing more is to come. */
  constructor(settle: () => void) {
    this.#settle = settle;
  }

  arrived(context: RequestContext, host: string | undefined): void {
    this.context = context;
    this.host = host;
  }

  begins(context: RequestContext): void {
    this.passes.push({
      because: this.#reason,
      method: context.method,
      path: fromByteString(context.uri),
      query: fromByteString(context.query),
      rewriting: [],
      conditions: [],
      translation: undefined,
      found: undefined,
      sections: [],
      scope: context.scope,
      access: 'not asked',
      user: undefined,
      redirect: undefined,
      handler: undefined,
      failure: undefined,
    });
  }

  startsOver(reason: RestartReason): void {
    this.#reason = reason;
  }

  rewrote(where: string, outcome: RewriteOutcome): void {
    this.#pass?.rewriting.push({ where, outcome });
  }

  translated(translation: Translation): void {
    if (this.#pass !== undefined) this.#pass.translation = translation;
  }

  triedSection(section: AppliedSection, holds: boolean): void {
    this.#pass?.conditions.push({ section, holds });
  }

  choseSections(sections: readonly AppliedSection[], found?: FoundFile): void {
    const pass = this.#pass;
    if (pass === undefined || this.context === undefined) return;
    pass.sections = sections;
    pass.scope = this.context.scope;
    pass.found = found;
  }

  checksAccess(): void {
    if (this.#pass !== undefined) this.#pass.access = 'refused';
  }

  admitted({ user }: RequestContext): void {
    if (this.#pass === undefined) return;
    this.#pass.access = 'granted';
    this.#pass.user = user;
  }

  redirectedBySection(redirect: SectionRedirect): void {
    if (this.#pass !== undefined) this.#pass.redirect = redirect;
  }

  choseHandler(context: RequestContext, name: string, alias: WsgiScriptAlias | undefined): void {
    if (this.#pass === undefined) return;
    this.#pass.handler = { name, alias, isForced: alias === undefined && context.handler !== undefined };
  }

  wouldAsk(question: TracedQuestion): void {
    this.questions.push(question);
  }

  wouldRun(application: TracedApplication): void {
    this.application = application;
    this.#settle();
  }

  failed(status: number, message: string | undefined): void {
    const failure = { status, message };
    if (this.#pass === undefined) this.failure ??= failure;
    else this.#pass.failure ??= failure;
  }

  logged(level: string, message: string): void {
    this.log.push({ level, message });
  }

  ended(): void {
    this.#settle();
  }

  get #pass(): RecordedPass | undefined {
    return this.passes.at(-1);
  }
}
