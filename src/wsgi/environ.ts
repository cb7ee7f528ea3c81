/**
 * The environ of a request, written straight into the marshal form that the daemon process decodes: CGI variables as
 * Apache's ap_add_common_vars and ap_add_cgi_vars make them, less what mod_wsgi removes (reference 6.2), and mod_wsgi's
 * own string keys. Keys that are no strings (wsgi.*, times) are added in Python, python/stillhouse/adapter.py.
 */

import type { MarshalWriter } from '../wire/marshal.js';
import type { KnownEnviron, PassageWriters } from './known-environ.js';
import type { ProxyFacts } from './trusted-proxies.js';

/** What every environ is made of. */
export interface CommonFacts {
  readonly method: string;
  /** As sent, with query. */
  readonly rawTarget: string;
  readonly query: string;
  /** Decoded, duplicate slashes collapsed; '' at a mount point of '/'. */
  readonly scriptName: string;
  readonly pathInfo: string;
  /** 'HTTP/1.1' */
  readonly protocol: string;
  /** name, value, name, value; as node:http's rawHeaders. */
  readonly rawHeaders: readonly string[];
  readonly serverName: string;
  readonly serverPort: number;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly serverSoftware: string;
  readonly serverAdmin: string | undefined;
  readonly documentRoot: string;
}

export interface EnvironFacts extends CommonFacts {
  readonly scheme: 'http' | 'https';
  readonly localPort: number;
  /** The address in the Listen line; '' where it has none. */
  readonly listenerHost: string;
  readonly scriptFilename: string;
  /** 'wsgi-script', or the name of a WSGIHandlerScript. */
  readonly requestHandler: string;
  /** The path of that script; '' for wsgi-script. */
  readonly handlerScript: string;
  /** Of an absolute request target, in place of the Host field (RFC 9112 section 3.2.2). */
  readonly targetHost: string | undefined;
  /** What a proxy in front says; undefined where nobody asked for that. */
  readonly proxy: ProxyFacts | undefined;
  readonly user: string | undefined;
  readonly authType: string | undefined;
  readonly passAuthorization: boolean;
  /** SetEnv, PassEnv, SetEnvIf, RewriteRule E=. CGI variables of the same name win. */
  readonly environment: ReadonlyMap<string, string>;
  readonly requestId: string;
  readonly connectionId: string;
  /** Pid of this http child. */
  readonly serverPid: string;
}

/** What the daemon process must know of a request beside its environ. */
export interface RequestFacts {
  readonly script: string;
  readonly callable: string;
  readonly scriptReloading: boolean;
  readonly ignoreActivity: boolean;
  /** Seconds since the epoch. */
  readonly requestStart: number;
  readonly queueStart: number;
}

/** What the process of dispatch scripts must know beside the environ. */
export interface DispatchFacts {
  /** The dispatch script. */
  readonly dispatch: string;
  readonly scriptReloading: boolean;
  /** The callable of the script as the configuration has it. */
  readonly callable: string;
}

/** Writes the payload of a request frame that asks a dispatch script. Without a `script` nothing else is run. */
export function writeDispatch(writer: MarshalWriter, environ: EnvironFacts, facts: DispatchFacts): void {
  writer.beginTuple(2);
  writer.beginDict();
  writeEnviron(writer, environ);
  writer.entry('mod_wsgi.callable_object', facts.callable);
  writer.endDict();
  writer.beginDict();
  writer.entry('dispatch', facts.dispatch);
  writer.string('reloads');
  writer.value(facts.scriptReloading);
  writer.endDict();
}

/**
 * Writes the payload of a request frame: the tuple (environ, facts).
 * @param known what the connection's requests before it had in common with it
 */
export function writeRequest(
  writer: MarshalWriter,
  environ: EnvironFacts,
  facts: RequestFacts,
  known?: KnownEnviron,
): void {
  writer.beginTuple(2);
  writer.beginDict();
  writeEnviron(writer, environ, known);
  writer.endDict();
  writer.beginDict();
  if (known === undefined) writeScriptFacts(writer, facts);
  else known.putScript(writer, facts, passages);
  writer.string('request_start');
  writer.value(facts.requestStart);
  writer.string('queue_start');
  writer.value(facts.queueStart);
  writer.endDict();
}

function writeScriptFacts(writer: MarshalWriter, facts: RequestFacts): void {
  writer.entry('script', facts.script);
  writer.entry('callable', facts.callable);
  writer.string('script_reloading');
  writer.value(facts.scriptReloading);
  writer.string('ignore_activity');
  writer.value(facts.ignoreActivity);
}

/** Never passed on: PATH is the server's own, HTTPS becomes wsgi.url_scheme (reference 6.2). */
const withheldVariables = new Set(['PATH']);

const none: ReadonlySet<string> = new Set();

function writeEnviron(writer: MarshalWriter, facts: EnvironFacts, known?: KnownEnviron): void {
  // A key written again later wins, so variables of the configuration come first.
  for (const [name, value] of facts.environment) {
    if (!withheldVariables.has(name)) writer.entry(name, value);
  }
  if (known === undefined) {
    writeSurroundings(writer, facts);
    writeRequestHeaders(writer, facts);
  } else {
    known.putSurroundings(writer, facts, passages);
    known.putHeaders(writer, facts, passages);
  }
  if (facts.targetHost !== undefined) writer.entry('HTTP_HOST', facts.targetHost);
  writeResource(writer, facts);
  if (facts.user !== undefined) writer.entry('REMOTE_USER', facts.user);
  if (facts.authType !== undefined) writer.entry('AUTH_TYPE', facts.authType);
  writer.entry('mod_wsgi.script_name', facts.scriptName);
  writer.entry('mod_wsgi.path_info', facts.pathInfo);
  writer.entry('mod_wsgi.request_id', facts.requestId);
  if (facts.proxy === undefined) return;
  for (const [name, value] of facts.proxy.changed) writer.entry(name, value);
}

/** All that isSameSurroundings (known-environ.ts) compares, and nothing else. */
function writeSurroundings(writer: MarshalWriter, facts: EnvironFacts): void {
  writeEnds(writer, facts);
  writer.entry('REQUEST_SCHEME', facts.scheme);
  writer.entry('CONTEXT_PREFIX', '');
  writer.entry('CONTEXT_DOCUMENT_ROOT', facts.documentRoot);
  writer.entry('SCRIPT_FILENAME', facts.scriptFilename);
  writer.entry('mod_wsgi.request_handler', facts.requestHandler);
  writer.entry('mod_wsgi.handler_script', facts.handlerScript);
  writer.entry('mod_wsgi.listener_host', facts.listenerHost);
  writer.entry('mod_wsgi.listener_port', String(facts.localPort));
  writer.entry('mod_wsgi.connection_id', facts.connectionId);
  writer.entry('mod_wsgi.server_pid', facts.serverPid);
}

function writeRequestHeaders(writer: MarshalWriter, facts: EnvironFacts): void {
  writeHeaders(writer, facts.rawHeaders, facts.passAuthorization, facts.proxy?.removed ?? none);
}

const passages: PassageWriters = {
  surroundings: writeSurroundings,
  headers: writeRequestHeaders,
  script: writeScriptFacts,
};

/** What every environ has, also that of a script that the server itself asks. */
export function writeCommonVariables(writer: MarshalWriter, facts: CommonFacts): void {
  writeResource(writer, facts);
  writeEnds(writer, facts);
}

function writeResource(writer: MarshalWriter, facts: CommonFacts): void {
  writer.entry('REQUEST_METHOD', facts.method);
  writer.entry('REQUEST_URI', facts.rawTarget);
  writer.entry('QUERY_STRING', facts.query);
  writer.entry('SCRIPT_NAME', facts.scriptName);
  writer.entry('PATH_INFO', facts.pathInfo);
}

/** Server and client. */
function writeEnds(writer: MarshalWriter, facts: CommonFacts): void {
  writer.entry('SERVER_PROTOCOL', facts.protocol);
  writer.entry('SERVER_NAME', facts.serverName);
  writer.entry('SERVER_PORT', String(facts.serverPort));
  writer.entry('SERVER_ADDR', facts.localAddress);
  writer.entry('SERVER_SOFTWARE', facts.serverSoftware);
  if (facts.serverAdmin !== undefined) writer.entry('SERVER_ADMIN', facts.serverAdmin);
  writer.entry('REMOTE_ADDR', facts.remoteAddress);
  writer.entry('REMOTE_PORT', String(facts.remotePort));
  writer.entry('DOCUMENT_ROOT', facts.documentRoot);
}

interface HeaderName {
  /** The environ key; undefined: the header is not passed on. */
  readonly key: string | undefined;
  readonly isAuthorization: boolean;
  /** The call of writeHeaders that met this name last, and where it put the value. */
  call: number;
  index: number;
}

/** Names seen so far; bounded, since clients choose them. */
const headerNames = new Map<string, HeaderName>();
const headerNamesLimit = 2000;
let calls = 0;
const keys: string[] = [];
const values: string[] = [];

/** Repeated headers are joined with ', ' as Apache does. */
export function writeHeaders(
  writer: MarshalWriter,
  rawHeaders: readonly string[],
  passAuthorization: boolean,
  withheld: ReadonlySet<string>,
): void {
  calls += 1;
  // Between requests only: within one, every repetition must find the first.
  if (headerNames.size > headerNamesLimit) headerNames.clear();
  keys.length = 0;
  values.length = 0;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = findHeaderName(rawHeaders[at] as string);
    if (name.key === undefined || (name.isAuthorization && !passAuthorization)) continue;
    if (withheld.size > 0 && withheld.has(name.key)) continue;
    const value = rawHeaders[at + 1] as string;
    if (name.call === calls) {
      values[name.index] = `${values[name.index]}, ${value}`;
    } else {
      name.call = calls;
      name.index = keys.length;
      keys.push(name.key);
      values.push(value);
    }
  }
  for (let index = 0; index < keys.length; index++) writer.entry(keys[index] as string, values[index] as string);
}

function findHeaderName(name: string): HeaderName {
  const known = headerNames.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  // One object for all spellings of a name, so that repetitions are recognised.
  let entry = headerNames.get(lower);
  if (entry === undefined) {
    entry = { key: environKey(lower), isAuthorization: lower === 'authorization', call: 0, index: 0 };
    headerNames.set(lower, entry);
  }
  headerNames.set(name, entry);
  return entry;
}

/**
 * Headers with other characters than letters, digits and '-' are dropped: X_Forwarded_For must not pass for
 * X-Forwarded-For. So are Proxy (CVE-2016-5387) and Proxy-Authorization.
 */
function environKey(lower: string): string | undefined {
  if (!/^[a-z0-9-]+$/.test(lower) || lower === 'proxy' || lower === 'proxy-authorization') return undefined;
  const key = lower.replaceAll('-', '_').toUpperCase();
  return key === 'CONTENT_TYPE' || key === 'CONTENT_LENGTH' ? key : `HTTP_${key}`;
}
