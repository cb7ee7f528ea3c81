/** Which handler SetHandler and AddHandler choose for a file. */

import type { Settings } from '../conf/settings.js';
import type { FoundFile } from './file-lookup.js';
import { type HandlerMap, handlerSettings } from './handler-directives.js';

const noHandlers: HandlerMap = new Map();

/** Undefined: none, the file itself is served. Where the URL names no file only SetHandler counts. */
export function findHandler(settings: Settings, found: FoundFile | undefined): string | undefined {
  const handler = settings.find(handlerSettings.handler);
  if (handler !== undefined) return handler;
  const handlers = settings.get(handlerSettings.extensionHandlers, noHandlers);
  if (handlers.size === 0 || found === undefined) return undefined;
  const name = found.filename.slice(found.filename.lastIndexOf('/') + 1);
  // Of several extensions the last one that has a handler counts.
  return name
    .split('.')
    .slice(1)
    .map((extension) => handlers.get(extension.toLowerCase()))
    .findLast((one) => one !== undefined);
}
