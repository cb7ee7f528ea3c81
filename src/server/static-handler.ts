/**
 * Serves files. The http child has mapped the URL to a path, checked access and found the settings in force; this opens
 * the file, decides what of it is sent (static-conditions.ts) and sends it, or throws a RequestError before any byte is
 * sent. Header fields that belong to the error (Allow, Content-Range) are left on the response for whoever writes the
 * error page.
 *
 * A short file of a local file system is opened, read and answered before serveStatic returns. Each request reads it
 * anew: what the client gets is what the file holds.
 */

import { read, readSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RequestError } from '../base/errors.js';
import type { ClientResponse } from '../http/client-response.js';
import { reasonPhrase } from './error-page.js';
import { type FileCall, type FileCalls, fileStep } from './file-calls.js';
import type { HttpResponseSink } from './http-response-sink.js';
import { sendBody } from './static-body.js';
import {
  canDecide,
  decideTransfer,
  prepareToDecide,
  RangeNotSatisfiable,
  type StaticRequest,
  type Transfer,
} from './static-conditions.js';
import { headOf, type StaticHeadOptions } from './static-head.js';
import {
  checkStaticPath,
  closeStatic,
  isFileAt,
  openStatic,
  requestErrorOf,
  type SymlinkPolicy,
  shortBytesLimit,
  typeError,
} from './static-path.js';

/** What the URL was mapped to. */
export interface StaticFile {
  /** Absolute, in the file system's own characters (not percent-encoded). */
  readonly path: string;
  /** The folder that DocumentRoot or an Alias names: nothing outside is served, and it may itself be hidden. */
  readonly root: string;
  /** Set where the file is an error document: the status it is for. Then method and conditions of the request don't count. */
  readonly errorStatus?: number | undefined;
  /** Set where an application sent the request here: its method does not count. */
  readonly isRedirected?: boolean;
  /** For a file that has no type of its own. */
  readonly fallbackType?: string | undefined;
  /** What matters of the request where it is for a folder. */
  readonly folder: StaticFolder;
}

export interface StaticFolder {
  /** The path of the request as it arrived, percent-encoded and without the query, for the redirect that adds a slash. */
  readonly rawUrlPath: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /** `http://name:port` in front of a redirect's path; without it the redirect is relative. */
  readonly origin?: string;
  /** Makes the page of a folder. */
  list?(folder: string): Promise<{ readonly contentType: string; readonly body: Buffer }>;
}

export interface StaticResponse {
  readonly sink: HttpResponseSink;
  readonly outgoing: ClientResponse;
  /** Flat; before those of the file. */
  readonly extraFields: readonly string[];
  /** The head says how long the body is; else that is left to the sink, where rules may compress it. */
  readonly saysLength: boolean;
}

/** Kept by whoever has it: files are remembered by it. */
export interface StaticOptions extends StaticHeadOptions {
  readonly symlinks: SymlinkPolicy;
  /** Empty where DirectoryIndex is disabled. URL paths in it are for the http child, which looks first. */
  readonly directoryIndex: readonly string[];
  readonly directorySlash: boolean;
  /** Options Indexes: who has not found an index in a folder may list it. */
  readonly indexes: boolean;
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
/** A file that is written while it is read is looked at again so often. */
const readsLimit = 3;
const nothing = Buffer.alloc(0);
const readLater = promisify(read);

/** The first of the names that is a file in the folder. URL paths (with a leading slash) are passed over. */
export function* findDirectoryIndex(folder: string, names: readonly string[]): FileCall<string | undefined> {
  for (const name of names) {
    if (name.startsWith('/')) continue;
    const path = join(folder, name);
    if (yield* isFileAt(path)) return path;
  }
  return undefined;
}

/**
 * Answers the request with the file.
 * @returns the outcome, or where that takes time a promise that resolves when the response is with the kernel or the
 *   client has left
 * @throws RequestError 403, 404, 405, 412, 416, 500 or 503, with nothing sent; so does the promise
 */
export function serveStatic(
  request: StaticRequest,
  response: StaticResponse,
  file: StaticFile,
  options: StaticOptions,
  calls: FileCalls,
): StaticOutcome | Promise<StaticOutcome> {
  if (!canDecide()) return prepareToDecide().then(() => serveStatic(request, response, file, options, calls));
  const isErrorDocument = file.errorStatus !== undefined;
  const method = isErrorDocument || file.isRedirected === true ? 'GET' : request.method;
  if (method === 'OPTIONS') return respondEmpty(response, 200, ['Allow', allowedMethods]);
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    response.outgoing.setHeader('Allow', allowedMethods);
    throw new RequestError(405, `files take no ${method} requests: ${file.path}`);
  }
  checkStaticPath(file.path, file.root);
  const prepared = calls.run(file.path, prepare(request, file.path, file, options));
  return prepared instanceof Promise
    ? respondLater(prepared, request, response, file, options, calls)
    : respond(prepared, request, response, file, options, calls);
}

async function respondLater(
  preparing: Promise<Prepared>,
  request: StaticRequest,
  response: StaticResponse,
  file: StaticFile,
  options: StaticOptions,
  calls: FileCalls,
): Promise<StaticOutcome> {
  return await respond(await preparing, request, response, file, options, calls);
}

type Prepared =
  | { readonly kind: 'folder' }
  | { readonly kind: 'range'; readonly error: RangeNotSatisfiable }
  | { readonly kind: 'whole'; readonly transfer: Transfer; readonly body: Buffer }
  /** To be read as it is sent; whoever does so closes `fd`. */
  | { readonly kind: 'long'; readonly transfer: Transfer; readonly fd: number; readonly path: string };

const folder: Prepared = { kind: 'folder' };

/** Everything that the file system is asked for before something is sent. */
function* prepare(request: StaticRequest, path: string, file: StaticFile, options: StaticOptions): FileCall<Prepared> {
  for (let reads = 0; reads < readsLimit; reads += 1) {
    const opened = yield* openStatic(path, file.root, options.symlinks);
    const { fd, stats } = opened;
    if (fd === undefined) return folder;
    let isGivenOn = false;
    try {
      const transfer = decideTransfer(
        request,
        path,
        stats,
        headOf(path, stats, options, file.fallbackType),
        file.errorStatus,
      );
      if (request.method === 'HEAD' || transfer.length === 0) return { kind: 'whole', transfer, body: nothing };
      // What is that long is never shared.
      if (transfer.length > shortBytesLimit) {
        isGivenOn = true;
        return { kind: 'long', transfer, fd, path };
      }
      const body = yield* readWhole(fd, transfer.start, transfer.length);
      if (body !== undefined) return { kind: 'whole', transfer, body };
    } catch (error) {
      if (error instanceof RangeNotSatisfiable) return { kind: 'range', error };
      throw error instanceof RequestError ? error : requestErrorOf(error, path);
    } finally {
      if (!isGivenOn) yield* closeStatic(opened);
    }
  }
  throw new RequestError(500, `the file became shorter while it was read, ${readsLimit} times in a row: ${path}`);
}

/** Undefined where the file has become shorter than it was. @throws RequestError */
function* readWhole(fd: number, start: number, length: number): FileCall<Buffer | undefined> {
  const body = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; ) {
    const bytes = yield* fileStep(
      () => readSync(fd, body, at, length - at, start + at),
      () => readLater(fd, body, at, length - at, start + at).then(({ bytesRead }) => bytesRead),
    );
    if (bytes === 0) return undefined;
    at += bytes;
  }
  return body;
}

function respond(
  prepared: Prepared,
  request: StaticRequest,
  response: StaticResponse,
  file: StaticFile,
  options: StaticOptions,
  calls: FileCalls,
): StaticOutcome | Promise<StaticOutcome> {
  switch (prepared.kind) {
    case 'folder':
      return respondToFolder(request, response, file, options, calls);
    case 'range':
      response.outgoing.setHeader('Content-Range', prepared.error.contentRange);
      throw prepared.error;
    case 'whole': {
      const { body, transfer } = prepared;
      begin(response, transfer.status, transfer.fields, transfer.length);
      response.sink.end(body);
      return { status: transfer.status, bodyBytes: body.length };
    }
    case 'long':
      return respondLong(prepared, response, calls);
  }
}

async function respondLong(
  { fd, path, transfer }: Extract<Prepared, { kind: 'long' }>,
  response: StaticResponse,
  calls: FileCalls,
): Promise<StaticOutcome> {
  const { fields, length, start, status } = transfer;
  try {
    begin(response, status, fields, length);
    const { bodyBytes, failure } = await sendBody({ fd, path, start, length }, response.sink, response.outgoing, calls);
    return failure === undefined ? { status, bodyBytes } : { status, bodyBytes, failure };
  } finally {
    await calls.run(path, closeStatic({ fd, isKept: false }));
  }
}

/** The redirect to its slash, its index, or its list. */
async function respondToFolder(
  request: StaticRequest,
  response: StaticResponse,
  file: StaticFile,
  options: StaticOptions,
  calls: FileCalls,
): Promise<StaticOutcome> {
  const { origin = '', query, rawUrlPath } = file.folder;
  const hasSlash = rawUrlPath.endsWith('/');
  if (!hasSlash && options.directorySlash) {
    // A path of several leading slashes would be read as another server's name.
    const location = `${rawUrlPath.replace(/^\/+/, '/')}/${query}`;
    return respondEmpty(response, 301, ['Location', `${origin}${location}`]);
  }
  // Without the slash the names in an index would be taken for the parent folder's: mod_dir looks for none.
  const names = hasSlash ? options.directoryIndex : [];
  const index = await calls.run(file.path, findDirectoryIndex(file.path, names));
  if (index !== undefined) {
    checkStaticPath(index, file.root);
    const prepared = await calls.run(index, prepare(request, index, file, options));
    // A name with a slash at its end may be that of a folder by now.
    if (prepared.kind === 'folder') throw typeError(index);
    return await respond(prepared, request, response, file, options, calls);
  }
  const isPost = file.errorStatus === undefined && file.isRedirected !== true && request.method === 'POST';
  if (!options.indexes || file.folder.list === undefined || isPost) throw noIndexError(file.path, options);
  const page = await file.folder.list(file.path);
  const body = request.method === 'HEAD' ? nothing : page.body;
  const status = file.errorStatus ?? 200;
  begin(response, status, ['Content-Type', page.contentType], page.body.length);
  response.sink.end(body);
  return { status, bodyBytes: body.length };
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

function respondEmpty(response: StaticResponse, status: number, fields: readonly string[]): StaticOutcome {
  begin(response, status, fields, 0);
  response.sink.end();
  return { status, bodyBytes: 0 };
}

/** Makes the head. */
function begin(
  { extraFields, saysLength, sink }: StaticResponse,
  status: number,
  fields: readonly string[],
  bodyBytes: number,
): void {
  const all = extraFields.length === 0 ? fields : [...extraFields, ...fields];
  if (saysLength && status !== 304) {
    sink.begin(status, reasonPhrase(status), [...all, 'Content-Length', String(bodyBytes)], undefined, 'file');
  } else {
    sink.begin(status, reasonPhrase(status), all, status === 304 ? undefined : bodyBytes, 'file');
  }
}
