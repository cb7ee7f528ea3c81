/** Answers that the server makes itself: error pages, ErrorDocument, redirects. */
import type { CompiledServer } from './compiled-server.js';
import type { ErrorLog, LogLevelName } from './error-log.js';
import type { RequestContext } from './request-context.js';
export declare class ErrorAnswers {
    #private;
    constructor(errorLogOf: (server: CompiledServer) => ErrorLog);
    /** Logs `message` (undefined: logged elsewhere) and answers with the page of `status`, if no answer has begun. */
    answer(context: RequestContext, status: number, message: string | undefined, level?: LogLevelName): void;
    /** Writes to the error log of the request's server. */
    log(context: RequestContext, level: LogLevelName, message: string): void;
    /** `location`: a URL, or a path of this server. */
    redirect(context: RequestContext, status: number, location: string): void;
    answerEmpty(context: RequestContext, status: number, headers: readonly string[]): void;
}
/** `http://name:port`; standard ports are left out. */
export declare function originOf(context: RequestContext): string;
