/**
 * Per-server rules: run before the URL is mapped to a file. They see the decoded URL path, and their result is a URL
 * path or a file path; which of the two, Apache decides by looking at the file system.
 */

import { escapeAbsoluteUri, schemeLength } from './absolute-uri.js';
import type { RewriteOutcome, RewriteResult } from './rewrite-outcome.js';
import { type PassEnd, RewritePass } from './rewrite-pass.js';
import type { RewriteRequest, RewriteServices } from './rewrite-request.js';
import type { RuleSet } from './rule.js';
import { escapePath, hasRawControls } from './uri-escapes.js';

export interface ServerRewriteOptions {
  readonly trace?: boolean;
  /** RewriteOptions AllowAnyURI: also look at request targets such as `*` that are no URL path. */
  readonly allowAnyUri?: boolean;
}

/** Applies the rules of a server or virtual host whose RewriteEngine is on. */
export function rewriteForServer(
  set: RuleSet,
  request: RewriteRequest,
  services: RewriteServices,
  options: ServerRewriteOptions = {},
): RewriteOutcome {
  const trace = options.trace === true;
  const pass = new RewritePass(set, request, services, { filename: request.uri, directory: undefined, trace });
  if (!request.uri.startsWith('/') && options.allowAnyUri !== true) {
    pass.steps?.push({ label: undefined, text: `'${request.uri}' is not a URL path, so no rule is tried` });
    return pass.outcome({ kind: 'declined' });
  }
  return pass.outcome(serverResult(pass, pass.run()));
}

function serverResult(pass: RewritePass, end: PassEnd): RewriteResult {
  if (end.kind === 'unchanged') return { kind: 'declined' };
  if (end.kind === 'status') return end;
  // With PT, Apache takes even `http://other/` for a path and answers 400; here that stays a redirect.
  if (end.passThrough && schemeLength(pass.filename) === 0) {
    if (pass.query !== undefined && hasRawControls(pass.query)) return refuseQuery(pass);
    pass.steps?.push({ label: undefined, text: `passed through as '${pass.filename}'` });
    return { kind: 'passthrough', uri: pass.filename, query: pass.query };
  }
  const redirect = redirectResult(pass, end.noEscape);
  if (redirect !== undefined) return redirect;
  if (!pass.filename.startsWith('/')) return { kind: 'status', status: 400 };
  const filename = isFilePath(pass) ? pass.filename : inDocumentRoot(pass);
  pass.steps?.push({ label: undefined, text: `goes on with file '${filename}'` });
  return { kind: 'file', filename, query: pass.query, discardPathInfo: false };
}

/** The redirect to another URL, a refusal of its query string, or undefined where the path is a local one. */
export function redirectResult(
  pass: RewritePass,
  noEscape: boolean,
  adjust: (uri: string) => string = (uri) => uri,
): RewriteResult | undefined {
  const isRemote = schemeLength(pass.filename) > 0;
  const { query } = pass;
  // Without the escaping of a redirect, a raw blank or line end would go out as it is.
  if (query !== undefined && (noEscape || !isRemote) && hasRawControls(query)) return refuseQuery(pass);
  if (!isRemote) return undefined;
  const adjusted = adjust(pass.filename);
  let location = noEscape ? adjusted : escapeAbsoluteUri(adjusted);
  if (query !== undefined) {
    // The client's own query string is escaped already.
    const asIs = noEscape || query === pass.request.query;
    location += `?${asIs ? query : escapePath(query)}`;
  }
  pass.steps?.push({ label: undefined, text: `redirects to ${location} with ${pass.redirectStatus}` });
  return { kind: 'redirect', location, status: pass.redirectStatus };
}

function refuseQuery(pass: RewritePass): RewriteResult {
  pass.steps?.push({
    label: undefined,
    text: 'the rewritten query string contains control characters or spaces (flag B helps): answering 403',
  });
  return { kind: 'status', status: 403 };
}

/**
 * Whether the result is a file path: its first component must exist. Since Apache 2.4.60 that alone does not do, or a
 * client could name files through a back-reference: the rule must spell the component out, or the path must lie below
 * the document root.
 */
function isFilePath(pass: RewritePass): boolean {
  const path = pass.filename;
  const slash = path.indexOf('/', 1);
  const first = slash === -1 ? path : path.slice(0, slash);
  if (first.length <= 1 || pass.services.fileTest(first) === undefined) return false;
  const rule = pass.lastSubstitution;
  if (rule === undefined || rule.flags.unsafePrefixStat || rule.substitutionText.startsWith(first)) return true;
  const documentRoot = pass.request.fact('DOCUMENT_ROOT') ?? '';
  return documentRoot !== '' && path.startsWith(documentRoot);
}

function inDocumentRoot(pass: RewritePass): string {
  const documentRoot = pass.request.fact('DOCUMENT_ROOT') ?? '';
  return documentRoot.replace(/\/$/, '') + pass.filename;
}
