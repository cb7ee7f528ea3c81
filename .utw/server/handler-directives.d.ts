/** Which handler answers for a file: SetHandler (core), AddHandler and RemoveHandler (mod_mime). */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
/** Extension without its dot, lower case, to handler; undefined where RemoveHandler has taken it away. */
export type HandlerMap = ReadonlyMap<string, string | undefined>;
export declare const handlerSettings: Readonly<{
    /** Undefined: SetHandler None, which leaves it to AddHandler. */
    handler: Setting<string | undefined>;
    extensionHandlers: Setting<HandlerMap>;
}>;
export declare const handlerDirectives: readonly DirectiveDefinition[];
