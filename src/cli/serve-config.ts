/**
 * The httpd.conf that `serve` stands for: options named as mod_wsgi-express names them, with its defaults, as the
 * directives that do the same. `serve --print-config` prints it; `run -f` of that file does the same again.
 */

import { dirname, extname, resolve } from 'node:path';
import { UsageError } from '../base/errors.js';
import type { MpmName } from '../server/mpm-directives.js';

/** What --map-head-to-get may say. */
export const mapHeadToGetWords = ['Auto', 'On', 'Off'] as const;

/** What `serve` is asked for. Paths may be relative to `folder`. */
export interface ServeOptions {
  readonly mpm?: MpmName | undefined;
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
  readonly serverBacklog: number;
  readonly keepAliveTimeout: number;
  readonly trustProxyHeader?: readonly string[] | undefined;
  readonly trustProxy?: readonly string[] | undefined;
  readonly socketTimeout: number;
  readonly responseSocketTimeout: number;
  readonly connectTimeout: number;
  readonly queueTimeout: number;
  readonly requestTimeout: number;
  readonly interruptTimeout: number;
  readonly startupTimeout: number;
  readonly deadlockTimeout: number;
  readonly gracefulTimeout: number;
  readonly evictionTimeout: number;
  readonly shutdownTimeout: number;
  readonly maximumRequests: number;
  readonly maximumRequestsJitter: number;
  readonly restartInterval: number;
  readonly restartJitter: number;
  readonly inactivityTimeout: number;
  readonly ignoreActivity?: readonly string[] | undefined;
  /** Bytes, with K, M or G if wanted. */
  readonly memoryRecycle?: string | undefined;
  readonly cpuTimeLimit: number;
  readonly memoryLimit: number;
  readonly virtualMemoryLimit: number;
  readonly stackSize?: number | undefined;
  readonly daemonBacklog: number;
  readonly sendBufferSize: number;
  readonly receiveBufferSize: number;
  readonly headerBufferSize: number;
  readonly responseBufferSize: number;
  readonly displayName: string;
  readonly readyUrl?: string | undefined;
  readonly switchInterval?: number | undefined;
  readonly serverMetrics?: boolean | undefined;
  readonly orphanInterpreter?: boolean | undefined;
  readonly disableReloading?: boolean | undefined;
  readonly errorOverride?: boolean | undefined;
  readonly mapHeadToGet: (typeof mapHeadToGetWords)[number];
  readonly rewriteRules?: string | undefined;
  readonly serviceScript?: readonly (readonly [name: string, path: string])[] | undefined;
  readonly serviceUser?: readonly (readonly [name: string, user: string])[] | undefined;
  readonly serviceGroup?: readonly (readonly [name: string, group: string])[] | undefined;
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
  readonly pidFile?: string | undefined;
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
  if (options.mpm !== undefined) add(`LoadModule mpm_${options.mpm}_module modules/mod_mpm_${options.mpm}.so`);
  // There are no virtual hosts, where alone a ServerAlias may stand: this server answers to every name.
  if ((options.serverAlias ?? []).length > 0)
    add(`# Also known as: ${(options.serverAlias ?? []).map(quote).join(' ')}`);
  if (options.serverAdmin !== undefined) add(`ServerAdmin ${quote(options.serverAdmin)}`);
  add('ServerTokens ProductOnly');
  add('ServerSignature Off');
  add('TraceEnable Off');
  if (options.user !== undefined) add(`User ${quote(options.user)}`);
  if (options.group !== undefined) add(`Group ${quote(options.group)}`);
  if (options.pidFile !== undefined) add(`PidFile ${path(options.pidFile)}`);
  if (options.socketPrefix !== undefined) add(`WSGISocketPrefix ${path(options.socketPrefix)}`);
  add(`ListenBacklog ${options.serverBacklog}`);
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
  if (options.orphanInterpreter === true) add('WSGIDestroyInterpreter Off');
  if (options.disableReloading === true) add('WSGIScriptReloading Off');
  if (options.passAuthorization) add('WSGIPassAuthorization On');
  if (options.chunkedRequest === true) add('WSGIChunkedRequest On');
  if (options.mapHeadToGet !== 'Auto') add(`WSGIMapHEADToGET ${options.mapHeadToGet}`);
  if (options.errorOverride === true) add('WSGIErrorOverride On');
  for (const [directive, words] of [
    ['WSGITrustedProxyHeaders', options.trustProxyHeader ?? []],
    ['WSGITrustedProxies', options.trustProxy ?? []],
  ] as const) {
    if (words.length > 0) add(`${directive} ${words.map(quote).join(' ')}`);
  }
  for (const url of options.ignoreActivity ?? [])
    add(`<Location ${quote(url)}>\n    WSGIIgnoreActivity On\n</Location>`);
  for (const [status, target] of options.errorDocument ?? []) add(`ErrorDocument ${status} ${quote(target)}`);
  add('');
  if (options.rewriteRules !== undefined) {
    add('RewriteEngine On');
    add(`Include ${path(options.rewriteRules)}`);
    add('');
  }
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
  for (const service of formatServices(options, folder)) add(service);
  for (const file of options.includeFile ?? []) add(`Include ${path(file)}`);
  return `${lines.join('\n')}\n`;
}

/** Name of the script that is made for an application in a module. */
export const generatedScriptName = 'application.wsgi';

function formatDaemonProcess(options: ServeOptions, groupName: string, folder: string): string {
  return formatProcessGroup(groupName, [
    ...option('processes', options.processes),
    ...option('threads', options.threads),
    formatDisplayName(options.displayName),
    ...formatSurroundings(options, folder),
    ...option('switch-interval', options.switchInterval),
    ...option('server-metrics', options.serverMetrics === true ? 'On' : undefined),
    ...option('stack-size', options.stackSize, 0),
    ...option('ready-url', options.readyUrl),
    ...option('connect-timeout', options.connectTimeout),
    ...option('socket-timeout', options.socketTimeout),
    ...option('response-socket-timeout', options.responseSocketTimeout, 0),
    ...option('queue-timeout', options.queueTimeout),
    ...option('request-timeout', options.requestTimeout, 0),
    ...option('interrupt-timeout', options.interruptTimeout, 0),
    ...option('startup-timeout', options.startupTimeout, 0),
    ...option('deadlock-timeout', options.deadlockTimeout),
    ...option('graceful-timeout', options.gracefulTimeout),
    ...option('eviction-timeout', options.evictionTimeout, 0),
    ...option('shutdown-timeout', options.shutdownTimeout),
    ...option('maximum-requests', options.maximumRequests, 0),
    ...option('maximum-requests-jitter', options.maximumRequestsJitter, 0),
    ...option('restart-interval', options.restartInterval, 0),
    ...option('restart-jitter', options.restartJitter, 0),
    ...option('inactivity-timeout', options.inactivityTimeout, 0),
    ...option('memory-recycle', options.memoryRecycle, '0'),
    ...option('cpu-time-limit', options.cpuTimeLimit, 0),
    ...option('memory-limit', options.memoryLimit, 0),
    ...option('virtual-memory-limit', options.virtualMemoryLimit, 0),
    ...option('listen-backlog', options.daemonBacklog, 100),
    ...option('send-buffer-size', options.sendBufferSize, 0),
    ...option('receive-buffer-size', options.receiveBufferSize, 0),
    ...option('header-buffer-size', options.headerBufferSize, 0),
    ...option('response-buffer-size', options.responseBufferSize, 0),
    ...option('reload-on-changes', options.reloadOnChanges === true ? 'On' : undefined),
  ]);
}

/** Each service is a group of its own without request threads, as mod_wsgi-express makes it. */
function formatServices(options: ServeOptions, folder: string): readonly string[] {
  const users = new Map(options.serviceUser ?? []);
  const groups = new Map(options.serviceGroup ?? []);
  const scripts = options.serviceScript ?? [];
  for (const [flag, names] of [
    ['--service-user', users.keys()],
    ['--service-group', groups.keys()],
  ] as const) {
    for (const name of names) {
      if (!scripts.some(([service]) => service === name)) {
        throw new UsageError(`${flag} ${name}: there is no --service-script ${name}`);
      }
    }
  }
  return scripts.flatMap(([name, script]) => {
    const groupName = `service:${name}`;
    return [
      '',
      formatProcessGroup(groupName, [
        'threads=0',
        formatDisplayName('%{GROUP}'),
        ...option('user', users.get(name)),
        ...option('group', groups.get(name)),
        ...formatSurroundings(options, folder),
        ...option('server-metrics', options.serverMetrics === true ? 'On' : undefined),
      ]),
      `WSGIImportScript ${quote(resolve(folder, script))} process-group=${quote(groupName)} application-group=%{GLOBAL}`,
    ];
  });
}

/** What the application and its services have in common. */
function formatSurroundings(options: ServeOptions, folder: string): readonly string[] {
  const pythonPath = (options.pythonPath ?? []).map((one) => resolve(folder, one)).join(':');
  return [
    ...option('home', resolve(folder, options.workingDirectory ?? '.')),
    ...option('python-path', pythonPath, ''),
    ...option('python-home', options.pythonHome === undefined ? undefined : resolve(folder, options.pythonHome)),
    ...option('lang', options.locale),
    ...option('locale', options.locale),
  ];
}

function formatProcessGroup(name: string, words: readonly string[]): string {
  return [`WSGIDaemonProcess ${quote(name)}`, ...words].join(' \\\n    ');
}

/** One option, or none where it has no value or the one that goes `without` saying: the text is for people to read. */
function option(name: string, value: string | number | undefined, without?: string | number): readonly string[] {
  return value === undefined || value === without ? [] : [`${name}=${quote(String(value))}`];
}

function formatDisplayName(name: string): string {
  return `display-name=${name === '%{GROUP}' ? name : quote(name)}`;
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
