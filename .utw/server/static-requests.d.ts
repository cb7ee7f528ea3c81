/** From a request and its settings to what static-handler.ts serves. */
import type { FoundFile } from './file-lookup.js';
import type { RequestContext } from './request-context.js';
/** @throws RequestError with nothing sent */
export declare function handleStatic(context: RequestContext, found: FoundFile, root: string): Promise<void>;
