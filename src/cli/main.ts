/** The command line: reads arguments, calls a command, and is the one place that turns errors into exit statuses. */

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { StillhouseError, UsageError } from '../base/errors.js';
import { packageVersion } from '../server/server-version.js';
import { check } from './check.js';
import { info } from './info.js';
import { ps } from './ps.js';
import { reload } from './reload.js';
import { reopenLogs } from './reopen-logs.js';
import { restart } from './restart.js';
import { run } from './run.js';
import { joinPairs, type ServeFlags, serve, splitPair } from './serve.js';
import { stop } from './stop.js';

const exitOk = 0;
const exitFailed = 1;
const exitUsage = 2;

function integer(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      throw new InvalidArgumentError(max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min} to ${max}`);
    }
    return value;
  };
}

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

function collectPair(
  value: string,
  previous: readonly (readonly [string, string])[] | undefined,
): readonly (readonly [string, string])[] {
  return [...(previous ?? []), splitPair(value)];
}

function createProgram(): Command {
  const program = new Command('stillhouse')
    .description('Hosts Python WSGI applications the way Apache/mod_wsgi does, without Apache.')
    .version(packageVersion)
    .showSuggestionAfterError()
    .exitOverride();
  const configFile = new Option('-f, --config <file>', 'configuration in Apache syntax').default('httpd.conf');
  const define = new Option(
    '-D, --define <name[=value]>',
    'define a name for <IfDefine> and ${NAME}; may be repeated',
  ).argParser(collect);
  const serverRoot = new Option(
    '-d, --server-root <folder>',
    'ServerRoot until the configuration sets it (default: the folder of the file)',
  );

  program
    .command('run')
    .description('serve a configuration in the foreground; SIGTERM and SIGINT stop, SIGHUP and SIGUSR1 reload')
    .addOption(configFile)
    .addOption(define)
    .addOption(serverRoot)
    .action(async (flags) => finish(await run(flags)));
  program
    .command('check')
    .description('check a configuration; exit status 0, or 1 with file:line:column messages')
    .addOption(configFile)
    .addOption(define)
    .addOption(serverRoot)
    .option('--quiet', 'errors only, no warnings')
    .action((flags) => finish(check(flags)));
  program
    .command('info')
    .description('versions, MPM and Python, as httpd -V tells them')
    .option('-f, --config <file>', 'also read this configuration')
    .addOption(define)
    .addOption(serverRoot)
    .action((flags) => finish(info(flags)));
  addServe(program);
  addControl(program, define, serverRoot);
  return program;
}

function addServe(program: Command): void {
  program
    .command('serve')
    .description(
      "serve one application: site.wsgi, path.py:callable or package.module:callable. Options are mod_wsgi-express's.",
    )
    .argument('<app>', 'site.wsgi, path.py:callable or package.module:callable')
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
    .optionsGroup('Address:')
    .option('--host <address>', 'address to listen on (default: all)')
    .option('--port <number>', 'port to listen on; 0 is any free one', integer(0, 65_535), 8000)
    .option('--server-name <name>', 'name of the site')
    .option('--server-alias <name>', 'further name, may hold * and ?; may be repeated', collect)
    .option('--server-admin <address>', 'SERVER_ADMIN')
    .option('--keep-alive-timeout <seconds>', '0: no persistent connections', integer(0), 2)
    .optionsGroup('Capacity:')
    .option(
      '--processes <number>',
      'daemon processes; given at all, the application is told that there are several',
      integer(1),
    )
    .option('--threads <number>', 'request threads in each process', integer(1, 65_533), 5)
    .optionsGroup('Timeouts and limits:')
    .option('--connect-timeout <seconds>', 'wait for a daemon process to be there', integer(0), 15)
    .option('--socket-timeout <seconds>', 'longest silence of a client or of the application', integer(1), 60)
    .option('--queue-timeout <seconds>', 'wait for a free request thread', integer(0), 45)
    .option('--shutdown-timeout <seconds>', 'from the request to stop until a daemon process is killed', integer(0), 5)
    .option('--deadlock-timeout <seconds>', 'a stuck Python interpreter is ended after this long', integer(0), 60)
    .option('--limit-request-body <bytes>', 'longest request body; 0: no limit', integer(0), 10_485_760)
    .optionsGroup('Static files and requests:')
    .option('--document-root <folder>', 'files here come before the application')
    .option('--directory-index <name>', 'file for folders of static files')
    .option('--url-alias <url-path> <path>', 'static file or folder; may be repeated', collectPair)
    .option('--error-document <status> <url>', 'answer for an error status; may be repeated', collectPair)
    .option('--chunked-request', 'let request bodies without a length reach the application')
    .option('--no-pass-authorization', 'withhold the Authorization header from the application')
    .optionsGroup('Rights:')
    .option('--user <name>', 'user to run as, when started as root')
    .option('--group <name>', 'group to run as, when started as root')
    .optionsGroup('Logs and files:')
    .option('--log-level <level>', 'LogLevel', 'info')
    .option('--log-directory <folder>', 'error_log and access_log here (default: the terminal)')
    .option('--access-log', 'write an access log')
    .option('--access-log-format <format>', 'common, combined or a LogFormat', 'common')
    .option('--socket-prefix <path>', 'where sockets are made')
    .option('--include-file <file>', 'further configuration; may be repeated', collect)
    .option('--print-config', 'print the equivalent httpd.conf and end')
    .action(async (app: string, flags: ServeFlags) => finish(await serve(app, flags)));
}

/** Commands for servers that run. */
function addControl(program: Command, define: Option, serverRoot: Option): void {
  const config = new Option(
    '-f, --config <file>',
    'configuration of the server, where it names another runtime folder',
  );
  const pid = new Option('--pid <pid>', 'pid of the server, where several run').argParser(integer(1));
  const addCommand = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .addOption(config)
      .addOption(define)
      .addOption(serverRoot)
      .addOption(pid);
  addCommand('ps', 'the processes of running servers, the role of every thread, and what it is doing')
    .option('--stacks', 'also the Python stack of threads that run a request or belong to the application')
    .option('--json', 'as JSON, with every number as it is')
    .action(async (flags) => finish(await ps(flags)));
  addCommand(
    'reload',
    'read the configuration anew, as SIGHUP does: changed groups get new processes, others keep theirs',
  ).action(async (flags) => finish(await reload(flags)));
  addCommand(
    'restart',
    'replace the processes of one process group, or of all, one after another, without a lost request',
  )
    .argument('[group]', 'name of the group, as WSGIDaemonProcess has it')
    .action(async (group: string | undefined, flags) => finish(await restart(group, flags)));
  addCommand('reopen-logs', 'open the logs anew after they were moved, as SIGUSR2 does').action(async (flags) =>
    finish(await reopenLogs(flags)),
  );
  addCommand('stop', 'stop a running server, as SIGTERM does, and wait until it is gone').action(async (flags) =>
    finish(await stop(flags)),
  );
}

/** UTF-8 also where the server is started without a locale (init, cron, containers). */
function defaultLocale(): string {
  const current = process.env.LC_ALL || process.env.LANG || '';
  return /utf-?8/i.test(current) ? current : 'C.UTF-8';
}

function finish(status: number): void {
  process.exitCode = status;
}

async function main(): Promise<number> {
  try {
    await createProgram().parseAsync(joinPairs(process.argv.slice(2)), { from: 'user' });
    return Number(process.exitCode ?? exitOk);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitOk : exitUsage;
    if (error instanceof StillhouseError) {
      console.error(`stillhouse: ${error.message}`);
      return error instanceof UsageError ? exitUsage : exitFailed;
    }
    console.error(error);
    return exitFailed;
  }
}

process.exitCode = await main();
