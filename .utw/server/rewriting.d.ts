/** Between a request and the rewrite engine (src/http/rewrite): hands over what rules may ask, carries out what they change. */
import type { RewriteOutcome } from '../http/rewrite/rewrite-outcome.js';
import type { RewriteRequest, RewriteServices } from '../http/rewrite/rewrite-request.js';
import { type RequestContext } from './request-context.js';
export declare const rewriteServices: RewriteServices;
/** The request as rules see it. */
export declare function rewriteRequestOf(context: RequestContext): RewriteRequest;
/** What every outcome brings: variables, cookies, Vary, a handler. */
export declare function applyRewriteEffects(context: RequestContext, outcome: RewriteOutcome): void;
