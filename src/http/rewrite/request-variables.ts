/** Names of variables that RewriteRule, RewriteCond and expressions have in common, and where their values are. */

import type { RequestFact } from './rewrite-request.js';

/** Those that are a field of the request. */
export const headerVariables: Readonly<Record<string, string>> = {
  HTTP_ACCEPT: 'Accept',
  HTTP_COOKIE: 'Cookie',
  HTTP_FORWARDED: 'Forwarded',
  HTTP_HOST: 'Host',
  HTTP_PROXY_CONNECTION: 'Proxy-Connection',
  HTTP_REFERER: 'Referer',
  HTTP_USER_AGENT: 'User-Agent',
};

/** Those that are a fact of the request by the same name. */
export const factVariables: readonly RequestFact[] = [
  'AUTH_TYPE',
  'CONN_REMOTE_ADDR',
  'CONTEXT_DOCUMENT_ROOT',
  'CONTEXT_PREFIX',
  'DOCUMENT_ROOT',
  'IPV6',
  'REMOTE_ADDR',
  'REMOTE_HOST',
  'REMOTE_IDENT',
  'REMOTE_PORT',
  'REMOTE_USER',
  'SCRIPT_GROUP',
  'SCRIPT_USER',
  'SERVER_ADMIN',
  'SERVER_PROTOCOL',
  'SERVER_SOFTWARE',
];
