/** Which handler SetHandler and AddHandler choose for a file. */
import { handlerSettings } from './handler-directives.js';
const noHandlers = new Map();
/** Undefined: none, the file itself is served. */
export function findHandler(settings, found) {
    const handler = settings.find(handlerSettings.handler);
    if (handler !== undefined)
        return handler;
    const handlers = settings.get(handlerSettings.extensionHandlers, noHandlers);
    if (handlers.size === 0)
        return undefined;
    const name = found.filename.slice(found.filename.lastIndexOf('/') + 1);
    // Of several extensions the last one that has a handler counts.
    return name
        .split('.')
        .slice(1)
        .map((extension) => handlers.get(extension.toLowerCase()))
        .findLast((one) => one !== undefined);
}
//# sourceMappingURL=handler-choice.js.map