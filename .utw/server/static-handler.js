/**
 * Serves files. The http child has mapped the URL to a path, checked access and found the settings in force; this sends
 * the file with the `send` library, which does conditional requests and ranges, or throws a RequestError before any
 * byte is sent. Header fields that belong to the error (Allow, Content-Range) are left on the response for whoever
 * writes the error page.
 */
import { access, constants, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import send from 'send';
import { RequestError } from '../base/errors.js';
import { mediaTypeOf } from '../http/media-type.js';
import { checkStaticPath, requestErrorOf, statStatic } from './static-path.js';
/** What Apache's default handler takes: a file is also the answer to POST. */
const allowedMethods = 'GET,POST,OPTIONS,HEAD';
/** While a file is this new it may change again within the resolution of its time, so its ETag is weak. */
const settledAgeMs = 1000;
/** The first of the names that is a file in the folder. URL paths (with a leading slash) are passed over. */
export async function findDirectoryIndex(folder, names) {
    for (const name of names) {
        if (name.startsWith('/'))
            continue;
        const path = join(folder, name);
        const isFile = await stat(path).then((found) => found.isFile(), () => false);
        if (isFile)
            return path;
    }
    return undefined;
}
/**
 * Answers the request with the file. Resolves when the response is with the kernel or the client has left.
 * @throws RequestError 403, 404, 405, 412, 416 or 500, with nothing sent
 */
export async function serveStatic(request, response, file, options) {
    const isErrorDocument = file.errorStatus !== undefined;
    const method = isErrorDocument ? 'GET' : (request.method ?? '');
    if (method === 'OPTIONS')
        return respondEmpty(response, 200, 'Allow', allowedMethods);
    if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
        response.setHeader('Allow', allowedMethods);
        throw new RequestError(405, `files take no ${method} requests: ${file.path}`);
    }
    checkStaticPath(file.path, file.root);
    const found = await statStatic(file.path, file.root, options.symlinks);
    if (file.errorStatus !== undefined)
        response.statusCode = file.errorStatus;
    if (!found.isDirectory())
        return await sendFile(request, response, file.path, found, options, isErrorDocument);
    if (!file.rawUrlPath.endsWith('/') && options.directorySlash) {
        // A path of several leading slashes would be read as another server's name.
        const location = `${file.rawUrlPath.replace(/^\/+/, '/')}/${file.query}`;
        return respondEmpty(response, 301, 'Location', `${options.origin ?? ''}${location}`);
    }
    // Without the slash the names in an index would be taken for the parent folder's: mod_dir looks for none.
    const names = file.rawUrlPath.endsWith('/') ? options.directoryIndex : [];
    const index = await findDirectoryIndex(file.path, names);
    if (index === undefined)
        throw noIndexError(file.path, options);
    checkStaticPath(index, file.root);
    const indexFound = await statStatic(index, file.root, options.symlinks);
    return await sendFile(request, response, index, indexFound, options, isErrorDocument);
}
function noIndexError(path, options) {
    const reason = options.indexes
        ? 'lists of files (Options Indexes) are not supported yet'
        : 'server-generated directory index forbidden by Options directive';
    const names = options.directoryIndex.join(',') || 'none';
    return new RequestError(403, `cannot serve directory ${path}: no matching DirectoryIndex (${names}) found, and ${reason}`);
}
async function respondEmpty(response, status, header, value) {
    response.statusCode = status;
    response.setHeader(header, value);
    response.setHeader('Content-Length', 0);
    response.end();
    await settled(response);
    return { status, bodyBytes: 0 };
}
async function sendFile(request, response, path, found, options, isErrorDocument) {
    if (!found.isFile())
        throw new RequestError(403, `file type not supported: ${path}`);
    if (request.method === 'HEAD') {
        // Without a body nobody would notice that the file can't be opened.
        await access(path, constants.R_OK).catch((error) => {
            throw requestErrorOf(error, path);
        });
    }
    const { contentType, contentEncoding } = mediaTypeOf(basename(path), options.mediaTypes);
    if (contentType !== undefined)
        response.setHeader('Content-Type', contentType);
    if (contentEncoding !== undefined)
        response.setHeader('Content-Encoding', contentEncoding);
    const etag = formatETag(found, options.etag, Date.now());
    if (etag !== undefined)
        response.setHeader('ETag', etag);
    mendRange(request, Number(found.size));
    return await pipeFile(request, response, path, isErrorDocument);
}
/**
 * Two forms of Range that RFC 9110 section 14.1.2 has and `send` refuses with 416: the end of a file that is shorter than
 * that is the whole file, and a range that ends before it begins is none.
 */
function mendRange({ headers }, size) {
    const found = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/.exec(headers.range ?? '');
    if (found === null)
        return;
    const [, first = '', last = ''] = found;
    if (first === '' && Number(last) > size && size > 0)
        headers.range = 'bytes=0-';
    else if (first !== '' && last !== '' && Number(last) < Number(first))
        delete headers.range;
}
/** `"size-mtime"` in hexadecimal, with the inode before where FileETag wants it: Apache's form. */
export function formatETag(found, parts, nowMs) {
    // A digest would read the whole file for each request; the time and size say nearly as much.
    const digest = parts.has('Digest');
    const text = [];
    if (parts.has('INode'))
        text.push(found.ino.toString(16));
    if (digest || parts.has('Size'))
        text.push(found.size.toString(16));
    if (digest || parts.has('MTime'))
        text.push((found.mtimeNs / 1000n).toString(16));
    if (text.length === 0)
        return undefined;
    const weak = nowMs - Number(found.mtimeMs) <= settledAgeMs ? 'W/' : '';
    return `${weak}"${text.join('-')}"`;
}
async function pipeFile(request, response, path, isErrorDocument) {
    let source;
    let failure;
    const { promise: failed, resolve: fail } = promiseWithResolve();
    const transfer = send(request, encodeURIComponent(path), {
        // The path was checked by static-path.ts; the entity tag is ours, and Apache sends no Cache-Control by itself.
        dotfiles: 'allow',
        cacheControl: false,
        etag: false,
        index: false,
        acceptRanges: !isErrorDocument,
    });
    // The type is ours, too: what has none is sent without, and browsers look for themselves.
    transfer.type = () => { };
    transfer.on('stream', (stream) => {
        source = stream;
        const length = Number(response.getHeader('Content-Length'));
        stream.on('end', () => {
            // A file that shrank meanwhile: the client must see that the body is not whole.
            if (stream.bytesRead >= length)
                return;
            failure = new Error(`the file became shorter while it was sent: ${path}`);
            response.destroy();
        });
    });
    transfer.on('error', (error) => {
        failure = error;
        if (response.headersSent)
            response.destroy();
        fail();
    });
    // A file that became a folder since it was looked at.
    transfer.on('directory', () => {
        failure = new RequestError(404, `file does not exist: ${path}`);
        fail();
    });
    transfer.pipe(response);
    await Promise.race([settled(response), failed]);
    if (failure !== undefined && !response.headersSent && !response.destroyed)
        throw asRequestError(response, failure, path);
    const bodyBytes = response.statusCode === 304 ? 0 : (source?.bytesRead ?? 0);
    const outcome = { status: response.statusCode, bodyBytes };
    return failure === undefined ? outcome : { ...outcome, failure: String(failure) };
}
/** Resolves when the response is complete or its connection is gone; who left is no error. */
function settled(response) {
    return finished(response).catch(() => { });
}
/** Takes the file's header fields back and says what the client gets instead. */
function asRequestError(response, failure, path) {
    for (const name of ['Content-Type', 'Content-Encoding', 'Content-Length', 'ETag', 'Last-Modified', 'Accept-Ranges']) {
        response.removeHeader(name);
    }
    const status = failure instanceof Error && 'status' in failure ? failure.status : undefined;
    if (status !== 416)
        response.removeHeader('Content-Range');
    response.statusCode = 200;
    if (failure instanceof RequestError)
        return failure;
    if (status === 412)
        return new RequestError(412, `a precondition of the request failed: ${path}`);
    if (status === 416)
        return new RequestError(416, `no byte of the requested range exists: ${path}`);
    return requestErrorOf(failure, path);
}
function promiseWithResolve() {
    let resolve = () => { };
    const promise = new Promise((settle) => {
        resolve = settle;
    });
    return { promise, resolve };
}
//# sourceMappingURL=static-handler.js.map