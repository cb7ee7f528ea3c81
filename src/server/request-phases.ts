/**
 * Apache's phases in their order: from URL to file, sections, access, fixups, content. What a request goes through, and
 * what `explain` goes through, which is the same with a trace in the context.
 *
 *   URL ─▶ file ─▶ sections ─▶ access ─▶ fixups ─▶ content
 *    ▲                           │          │          │
 *    └───────── startOver ───────│──────────┴──────────┘
 *                                └─▶ answered
 *
 * Nothing is waited for but users and scripts that are asked about access, long files that are sent, and file systems that
 * may hang: all other requests are with their handler when `run` returns.
 */

import type { AccessFiles } from './access-files.js';
import { checkAccess, checkTlsRequired } from './access-phase.js';
import type { AuthorizationPlan } from './auth-directives.js';
import type { Authorizer } from './authorizer.js';
import { type ContentServices, serveContent } from './content-phase.js';
import { whenFilesReady } from './file-calls.js';
import type { FoundFile } from './file-lookup.js';
import { fixUp } from './fixup-phase.js';
import type { RequestContext } from './request-context.js';
import { type Restart, startOver } from './request-restarts.js';
import { type ChosenSections, chooseSections } from './section-choice.js';
import { applyEnvironmentRules } from './set-env-if-requests.js';
import { answerTrace } from './trace-answer.js';
import { locate, translate } from './url-phase.js';
import type { Translation } from './url-translation.js';

export interface PhaseServices extends ContentServices {
  readonly accessFiles: AccessFiles;
  readonly authorizer: Authorizer;
}

interface Located extends ChosenSections {
  readonly found: FoundFile | undefined;
}

export class RequestPhases {
  readonly #services: PhaseServices;

  constructor(services: PhaseServices) {
    this.#services = services;
  }

  /**
   * Until the request has its answer or a handler sees to it.
   * @returns a promise where that takes time
   * @throws RequestError with nothing sent; so does the promise
   */
  run(context: RequestContext): Promise<void> | undefined {
    for (;;) {
      const next = this.#pass(context);
      if (next === undefined) return undefined;
      if (next instanceof Promise) return this.#resume(context, next);
      startOver(context, next);
    }
  }

  async #resume(context: RequestContext, pending: Promise<Restart | undefined>): Promise<void> {
    const next = await pending;
    if (next === undefined) return;
    startOver(context, next);
    await this.run(context);
  }

  /** @returns where to start over, or undefined when the request has its answer, or a handler sees to it */
  #pass(context: RequestContext): Restart | undefined | Promise<Restart | undefined> {
    const { server } = context;
    context.trace?.begins(context);
    applyEnvironmentRules(context, server.environmentRules);
    const translation = translate(context, this.#services.answers);
    if (translation === undefined) return undefined;
    const located = whenFilesReady(() => this.#locate(context, translation));
    return located instanceof Promise
      ? located.then((one) => this.#admit(context, translation, one))
      : this.#admit(context, translation, located);
  }

  /** @throws FilesPending where the file system takes its time */
  #locate(context: RequestContext, translation: Translation): Located {
    const { accessFiles, files } = this.#services;
    const found = locate(context, translation, files);
    const where = { urlPath: context.uri, directory: found?.folder, filename: found?.filename };
    const handler = translation.kind === 'script' ? 'wsgi-script' : context.handler;
    return { found, ...chooseSections(context.server, where, accessFiles, context, handler) };
  }

  #admit(
    context: RequestContext,
    translation: Translation,
    { found, scope, sections }: Located,
  ): Restart | undefined | Promise<Restart | undefined> {
    context.scope = scope;
    context.trace?.choseSections(sections, found);
    if (context.method === 'TRACE') return answerTrace(context);
    applyEnvironmentRules(context, scope.environmentRules);
    context.trace?.checksAccess(context);
    if (scope.authorization !== undefined) return this.#authorize(context, scope.authorization, translation, found);
    checkAccess(context);
    return this.#serve(context, translation, found);
  }

  async #authorize(
    context: RequestContext,
    plan: AuthorizationPlan,
    translation: Translation,
    found: FoundFile | undefined,
  ): Promise<Restart | undefined> {
    checkTlsRequired(context);
    if (!(await this.#services.authorizer.admit(context, plan))) return undefined;
    return this.#serve(context, translation, found);
  }

  #serve(
    context: RequestContext,
    translation: Translation,
    found: FoundFile | undefined,
  ): Restart | undefined | Promise<Restart | undefined> {
    context.trace?.admitted(context);
    const restart = fixUp(context, this.#services.answers);
    if (restart !== undefined) return restart === 'answered' ? undefined : restart;
    return serveContent(context, translation, found, this.#services);
  }
}
