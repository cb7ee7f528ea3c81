/**
 * What the phases tell of a request that is explained. They do the same whether somebody listens or not, but for the
 * last step: where a process would be asked, the trace is told instead. Implemented by RequestRecorder.
 */

import type { AppliedSection } from '../conf/config.js';
import type { RewriteOutcome } from '../http/rewrite/rewrite-outcome.js';
import type { EnvironFacts } from '../wsgi/environ.js';
import type { WsgiDispatchScript, WsgiHandlerScript, WsgiScriptAlias } from '../wsgi/settings.js';
import type { FoundFile } from './file-lookup.js';
import type { SectionRedirect } from './redirect-directives.js';
import type { RequestContext } from './request-context.js';
import type { Translation } from './url-translation.js';

/** Who sends a request through the phases once more. */
export type RestartReason = 'rewriting' | 'index' | 'error document' | 'application';

/** One request at the point where it would go to a process group. */
export interface TracedApplication {
  readonly environ: Pick<EnvironFacts, 'pathInfo' | 'proxy' | 'scriptName'>;
  readonly place: WsgiScriptAlias | WsgiHandlerScript | undefined;
  readonly script: string;
  readonly callable: string;
  readonly processGroup: string;
  /** Of the main interpreter ''. */
  readonly applicationGroup: string;
}

/** A script of the server that would be asked about the request. */
export interface TracedQuestion {
  readonly script: WsgiDispatchScript;
  readonly directive: string;
  /** What is taken for its answer. */
  readonly assumed: string;
}

export interface RequestTrace {
  /** Its server is chosen. `host`: the name that it asks for, without port. */
  arrived(context: RequestContext, host: string | undefined): void;
  /** It enters the phases. */
  begins(context: RequestContext): void;
  startsOver(reason: RestartReason): void;
  /** `where`: a directory, or the server. */
  rewrote(where: string, outcome: RewriteOutcome): void;
  translated(translation: Translation): void;
  /** An <If> or <ElseIf> was tried. */
  triedSection(section: AppliedSection, holds: boolean): void;
  /** In order of application. `found`: once it is known which file the URL names. */
  choseSections(sections: readonly AppliedSection[], found?: FoundFile): void;
  checksAccess(context: RequestContext): void;
  admitted(context: RequestContext): void;
  redirectedBySection(redirect: SectionRedirect): void;
  choseHandler(context: RequestContext, handler: string, alias: WsgiScriptAlias | undefined): void;
  /** A script of the server would be asked: only a process can tell what it says. */
  wouldAsk(question: TracedQuestion): void;
  /** The request would go to its process group. */
  wouldRun(application: TracedApplication): void;
  /** The server answers with an error; `message`: why. */
  failed(status: number, message: string | undefined): void;
  /** The response is over. */
  ended(context: RequestContext): void;
}
