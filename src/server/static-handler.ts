/**
 * Serves files. The http child has mapped the URL to a path, checked access and found the settings in force; this sends
 * the file with the `send` library, which does conditional requests and ranges, or throws a RequestError before any
 * byte is sent. Header fields that belong to the error (Allow, Content-Range) are left on the response for whoever
 * writes the error page.
 */

import type { BigIntStats, ReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename, join } from 'node:path';
import send from 'send';
import { RequestError } from '../base/errors.js';
import type { ClientRequest } from '../http/client-request.js';
import type { ClientResponse } from '../http/client-response.js';
import { type MediaTypeRules, mediaTypeOf } from '../http/media-type.js';
import type { ETagComponent } from './core-file-directives.js';
import type { SinkResponse } from './sink-response.js';
import { checkStaticPath, requestErrorOf, type SymlinkPolicy, statStatic } from './static-path.js';

/** What the URL was mapped to. */
export interface StaticFile {
  /** Absolute, in the file system's own characters (not percent-encoded). */
  readonly path: string;
  /** The folder that DocumentRoot or an Alias names: nothing outside is served, and it may itself be hidden. */
  readonly root: string;
  /** The path of the request as it arrived, percent-encoded and without the query, for the redirect that adds a slash. */
  readonly rawUrlPath: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /** Set where the file is an error document: the status it is for. Then method and conditions of the request don't count. */
  readonly errorStatus?: number;
  /** Set where an application sent the request here: its method does not count. */
  readonly isRedirected?: boolean;
  /** For a file that has no type of its own. */
  readonly fallbackType?: string;
}

/** Where the file goes: straight to the connection, or through the rules for responses. */
export type StaticResponse = ClientResponse | SinkResponse;

/** What of a request matters to files. */
export type StaticRequest = Pick<ClientRequest, 'method' | 'headers'>;

export interface StaticOptions {
  readonly mediaTypes: MediaTypeRules;
  readonly symlinks: SymlinkPolicy;
  /** Empty where DirectoryIndex is disabled. URL paths in it are for the http child, which looks first. */
  readonly directoryIndex: readonly string[];
  readonly directorySlash: boolean;
  /** Options Indexes: who has not found an index in a folder may list it. */
  readonly indexes: boolean;
  /** Makes the page of a folder. */
  readonly listFolder?: (folder: string) => Promise<{ readonly contentType: string; readonly body: Buffer }>;
  /** Empty for no ETag. */
  readonly etag: ReadonlySet<ETagComponent>;
  /** `http://name:port` in front of a redirect's path; without it the redirect is relative. */
  readonly origin?: string;
}

export interface StaticOutcome {
  readonly status: number;
  /** Bytes of the body that were handed to the connection. */
  readonly bodyBytes: number;
  /** Why the response is incomplete, where that is not the client's doing. */
  readonly failure?: string;
}

/** What Apache's default handler takes: a file is also the answer to POST. */
const allowedMethods = 'GET,POST,OPTIONS,HEAD';
/** While a file is this new it may change again within the resolution of its time, so its ETag is weak. */
const settledAgeMs = 1000;

/** The first of the names that is a file in the folder. URL paths (with a leading slash) are passed over. */
export async function findDirectoryIndex(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    if (name.startsWith('/')) continue;
    const path = join(folder, name);
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) return path;
  }
  return undefined;
}

/**
 * Answers the request with the file. Resolves when the response is with the kernel or the client has left.
 * @throws RequestError 403, 404, 405, 412, 416 or 500, with nothing sent
 */
export async function serveStatic(
  request: StaticRequest,
  response: StaticResponse,
  file: StaticFile,
  options: StaticOptions,
): Promise<StaticOutcome> {
  const isErrorDocument = file.errorStatus !== undefined;
  const method = isErrorDocument || file.isRedirected === true ? 'GET' : request.method;
  if (method === 'OPTIONS') return respondEmpty(response, 200, 'Allow', allowedMethods);
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    response.setHeader('Allow', allowedMethods);
    throw new RequestError(405, `files take no ${method} requests: ${file.path}`);
  }
  checkStaticPath(file.path, file.root);
  const found = await statStatic(file.path, file.root, options.symlinks);
  if (file.errorStatus !== undefined) response.statusCode = file.errorStatus;
  if (!found.isDirectory()) return await sendFile(request, response, file, file.path, found, options);
  if (!file.rawUrlPath.endsWith('/') && options.directorySlash) {
    // A path of several leading slashes would be read as another server's name.
    const location = `${file.rawUrlPath.replace(/^\/+/, '/')}/${file.query}`;
    return respondEmpty(response, 301, 'Location', `${options.origin ?? ''}${location}`);
  }
  // Without the slash the names in an index would be taken for the parent folder's: mod_dir looks for none.
  const names = file.rawUrlPath.endsWith('/') ? options.directoryIndex : [];
  const index = await findDirectoryIndex(file.path, names);
  if (index === undefined) {
    if (!options.indexes || options.listFolder === undefined || method === 'POST')
      throw noIndexError(file.path, options);
    return await sendPage(response, request.method === 'HEAD', await options.listFolder(file.path));
  }
  checkStaticPath(index, file.root);
  const indexFound = await statStatic(index, file.root, options.symlinks);
  return await sendFile(request, response, file, index, indexFound, options);
}

function noIndexError(path: string, options: StaticOptions): RequestError {
  const reason = options.indexes
    ? 'lists of files are for GET'
    : 'server-generated directory index forbidden by Options directive';
  const names = options.directoryIndex.join(',') || 'none';
  return new RequestError(
    403,
    `cannot serve directory ${path}: no matching DirectoryIndex (${names}) found, and ${reason}`,
  );
}

async function sendPage(
  response: StaticResponse,
  isHead: boolean,
  { body, contentType }: { readonly contentType: string; readonly body: Buffer },
): Promise<StaticOutcome> {
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Length', body.length);
  if (isHead) response.end();
  else response.end(body);
  await settled(response);
  return { status: response.statusCode, bodyBytes: isHead ? 0 : body.length };
}

async function respondEmpty(
  response: StaticResponse,
  status: number,
  header: string,
  value: string,
): Promise<StaticOutcome> {
  response.statusCode = status;
  response.setHeader(header, value);
  response.setHeader('Content-Length', 0);
  response.end();
  await settled(response);
  return { status, bodyBytes: 0 };
}

async function sendFile(
  request: StaticRequest,
  response: StaticResponse,
  file: StaticFile,
  path: string,
  found: BigIntStats,
  options: StaticOptions,
): Promise<StaticOutcome> {
  if (!found.isFile()) throw new RequestError(403, `file type not supported: ${path}`);
  if (request.method === 'HEAD') {
    // Without a body nobody would notice that the file can't be opened.
    await access(path, constants.R_OK).catch((error: unknown) => {
      throw requestErrorOf(error, path);
    });
  }
  const media = mediaTypeOf(basename(path), options.mediaTypes);
  const { contentType = file.fallbackType, contentEncoding, contentLanguage } = media;
  if (contentType !== undefined) response.setHeader('Content-Type', contentType);
  if (contentEncoding !== undefined) response.setHeader('Content-Encoding', contentEncoding);
  if (contentLanguage !== undefined) response.setHeader('Content-Language', contentLanguage);
  const etag = formatETag(found, options.etag, Date.now());
  if (etag !== undefined) response.setHeader('ETag', etag);
  mendRange(request, Number(found.size));
  return await pipeFile(request, response, path, file.errorStatus !== undefined);
}

/**
 * Two forms of Range that RFC 9110 section 14.1.2 has and `send` refuses with 416: the end of a file that is shorter than
 * that is the whole file, and a range that ends before it begins is none.
 */
function mendRange({ headers }: StaticRequest, size: number): void {
  const found = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/.exec(headers.range ?? '');
  if (found === null) return;
  const [, first = '', last = ''] = found;
  if (first === '' && Number(last) > size && size > 0) headers.range = 'bytes=0-';
  else if (first !== '' && last !== '' && Number(last) < Number(first)) delete headers.range;
}

/** `"size-mtime"` in hexadecimal, with the inode before where FileETag wants it: Apache's form. */
export function formatETag(found: BigIntStats, parts: ReadonlySet<ETagComponent>, nowMs: number): string | undefined {
  // A digest would read the whole file for each request; the time and size say nearly as much.
  const digest = parts.has('Digest');
  const text: string[] = [];
  if (parts.has('INode')) text.push(found.ino.toString(16));
  if (digest || parts.has('Size')) text.push(found.size.toString(16));
  if (digest || parts.has('MTime')) text.push((found.mtimeNs / 1000n).toString(16));
  if (text.length === 0) return undefined;
  const weak = nowMs - Number(found.mtimeMs) <= settledAgeMs ? 'W/' : '';
  return `${weak}"${text.join('-')}"`;
}

async function pipeFile(
  request: StaticRequest,
  response: StaticResponse,
  path: string,
  isErrorDocument: boolean,
): Promise<StaticOutcome> {
  let source: ReadStream | undefined;
  let failure: unknown;
  const { promise: failed, resolve: fail } = promiseWithResolve<void>();
  // It reads method and fields and no more.
  const transfer = send(request as IncomingMessage, encodeURIComponent(path), {
    // The path was checked by static-path.ts; the entity tag is ours, and Apache sends no Cache-Control by itself.
    dotfiles: 'allow',
    cacheControl: false,
    etag: false,
    index: false,
    acceptRanges: !isErrorDocument,
  });
  // The type is ours, too: what has none is sent without, and browsers look for themselves.
  transfer.type = () => {};
  transfer.on('stream', (stream: ReadStream) => {
    source = stream;
    const length = Number(response.getHeader('Content-Length'));
    stream.on('end', () => {
      // A file that shrank meanwhile: the client must see that the body is not whole.
      if (stream.bytesRead >= length) return;
      failure = new Error(`the file became shorter while it was sent: ${path}`);
      response.destroy();
    });
  });
  transfer.on('error', (error: unknown) => {
    failure = error;
    if (response.headersSent) response.destroy();
    fail();
  });
  // A file that became a folder since it was looked at.
  transfer.on('directory', () => {
    failure = new RequestError(404, `file does not exist: ${path}`);
    fail();
  });
  transfer.pipe(response as unknown as NodeJS.WritableStream);
  await Promise.race([settled(response), failed]);
  if (failure !== undefined && !response.headersSent && !response.destroyed)
    throw asRequestError(response, failure, path);
  const bodyBytes = response.statusCode === 304 ? 0 : (source?.bytesRead ?? 0);
  const outcome = { status: response.statusCode, bodyBytes };
  return failure === undefined ? outcome : { ...outcome, failure: String(failure) };
}

/** Resolves when the response is complete or its connection is gone; who left is no error. */
function settled(response: StaticResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => response.once('close', resolve));
}

const fileHeaders = [
  'Content-Type',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'ETag',
  'Last-Modified',
  'Accept-Ranges',
];

/** Takes the file's header fields back and says what the client gets instead. */
function asRequestError(response: StaticResponse, failure: unknown, path: string): RequestError {
  for (const name of fileHeaders) response.removeHeader(name);
  const status = failure instanceof Error && 'status' in failure ? failure.status : undefined;
  if (status !== 416) response.removeHeader('Content-Range');
  response.statusCode = 200;
  if (failure instanceof RequestError) return failure;
  if (status === 412) return new RequestError(412, `a precondition of the request failed: ${path}`);
  if (status === 416) return new RequestError(416, `no byte of the requested range exists: ${path}`);
  return requestErrorOf(failure, path);
}

function promiseWithResolve<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
