/** What mod_dir does with requests for folders: the slash at the end of their name, their index, FallbackResource. */

import { join } from 'node:path';
import { toByteString } from '../base/byte-string.js';
import { defaultDirectoryIndex, dirSettings } from './dir-directives.js';
import type { FileLookup, FoundFile } from './file-lookup.js';
import type { RequestContext } from './request-context.js';
import { escapePath, translateUrl } from './url-translation.js';

/** A folder is found by its name with a slash, whatever handler it has (mod_dir's fixup). */
export function lacksSlash({ scope, uri }: RequestContext, found: FoundFile): boolean {
  if (found.kind !== 'directory' || found.rest !== '' || uri.endsWith('/')) return false;
  return scope.settings.get(dirSettings.directorySlash, true);
}

/** Where the client finds the folder. */
export function withSlash({ query, uri }: RequestContext): string {
  return `${escapePath(uri)}/${query === '' ? '' : `?${query}`}`;
}

/** The path of a folder's index, or of FallbackResource where there is neither that nor a file. */
export function findIndex(
  context: RequestContext,
  files: FileLookup,
  found: FoundFile | undefined,
  handler: string | undefined,
): string | undefined {
  const { settings } = context.scope;
  const isFolder = found?.kind === 'directory' && found.rest === '';
  if (isFolder && context.uri.endsWith('/')) {
    for (const name of settings.get(dirSettings.directoryIndex, defaultDirectoryIndex)) {
      const isPath = name.startsWith('/');
      const uri = isPath ? toByteString(name) : context.uri + toByteString(name);
      const isThere = isPath ? isFile(context, files, uri) : files.kindOf(join(found.filename, name)) === 'file';
      if (isThere) return uri;
    }
  }
  const fallback = settings.find(dirSettings.fallbackResource);
  if (fallback === undefined || fallback === '') return undefined;
  const isMissing = found === undefined || found.kind === 'missing';
  if (!isFolder && !(isMissing && handler === undefined)) return undefined;
  return isFile(context, files, fallback) ? fallback : undefined;
}

/** Whether a path of this server is that of a file or a script. */
function isFile({ server }: RequestContext, files: FileLookup, uri: string): boolean {
  const translation = translateUrl(server, uri);
  if (translation.kind === 'script') return files.find(translation.target).kind === 'file';
  return translation.kind === 'file' && files.find(translation.path).kind === 'file';
}
