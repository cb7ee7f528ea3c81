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
import type { FoundFile } from './file-lookup.js';
import { listFolder } from './folder-lists.js';
import { mediaTypeRulesOf, mimeSettings } from './mime-directives.js';
import type { OutputRules } from './output-rules.js';
import type { RequestContext } from './request-context.js';
import { SinkResponse } from './sink-response.js';
import { type StaticFile, type StaticOptions, serveStatic } from './static-handler.js';
import { escapePath } from './url-translation.js';

const optionsOf = new WeakMap<CompiledScope, StaticOptions>();

/** @throws RequestError with nothing sent */
export async function handleStatic(context: RequestContext, found: FoundFile, root: string): Promise<undefined> {
  const { incoming, outgoing, scope } = context;
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
  const file: StaticFile = {
    path: found.filename,
    root: found.filename === root ? dirname(root) : root,
    rawUrlPath: escapePath(context.uri),
    query: context.query === '' ? '' : `?${context.query}`,
    ...(context.failedStatus === undefined ? {} : { errorStatus: context.failedStatus }),
    ...(context.redirectedType === undefined ? {} : { isRedirected: true, fallbackType: context.redirectedType }),
  };
  const { symlinks } = options;
  const allOptions: StaticOptions = {
    ...options,
    origin: originOf(context),
    listFolder: (folder) => listFolder(context, folder, file.root, symlinks),
  };
  if (scope.output !== undefined) {
    await serveThroughRules(context, scope.output, file, allOptions);
    return;
  }
  outgoing.setHeader('Server', context.server.serverHeader);
  for (let at = 0; at + 1 < context.extraHeaders.length; at += 2) {
    outgoing.appendHeader(context.extraHeaders[at] ?? '', context.extraHeaders[at + 1] ?? '');
  }
  const outcome = await serveStatic(incoming, outgoing, file, allOptions);
  if (outcome.failure !== undefined) throw new RequestError(500, outcome.failure);
}

/** For scopes whose configuration changes responses: the sink sees to the head, and to the body where it is compressed. */
async function serveThroughRules(
  context: RequestContext,
  { deflate }: OutputRules,
  file: StaticFile,
  options: StaticOptions,
): Promise<void> {
  const { incoming, outgoing, sink } = context;
  const response = new SinkResponse(sink, outgoing);
  const names = [...new Set(context.extraHeaders.filter((_, at) => at % 2 === 0))];
  for (const name of names) {
    response.setHeader(
      name,
      context.extraHeaders.filter((_, at) => at % 2 === 1 && context.extraHeaders[at - 1] === name),
    );
  }
  const tags = incoming.headers['if-none-match'];
  if (deflate?.etag === 'AddSuffix' && tags !== undefined && tags.includes('-gzip"')) {
    sink.isOfCompressed = true;
    incoming.headers['if-none-match'] = plainEntityTags(tags);
  }
  try {
    const outcome = await serveStatic(incoming, response, file, options);
    if (outcome.failure !== undefined) throw new RequestError(500, outcome.failure);
  } catch (error) {
    for (const name of ['Allow', 'Content-Range']) {
      const value = response.getHeader(name);
      if (value !== undefined) outgoing.setHeader(name, value);
    }
    throw error;
  }
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
