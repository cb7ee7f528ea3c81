/**
 * Per-directory rules: run after the URL was mapped to a file, on the part of its path below the directory. The result
 * is made a URL path again and the request starts over with it.
 */

import { schemeLength } from './absolute-uri.js';
import type { RewriteOutcome, RewriteResult } from './rewrite-outcome.js';
import { type PassEnd, RewritePass } from './rewrite-pass.js';
import type { RewriteRequest, RewriteServices } from './rewrite-request.js';
import type { RuleSet } from './rule.js';
import { redirectResult } from './server-rewrite.js';

export interface DirectoryRewriteOptions {
  /** The section's directory, or that of the .htaccess file. */
  readonly directory: string;
  /** RewriteBase. */
  readonly base: string | undefined;
  /** RewriteOptions AllowNoSlash: also rewrite requests for the directory itself that lack the trailing slash. */
  readonly allowNoSlash?: boolean;
  /** RewriteOptions IgnoreContextInfo: leave aliases out when making a URL of the result. */
  readonly ignoreContextInfo?: boolean;
  readonly trace?: boolean;
}

/**
 * Applies the rules of a directory whose RewriteEngine is on. Not to be called after an outcome with `end`, nor where
 * Options permits neither FollowSymLinks nor SymLinksIfOwnerMatch (Apache then answers 403).
 */
export function rewriteForDirectory(
  set: RuleSet,
  request: RewriteRequest,
  services: RewriteServices,
  options: DirectoryRewriteOptions,
): RewriteOutcome {
  const directory = options.directory.endsWith('/') ? options.directory : `${options.directory}/`;
  const start = { filename: request.filename, directory, trace: options.trace === true };
  const pass = new RewritePass(set, request, services, start);
  if (`${request.filename}/` === directory && options.allowNoSlash !== true) {
    pass.steps?.push({ label: undefined, text: `'${request.filename}' lacks the trailing slash, so no rule is tried` });
    return pass.outcome({ kind: 'declined' });
  }
  return pass.outcome(directoryResult(pass, pass.run(), directory, options));
}

function directoryResult(
  pass: RewritePass,
  end: PassEnd,
  directory: string,
  options: DirectoryRewriteOptions,
): RewriteResult {
  if (end.kind === 'unchanged') return { kind: 'declined' };
  if (end.kind === 'status') return end;
  const redirect = redirectResult(pass, end.noEscape, (uri) => withBase(uri, directory, options.base));
  if (redirect !== undefined) return redirect;
  const { filename, query } = pass;
  // Starting over with the URL that led here would never end.
  if (filename === pass.request.filename) {
    pass.steps?.push({
      label: undefined,
      text: 'the rewritten path is the one the request came with, so it goes on with that',
    });
    const discardPathInfo = pass.pathInfo === '' && pass.request.pathInfo !== '';
    return { kind: 'file', filename, query, discardPathInfo };
  }
  const uri = urlPathOf(pass, directory, options);
  pass.steps?.push({ label: undefined, text: `starts over with '${uri}'` });
  return { kind: 'internal-redirect', uri, query };
}

/** The path as a URL path: below RewriteBase, else below the document root, else below the alias in use. */
function urlPathOf(pass: RewritePass, directory: string, options: DirectoryRewriteOptions): string {
  const { filename, request } = pass;
  let uri = filename;
  if (options.base !== undefined) uri = moved(filename, directory, options.base);
  else {
    const root = (request.fact('DOCUMENT_ROOT') ?? '').replace(/\/$/, '');
    if (filename.startsWith(`${root}/`)) return filename.slice(root.length);
  }
  if (uri !== filename || options.ignoreContextInfo === true) return uri;
  const contextRoot = request.fact('CONTEXT_DOCUMENT_ROOT') ?? '';
  const prefix = request.fact('CONTEXT_PREFIX');
  return contextRoot === '' || prefix === undefined ? uri : moved(filename, contextRoot, prefix);
}

/** A redirect's directory turned into RewriteBase; without one it stays a file path, which is what RewriteBase is for. */
function withBase(uri: string, directory: string, base: string | undefined): string {
  const slash = uri.indexOf('/', schemeLength(uri));
  if (base === undefined || slash === -1) return uri;
  return uri.slice(0, slash) + moved(uri.slice(slash), directory, base);
}

/** `path` with the prefix `from` replaced by `to`; unchanged where it has another one. */
function moved(path: string, from: string, to: string): string {
  const prefix = from.endsWith('/') ? from : `${from}/`;
  return path.startsWith(prefix) ? `${to.replace(/\/$/, '')}/${path.slice(prefix.length)}` : path;
}
