/** The options of `serve`: mod_wsgi-express's, under its names and with its defaults, and some of our own. */

import type { Command } from 'commander';
import { mpmNames } from '../server/mpm-directives.js';
import { splitPair } from './option-pairs.js';
import { bufferSize, collect, integer, interval, oneOf, scaledBytes, urlPath } from './option-values.js';
import { mapHeadToGetWords } from './serve-config.js';

type Pair = readonly [string, string];

function collectPair(value: string, previous: readonly Pair[] | undefined): readonly Pair[] {
  return [...(previous ?? []), splitPair(value)];
}

function collectUrl(value: string, previous: readonly string[] | undefined): readonly string[] {
  return collect(urlPath(value), previous);
}

/** Adds all of them, in the groups that --help shows. */
export function addServeOptions(command: Command): Command {
  for (const add of [
    addApplication,
    addAddress,
    addProxies,
    addCapacity,
    addTimeouts,
    addReplacement,
    addLimits,
    addRequests,
    addServices,
    addRights,
    addLogs,
  ]) {
    add(command);
  }
  return command;
}

function addApplication(command: Command): void {
  command
    .optionsGroup('Application:')
    .option('--callable-object <name>', 'name of the WSGI callable in the script', 'application')
    .option('--mount-point <url-path>', 'URL path of the application', '/')
    .option(
      '--working-directory <folder>',
      'working folder of the application, first in its sys.path (default: this folder)',
    )
    .option('--python-path <folder>', 'further folder for sys.path; may be repeated', collect)
    .option('--python-home <folder>', 'virtual environment or installation of Python (default: $VIRTUAL_ENV)')
    .option('--setenv <name> <value>', 'variable for the WSGI environ; may be repeated', collectPair)
    .option('--passenv <name>', 'variable of this environment for the WSGI environ; may be repeated', collect)
    .option('--locale <name>', 'LANG and LC_ALL of the application', defaultLocale())
    .option('--reload-on-changes', 'restart the application when a module it has loaded changes; for development')
    .option('--disable-reloading', 'go on with the script that was loaded when its file changes')
    .option('--ready-url <url-path>', 'a new process must answer this with success before it gets requests', urlPath)
    .option('--switch-interval <seconds>', 'when a Python thread offers the interpreter to others', interval)
    .option('--server-metrics', 'let the application ask for figures of the server')
    .option('--orphan-interpreter', 'end processes without taking the Python interpreter down');
}

function addAddress(command: Command): void {
  command
    .optionsGroup('Address:')
    .option('--host <address>', 'address to listen on (default: all)')
    .option('--port <number>', 'port to listen on; 0 is any free one', integer(0, 65_535), 8000)
    .option('--server-name <name>', 'name of the site')
    .option('--server-alias <name>', 'further name, may hold * and ?; may be repeated', collect)
    .option('--server-admin <address>', 'SERVER_ADMIN')
    .option('--server-backlog <number>', 'connections that the kernel keeps for the server', integer(1), 500)
    .option('--keep-alive-timeout <seconds>', '0: no persistent connections', integer(0), 2);
}

function addProxies(command: Command): void {
  command
    .optionsGroup('Behind a proxy:')
    .option(
      '--trust-proxy-header <name>',
      'header of the proxy that says what is true of the client; may be repeated',
      collect,
    )
    .option(
      '--trust-proxy <address>',
      'address or subnet of the proxy, else any is believed; may be repeated',
      collect,
    );
}

function addCapacity(command: Command): void {
  command
    .optionsGroup('Capacity:')
    .option(
      '--processes <number>',
      'daemon processes; given at all, the application is told that there are several',
      integer(1),
    )
    .option('--threads <number>', 'request threads in each process', integer(1, 65_533), 5)
    .option(
      '--mpm <name>',
      'how requests are taken: prefork, a process for each connection, or worker or event (default: event)',
      oneOf(mpmNames),
    )
    .option('--daemon-backlog <number>', 'connections that the kernel keeps for a process', integer(0), 100)
    .option('--display-name <text>', 'what ps and top show as the name of the processes', '%{GROUP}');
}

function addTimeouts(command: Command): void {
  command
    .optionsGroup('Timeouts; 0 is no limit unless it says otherwise:')
    .option('--connect-timeout <seconds>', 'wait for a daemon process to be there', integer(0), 15)
    .option('--socket-timeout <seconds>', 'longest silence of a client or of the application', integer(1), 60)
    .option('--response-socket-timeout <seconds>', 'a client takes nothing; 0: socket-timeout', integer(0), 0)
    .option('--queue-timeout <seconds>', 'wait for a free request thread', integer(0), 45)
    .option('--request-timeout <seconds>', 'a request runs; longer with several threads', integer(0), 60)
    .option(
      '--interrupt-timeout <seconds>',
      'after request-timeout only the request is ended, and its process where that takes so long; 0: its process at once',
      integer(0),
      0,
    )
    .option('--startup-timeout <seconds>', 'the application is loaded', integer(0), 15)
    .option('--deadlock-timeout <seconds>', 'a stuck Python interpreter is ended after this long', integer(0), 60)
    .option('--graceful-timeout <seconds>', 'a replaced process finishes its requests; 0: not at all', integer(0), 15)
    .option('--eviction-timeout <seconds>', 'the same after SIGUSR1; 0: graceful-timeout', integer(0), 0)
    .option('--shutdown-timeout <seconds>', 'from the request to stop until a daemon process is killed', integer(0), 5);
}

function addReplacement(command: Command): void {
  command
    .optionsGroup('When a process is replaced; 0 is never:')
    .option('--maximum-requests <number>', 'after so many requests', integer(0), 0)
    .option('--maximum-requests-jitter <number>', 'up to so many more, at random', integer(0), 0)
    .option('--restart-interval <seconds>', 'at this age', integer(0), 0)
    .option('--restart-jitter <seconds>', 'up to so much later, at random', integer(0), 0)
    .option('--inactivity-timeout <seconds>', 'when it has been idle for so long', integer(0), 0)
    .option('--ignore-activity <url-path>', 'requests for this do not count as activity; may be repeated', collectUrl)
    .option('--memory-recycle <bytes>', 'when its resident memory is this large; K, M, G', scaledBytes)
    .option('--cpu-time-limit <seconds>', 'when it has used so much processor time', integer(0), 0);
}

function addLimits(command: Command): void {
  command
    .optionsGroup('Limits and buffers; 0 is the default of the system or the server:')
    .option('--limit-request-body <bytes>', 'longest request body; 0: no limit', integer(0), 10_485_760)
    .option('--memory-limit <bytes>', 'data of a process, beyond it MemoryError; 0: no limit', integer(0), 0)
    .option('--virtual-memory-limit <bytes>', 'address space of a process; 0: no limit', integer(0), 0)
    .option('--stack-size <bytes>', 'stack of each thread of a process', bufferSize(32_768))
    .option('--header-buffer-size <bytes>', 'longest header line of a response', bufferSize(8192), 0)
    .option('--response-buffer-size <bytes>', 'what is kept of a response for a slow client', bufferSize(65_536), 0)
    .option('--send-buffer-size <bytes>', 'send buffer between server and process', bufferSize(512), 0)
    .option('--receive-buffer-size <bytes>', 'receive buffer between server and process', bufferSize(512), 0);
}

function addRequests(command: Command): void {
  command
    .optionsGroup('Static files and requests:')
    .option('--document-root <folder>', 'files here come before the application')
    .option('--directory-index <name>', 'file for folders of static files')
    .option('--url-alias <url-path> <path>', 'static file or folder; may be repeated', collectPair)
    .option('--rewrite-rules <file>', 'RewriteCond and RewriteRule lines, which come before all else')
    .option('--error-document <status> <url>', 'answer for an error status; may be repeated', collectPair)
    .option('--error-override', "error documents also in place of the application's own error responses")
    .option('--chunked-request', 'let request bodies without a length reach the application')
    .option(
      '--map-head-to-get <when>',
      'whether the application sees GET for HEAD: Auto, On, Off',
      oneOf(mapHeadToGetWords),
      'Auto',
    )
    .option('--no-pass-authorization', 'withhold the Authorization header from the application');
}

function addServices(command: Command): void {
  command
    .optionsGroup('Services:')
    .option('--service-script <name> <path>', 'script with a process of its own; may be repeated', collectPair)
    .option('--service-user <name> <user>', 'its user, when started as root; may be repeated', collectPair)
    .option('--service-group <name> <group>', 'its group, when started as root; may be repeated', collectPair);
}

function addRights(command: Command): void {
  command
    .optionsGroup('Rights:')
    .option('--user <name>', 'user to run as, when started as root')
    .option('--group <name>', 'group to run as, when started as root');
}

function addLogs(command: Command): void {
  command
    .optionsGroup('Logs and files:')
    .option('--log-level <level>', 'LogLevel', 'info')
    .option('--log-directory <folder>', 'error_log and access_log here (default: the terminal)')
    .option('--access-log', 'write an access log')
    .option('--access-log-format <format>', 'common, combined or a LogFormat', 'common')
    .option('--socket-prefix <path>', 'where sockets are made')
    .option('--pid-file <file>', 'file with the process id of the parent')
    .option('--include-file <file>', 'further configuration; may be repeated', collect)
    .option('--print-config', 'print the equivalent httpd.conf and end');
}

/** UTF-8 also where the server is started without a locale (init, cron, containers). */
function defaultLocale(): string {
  const current = process.env.LC_ALL || process.env.LANG || '';
  return /utf-?8/i.test(current) ? current : 'C.UTF-8';
}
