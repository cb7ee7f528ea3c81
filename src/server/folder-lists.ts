/** The answer to a request for a folder under Options Indexes: its files, as far as the client may have them. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toByteString } from '../base/byte-string.js';
import { RequestError } from '../base/errors.js';
import { matchSections } from '../conf/section-matching.js';
import { decideAccess } from '../http/access-rules.js';
import { formatFolderList, type ListedEntry } from '../http/folder-list.js';
import { autoindexSettings } from './autoindex-directives.js';
import { expressionSubjectOf } from './expression-requests.js';
import type { FileCalls } from './file-calls.js';
import { environmentOf, type RequestContext } from './request-context.js';
import { checkStaticPath, requestErrorOf, type SymlinkPolicy, statStatic } from './static-path.js';
import { escapePath } from './url-translation.js';

export interface FolderPage {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Entries whose status is asked for together. */
const entriesAtOnce = 32;

/** @throws RequestError where the folder can't be read */
export async function listFolder(
  context: RequestContext,
  folder: string,
  root: string,
  symlinks: SymlinkPolicy,
  calls: FileCalls,
): Promise<FolderPage> {
  const { settings } = context.scope;
  const {
    charset = 'UTF-8',
    contentType = 'text/html',
    ignoreCase = false,
  } = settings.get(autoindexSettings.options, {});
  const ignored = settings.find(autoindexSettings.ignored)?.patterns ?? [];
  const readNames = (): Promise<string[]> => readdir(folder);
  const names = await (calls.isLocal(folder) ? readNames() : calls.later(readNames)).catch((error: unknown) => {
    throw error instanceof RequestError ? error : requestErrorOf(error, folder);
  });
  const wanted = names.filter((name) => !ignored.some((pattern) => pattern.test(name)));
  const entries: ListedEntry[] = [];
  for (let at = 0; at < wanted.length; at += entriesAtOnce) {
    const batch = wanted
      .slice(at, at + entriesAtOnce)
      .map((name) => findEntry(context, folder, name, root, symlinks, calls));
    for (const entry of await Promise.all(batch)) if (entry !== undefined) entries.push(entry);
  }
  const page = formatFolderList(context.uri, context.query, entries, ignoreCase, escapePath);
  return { contentType: `${contentType};charset=${charset}`, body: Buffer.from(page, 'latin1') };
}

/** Undefined for what a request for it would not get. */
async function findEntry(
  context: RequestContext,
  folder: string,
  name: string,
  root: string,
  symlinks: SymlinkPolicy,
  calls: FileCalls,
): Promise<ListedEntry | undefined> {
  const path = join(folder, name);
  let isFolder: boolean;
  try {
    checkStaticPath(path, root);
    const found = await calls.run(path, statStatic(path, root, symlinks));
    isFolder = found.isDirectory();
    if (!isFolder && !found.isFile()) return undefined;
  } catch {
    return undefined; // refused or gone: it is not shown, as it would not be served
  }
  const byteName = toByteString(name);
  return mayHave(context, path, byteName, isFolder) ? { name: byteName, isFolder } : undefined;
}

/** By the sections of the configuration. Where it needs another authentication than the folder, nobody knows yet. */
function mayHave(context: RequestContext, path: string, name: string, isFolder: boolean): boolean {
  const { connection, server } = context;
  const scope = server.scopeOf(
    matchSections(server.scope, {
      urlPath: `${context.uri}${name}`,
      directory: isFolder ? path : path.slice(0, path.lastIndexOf('/')) || '/',
      filename: path,
    }),
  );
  if (scope === context.scope) return true;
  if (scope.authorization !== undefined) return scope.authorization === context.scope.authorization;
  const environment = environmentOf(context);
  return decideAccess(scope.access, {
    remoteAddress: context.clientAddress,
    localAddress: connection.localAddress,
    method: 'GET',
    environment: (wanted) => environment.get(wanted),
    subject: () => expressionSubjectOf(context),
  }).allowed;
}
