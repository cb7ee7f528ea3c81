/**
 * The handler of WSGI scripts: mod_wsgi's checks in their order (reference 4.1 and 4.2), the process group, and the
 * exchange with it.
 */
import type { ServerScope } from '../conf/config.js';
import { type GroupCatalog } from '../wsgi/group-catalog.js';
import type { ProcessGroup } from '../wsgi/process-group.js';
import { type WsgiScriptAlias } from '../wsgi/settings.js';
import type { ErrorAnswers } from './error-answers.js';
import type { FoundFile } from './file-lookup.js';
import { type RequestContext } from './request-context.js';
export interface WsgiHandlerOptions {
    readonly groups: ReadonlyMap<string, ProcessGroup>;
    readonly catalog: GroupCatalog;
    readonly answers: ErrorAnswers;
    readonly mainScope: ServerScope;
    readonly nowMs: () => number;
}
export declare class WsgiHandler {
    #private;
    constructor(options: WsgiHandlerOptions);
    /** Requests that have no answer yet. */
    get openRequests(): number;
    /** One second went by: silent clients and processes are given up. */
    tick(): void;
    /** @throws RequestError with nothing sent */
    handle(context: RequestContext, found: FoundFile, alias: WsgiScriptAlias | undefined): void;
}
export declare function serverNameOf(scope: ServerScope): string | undefined;
