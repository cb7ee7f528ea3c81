/** From a request and its settings to what static-handler.ts serves. */

import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { RequestError } from '../base/errors.js';
import { plainEntityTags } from '../http/gzip-negotiation.js';
import { commonMimeTypes, type MimeTypes, parseMimeTypes } from '../http/media-type.js';
import type { CompiledScope } from './compiled-server.js';
import { effectiveFileETag, fileSettings } from './core-file-directives.js';
import { defaultDirectoryIndex, dirSettings } from './dir-directives.js';
import { originOf } from './error-answers.js';
import type { FileCalls } from './file-calls.js';
import type { FoundFile } from './file-lookup.js';
import { type FolderPage, listFolder } from './folder-lists.js';
import { mediaTypeRulesOf, mimeSettings } from './mime-directives.js';
import type { RequestContext } from './request-context.js';
import {
  type StaticFile,
  type StaticFolder,
  type StaticOptions,
  type StaticOutcome,
  serveStatic,
} from './static-handler.js';
import type { SymlinkPolicy } from './static-path.js';
import { escapePath } from './url-translation.js';

const optionsOf = new WeakMap<CompiledScope, StaticOptions>();

/** @throws RequestError with nothing sent; so does the promise, which is returned where the answer takes time */
export function handleStatic(
  context: RequestContext,
  found: FoundFile,
  root: string,
  calls: FileCalls,
): undefined | Promise<undefined> {
  const { incoming, outgoing, scope, sink } = context;
  // Whether there is one is nobody's business.
  if (isAccessFile(found.filename))
    throw new RequestError(403, `client denied by server configuration: ${found.filename}`);
  if (found.kind === 'missing') throw new RequestError(404, `File does not exist: ${found.filename}${found.rest}`);
  if (found.kind === 'denied')
    throw new RequestError(
      403,
      `access to ${found.filename} denied: search permissions are missing on a component of the path`,
    );
  // Files take no path info unless it is asked for.
  if (found.rest !== '' && scope.acceptsPathInfo !== true) {
    throw new RequestError(404, `File does not exist: ${found.filename}${found.rest}`);
  }
  let options = optionsOf.get(scope);
  if (options === undefined) {
    options = makeOptions(scope);
    optionsOf.set(scope, options);
  }
  const rootFolder = found.filename === root ? dirname(root) : root;
  const file: StaticFile = {
    path: found.filename,
    root: rootFolder,
    errorStatus: context.failedStatus,
    isRedirected: context.redirectedType !== undefined,
    fallbackType: context.redirectedType,
    folder: new RequestedFolder(context, rootFolder, options.symlinks, calls),
  };
  if (scope.output?.deflate?.etag === 'AddSuffix') acceptSuffixedTags(context);
  const { extraHeaders: extraFields } = context;
  const response = { sink, outgoing, extraFields, saysLength: scope.output === undefined };
  const outcome = serveStatic(incoming, response, file, options, calls);
  return outcome instanceof Promise ? watch(context, outcome) : checkOutcome(outcome);
}

/** Timeout is for clients that don't take it. */
async function watch({ connection }: RequestContext, sending: Promise<StaticOutcome>): Promise<undefined> {
  connection.isSendingFile = true;
  try {
    checkOutcome(await sending);
  } catch (error) {
    // What is answered in its place may be an application's. (When all went well the next request may have begun.)
    connection.isSendingFile = false;
    throw error;
  }
}

function checkOutcome({ failure }: StaticOutcome): undefined {
  if (failure !== undefined) throw new RequestError(500, failure);
}

/** What of a request matters where it is for a folder: most are not. */
class RequestedFolder implements StaticFolder {
  readonly #context: RequestContext;
  readonly #root: string;
  readonly #symlinks: SymlinkPolicy;
  readonly #calls: FileCalls;

  constructor(context: RequestContext, root: string, symlinks: SymlinkPolicy, calls: FileCalls) {
    this.#context = context;
    this.#root = root;
    this.#symlinks = symlinks;
    this.#calls = calls;
  }

  get rawUrlPath(): string {
    return escapePath(this.#context.uri);
  }

  get query(): string {
    const { query } = this.#context;
    return query === '' ? '' : `?${query}`;
  }

  get origin(): string {
    return originOf(this.#context);
  }

  list(folder: string): Promise<FolderPage> {
    return listFolder(this.#context, folder, this.#root, this.#symlinks, this.#calls);
  }
}

/** The client may have the compressed representation, and ask whether it is still the same. */
function acceptSuffixedTags({ incoming, sink }: RequestContext): void {
  const tags = incoming.headers['if-none-match'];
  if (tags === undefined || !tags.includes('-gzip"')) return;
  sink.isOfCompressed = true;
  incoming.headers['if-none-match'] = plainEntityTags(tags);
}

/** .htaccess, .htpasswd and their kin, as Debian's configuration has it. */
function isAccessFile(path: string): boolean {
  return basename(path).startsWith('.ht');
}

/** Tables of TypesConfig by path; read once, as Apache does at its start. */
const mimeTypes = new Map<string, MimeTypes>();

/** The start checks have seen that the file can be read; the common types serve where this user can't. */
function mimeTypesOf(path: string | undefined): MimeTypes {
  if (path === undefined) return commonMimeTypes;
  let types = mimeTypes.get(path);
  if (types === undefined) {
    try {
      types = parseMimeTypes(readFileSync(path, 'utf8'));
    } catch {
      types = commonMimeTypes;
    }
    mimeTypes.set(path, types);
  }
  return types;
}

function makeOptions(scope: CompiledScope): StaticOptions {
  const { settings, options } = scope;
  const index = settings.get(dirSettings.directoryIndex, defaultDirectoryIndex);
  return {
    mediaTypes: mediaTypeRulesOf(settings, mimeTypesOf(settings.find(mimeSettings.typesConfig))),
    symlinks: options.has('FollowSymLinks') ? 'follow' : options.has('SymLinksIfOwnerMatch') ? 'owner-match' : 'refuse',
    directoryIndex: index,
    directorySlash: settings.get(dirSettings.directorySlash, true),
    indexes: options.has('Indexes'),
    etag: effectiveFileETag(settings.find(fileSettings.fileETag)),
  };
}
