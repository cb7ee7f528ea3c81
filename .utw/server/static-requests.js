/** From a request and its settings to what static-handler.ts serves. */
import { basename, dirname } from 'node:path';
import { RequestError } from '../base/errors.js';
import { effectiveFileETag, fileSettings } from './core-file-directives.js';
import { defaultDirectoryIndex, dirSettings } from './dir-directives.js';
import { originOf } from './error-answers.js';
import { mediaTypeRulesOf } from './mime-directives.js';
import { serveStatic } from './static-handler.js';
import { escapePath } from './url-translation.js';
const optionsOf = new WeakMap();
/** @throws RequestError with nothing sent */
export async function handleStatic(context, found, root) {
    const { incoming, outgoing, scope, sink } = context;
    // Whether there is one is nobody's business.
    if (isAccessFile(found.filename))
        throw new RequestError(403, `client denied by server configuration: ${found.filename}`);
    if (found.kind === 'missing')
        throw new RequestError(404, `File does not exist: ${found.filename}${found.rest}`);
    if (found.kind === 'denied')
        throw new RequestError(403, `access to ${found.filename} denied: search permissions are missing on a component of the path`);
    // Files take no path info unless it is asked for.
    if (found.rest !== '' && scope.acceptsPathInfo !== true) {
        throw new RequestError(404, `File does not exist: ${found.filename}${found.rest}`);
    }
    let options = optionsOf.get(scope);
    if (options === undefined) {
        options = makeOptions(scope);
        optionsOf.set(scope, options);
    }
    outgoing.setHeader('Server', context.server.serverHeader);
    for (let at = 0; at + 1 < context.extraHeaders.length; at += 2) {
        outgoing.appendHeader(context.extraHeaders[at] ?? '', context.extraHeaders[at + 1] ?? '');
    }
    const outcome = await serveStatic(incoming, outgoing, {
        path: found.filename,
        root: found.filename === root ? dirname(root) : root,
        rawUrlPath: escapePath(context.uri),
        query: context.query === '' ? '' : `?${context.query}`,
        ...(context.failedStatus === undefined ? {} : { errorStatus: context.failedStatus }),
    }, { ...options, origin: originOf(context) });
    sink.countBody(outcome.bodyBytes);
    if (outcome.failure !== undefined)
        throw new RequestError(500, outcome.failure);
}
/** .htaccess, .htpasswd and their kin, as Debian's configuration has it. */
function isAccessFile(path) {
    return basename(path).startsWith('.ht');
}
function makeOptions(scope) {
    const { settings, options } = scope;
    const index = settings.get(dirSettings.directoryIndex, defaultDirectoryIndex);
    return {
        mediaTypes: mediaTypeRulesOf(settings),
        symlinks: options.has('FollowSymLinks') ? 'follow' : options.has('SymLinksIfOwnerMatch') ? 'owner-match' : 'refuse',
        directoryIndex: index,
        directorySlash: settings.get(dirSettings.directorySlash, true),
        indexes: options.has('Indexes'),
        etag: effectiveFileETag(settings.find(fileSettings.fileETag)),
    };
}
//# sourceMappingURL=static-requests.js.map