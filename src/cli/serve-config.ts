/**
 * The httpd.conf that `serve` stands for: options named as mod_wsgi-express names them, with its defaults, as the
 * directives that do the same. `serve --print-config` prints it; `run -f` of that file does the same again.
 */

import { dirname, extname, resolve } from 'node:path';
import { UsageError } from '../base/errors.js';

/** What `serve` is asked for. Paths may be relative to `folder`. */
export interface ServeOptions {
  readonly host?: string | undefined;
  readonly port: number;
  readonly serverName?: string | undefined;
  readonly serverAlias?: readonly string[] | undefined;
  /** Undefined: one process, and the application is told that it is the only one. */
  readonly processes?: number | undefined;
  readonly threads: number;
  readonly mountPoint: string;
  readonly callableObject: string;
  readonly workingDirectory?: string | undefined;
  readonly pythonPath?: readonly string[] | undefined;
  readonly pythonHome?: string | undefined;
  readonly urlAlias?: readonly (readonly [urlPath: string, path: string])[] | undefined;
  readonly documentRoot?: string | undefined;
  readonly directoryIndex?: string | undefined;
  readonly errorDocument?: readonly (readonly [status: string, target: string])[] | undefined;
  readonly setenv?: readonly (readonly [name: string, value: string])[] | undefined;
  readonly passenv?: readonly string[] | undefined;
  readonly user?: string | undefined;
  readonly group?: string | undefined;
  readonly limitRequestBody: number;
  readonly keepAliveTimeout: number;
  readonly socketTimeout: number;
  readonly connectTimeout: number;
  readonly queueTimeout: number;
  readonly shutdownTimeout: number;
  readonly deadlockTimeout: number;
  readonly chunkedRequest?: boolean | undefined;
  readonly reloadOnChanges?: boolean | undefined;
  readonly passAuthorization: boolean;
  readonly locale?: string | undefined;
  readonly serverAdmin?: string | undefined;
  readonly logLevel: string;
  readonly logDirectory?: string | undefined;
  readonly accessLog?: boolean | undefined;
  readonly accessLogFormat: string;
  readonly socketPrefix?: string | undefined;
  readonly includeFile?: readonly string[] | undefined;
}

/** What an application's name on the command line means. */
export interface Application {
  /** The WSGI script that WSGIScriptAlias names. */
  readonly script: string;
  readonly callable: string;
  /** Its text, where the script has to be made: the application is in a module, not in a file that was named. */
  readonly scriptText: string | undefined;
}

/**
 * Reads site.wsgi, path.py:callable or package.module:callable.
 * @param generatedScript where the script of a module is put
 */
export function parseApplication(
  app: string,
  callableObject: string,
  folder: string,
  generatedScript: string,
): Application {
  const colon = app.lastIndexOf(':');
  const [target, named] = colon > 0 ? [app.slice(0, colon), app.slice(colon + 1)] : [app, undefined];
  const callable = named ?? callableObject;
  if (!/^[A-Za-z_]\w*$/.test(callable)) {
    throw new UsageError(`'${callable}' is no name that a module can hold: write ${target}:name`);
  }
  if (/[/\\]/.test(target) || ['.wsgi', '.py'].includes(extname(target))) {
    return { script: resolve(folder, target), callable, scriptText: undefined };
  }
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(target)) {
    throw new UsageError(
      `'${app}' is neither a file (site.wsgi, path.py:callable) nor a module (package.module:callable)`,
    );
  }
  const scriptText = `# Made by: stillhouse serve ${app}\nfrom ${target} import ${callable}\n`;
  return { script: generatedScript, callable, scriptText };
}

/** The configuration as text. */
export function formatServeConfig(options: ServeOptions, application: Application, folder: string): string {
  const path = (text: string): string => quote(resolve(folder, text));
  const groupName = `${options.host ?? options.serverName ?? 'localhost'}:${options.port}`;
  const lines: string[] = [
    `ServerRoot ${quote(folder)}`,
    `Listen ${formatListen(options.host, options.port)}`,
    `ServerName ${options.serverName ?? 'localhost'}`,
  ];
  const add = (line: string): void => {
    lines.push(line);
  };
  // There are no virtual hosts, where alone a ServerAlias may stand: this server answers to every name.
  if ((options.serverAlias ?? []).length > 0)
    add(`# Also known as: ${(options.serverAlias ?? []).map(quote).join(' ')}`);
  if (options.serverAdmin !== undefined) add(`ServerAdmin ${quote(options.serverAdmin)}`);
  add('ServerTokens ProductOnly');
  add('ServerSignature Off');
  if (options.user !== undefined) add(`User ${quote(options.user)}`);
  if (options.group !== undefined) add(`Group ${quote(options.group)}`);
  if (options.socketPrefix !== undefined) add(`WSGISocketPrefix ${path(options.socketPrefix)}`);
  add(`Timeout ${options.socketTimeout}`);
  if (options.keepAliveTimeout === 0) add('KeepAlive Off');
  else add(`KeepAliveTimeout ${options.keepAliveTimeout}`);
  add(`LimitRequestBody ${options.limitRequestBody}`);
  add(`LogLevel ${options.logLevel}`);
  if (options.logDirectory !== undefined) add(`ErrorLog ${path(`${options.logDirectory}/error_log`)}`);
  if (options.accessLog === true) {
    const file = options.logDirectory === undefined ? '"/dev/stdout"' : path(`${options.logDirectory}/access_log`);
    add(`CustomLog ${file} ${quote(accessLogFormat(options.accessLogFormat))}`);
  }
  for (const name of options.passenv ?? []) add(`PassEnv ${name}`);
  for (const [name, value] of options.setenv ?? []) add(`SetEnv ${name} ${quote(value)}`);
  add('');
  add(formatDaemonProcess(options, groupName, folder));
  add(`WSGIProcessGroup ${quote(groupName)}`);
  add('WSGIApplicationGroup %{GLOBAL}');
  add('WSGIRestrictEmbedded On');
  if (options.passAuthorization) add('WSGIPassAuthorization On');
  if (options.chunkedRequest === true) add('WSGIChunkedRequest On');
  for (const [status, target] of options.errorDocument ?? []) add(`ErrorDocument ${status} ${quote(target)}`);
  add('');
  const documents = options.documentRoot;
  if (documents !== undefined) {
    add(`DocumentRoot ${path(documents)}`);
    add(formatDirectory(path(documents), options.directoryIndex));
    add('# A file of the document root comes before the application.');
    add('RewriteEngine On');
    if (options.directoryIndex !== undefined) {
      const index = `%{DOCUMENT_ROOT}%{REQUEST_URI}${options.directoryIndex}`;
      add(`RewriteCond "${index}" -f`);
      add(`RewriteRule "/$" "${index}" [L]`);
    }
    add('RewriteCond "%{DOCUMENT_ROOT}%{REQUEST_URI}" -f');
    add('RewriteRule "^" "%{DOCUMENT_ROOT}%{REQUEST_URI}" [L]');
    add('');
  }
  for (const [urlPath, target] of longestFirst(options.urlAlias ?? [])) {
    add(`Alias ${quote(urlPath)} ${path(target)}`);
    add(formatDirectory(path(target), options.directoryIndex));
  }
  const callable = application.callable === 'application' ? '' : ` callable-object=${application.callable}`;
  add(
    `WSGIScriptAlias ${quote(options.mountPoint)} ${quote(application.script)} process-group=${quote(groupName)} application-group=%{GLOBAL}${callable}`,
  );
  add(formatDirectory(quote(dirname(application.script)), undefined));
  for (const file of options.includeFile ?? []) add(`Include ${path(file)}`);
  return `${lines.join('\n')}\n`;
}

/** Name of the script that is made for an application in a module. */
export const generatedScriptName = 'application.wsgi';

function formatDaemonProcess(options: ServeOptions, groupName: string, folder: string): string {
  const words = [
    `WSGIDaemonProcess ${quote(groupName)}`,
    ...(options.processes === undefined ? [] : [`processes=${options.processes}`]),
    `threads=${options.threads}`,
    'display-name=%{GROUP}',
    `home=${quote(resolve(folder, options.workingDirectory ?? '.'))}`,
    ...((options.pythonPath ?? []).length === 0
      ? []
      : [`python-path=${quote((options.pythonPath ?? []).map((one) => resolve(folder, one)).join(':'))}`]),
    ...(options.pythonHome === undefined ? [] : [`python-home=${quote(resolve(folder, options.pythonHome))}`]),
    ...(options.locale === undefined ? [] : [`lang=${quote(options.locale)}`, `locale=${quote(options.locale)}`]),
    `connect-timeout=${options.connectTimeout}`,
    `socket-timeout=${options.socketTimeout}`,
    `queue-timeout=${options.queueTimeout}`,
    `deadlock-timeout=${options.deadlockTimeout}`,
    `shutdown-timeout=${options.shutdownTimeout}`,
    ...(options.reloadOnChanges === true ? ['reload-on-changes=On'] : []),
  ];
  return words.join(' \\\n    ');
}

function formatDirectory(quotedPath: string, directoryIndex: string | undefined): string {
  const index = directoryIndex === undefined ? '' : `\n    DirectoryIndex ${directoryIndex}`;
  return `<Directory ${quotedPath}>${index}\n    Require all granted\n</Directory>`;
}

function formatListen(host: string | undefined, port: number): string {
  if (host === undefined) return String(port);
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function accessLogFormat(name: string): string {
  return name === 'common' || name === 'combined' ? name : name.replaceAll('"', '\\"');
}

/** mod_alias takes the first that matches. */
function longestFirst<T extends readonly [string, string]>(aliases: readonly T[]): readonly T[] {
  return [...aliases].sort((a, b) => b[0].length - a[0].length);
}

function quote(text: string): string {
  return /^[\w./:%@+,=-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
