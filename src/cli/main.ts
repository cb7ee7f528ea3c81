/**
 * The command line: reads arguments, calls a command, and is the one place that turns errors into exit statuses. A command is
 * loaded when it is called: no process has to hold what belongs to the others.
 */

import { Command, CommanderError, Option } from 'commander';
import { StillhouseError, UsageError } from '../base/errors.js';
import { packageVersion } from '../server/server-version.js';
import { joinPairs } from './option-pairs.js';
import { collect, integer } from './option-values.js';
import type { ServeFlags } from './serve.js';
import { addServeOptions } from './serve-options.js';

const explainExample = `
Example:
  stillhouse explain -f site.conf --header 'X-Forwarded-Proto: https' --from 203.0.113.9 http://www.example.com/app/x`;

const exitOk = 0;
const exitFailed = 1;
const exitUsage = 2;

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
    .action(async (flags) => finish(await (await import('./run.js')).run(flags)));
  program
    .command('check')
    .description('check a configuration; exit status 0, or 1 with file:line:column messages')
    .addOption(configFile)
    .addOption(define)
    .addOption(serverRoot)
    .option('--quiet', 'errors only, no warnings')
    .option('--strict', 'warnings count as errors')
    .option('--json', 'as a JSON array, on standard output')
    .action(async (flags) => finish((await import('./check.js')).check(flags)));
  program
    .command('explain')
    .description(
      'what the configuration does with one request, and why, with the lines that say so; nothing is started',
    )
    .argument('<url>', 'http://name/path or https://name/path; a path alone is asked for at the first Listen address')
    .addOption(configFile)
    .addOption(define)
    .addOption(serverRoot)
    .option('--method <method>', 'the method of the request', 'GET')
    .option('--header <name: value>', 'a header field of the request; may be repeated', collect)
    .option('--from <address>', 'the address that the request comes from', '127.0.0.1')
    .option('--to <address>', 'the address of this machine that it comes to, where there are several')
    .option('--json', 'as JSON')
    .addHelpText('after', explainExample)
    .action(async (url: string, flags) => finish(await (await import('./explain.js')).explain(url, flags)));
  program
    .command('info')
    .description('versions, MPM and Python, as httpd -V tells them')
    .option('-f, --config <file>', 'also read this configuration')
    .addOption(define)
    .addOption(serverRoot)
    .action(async (flags) => finish((await import('./info.js')).info(flags)));
  addServe(program);
  addControl(program, define, serverRoot);
  return program;
}

function addServe(program: Command): void {
  const command = program
    .command('serve')
    .description(
      "serve one application: site.wsgi, path.py:callable or package.module:callable. Options are mod_wsgi-express's.",
    )
    .argument('<app>', 'site.wsgi, path.py:callable or package.module:callable');
  addServeOptions(command).action(async (app: string, flags: ServeFlags) =>
    finish(await (await import('./serve.js')).serve(app, flags)),
  );
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
    .action(async (flags) => finish(await (await import('./ps.js')).ps(flags)));
  addCommand(
    'reload',
    'read the configuration anew, as SIGHUP does: changed groups get new processes, others keep theirs',
  ).action(async (flags) => finish(await (await import('./reload.js')).reload(flags)));
  addCommand(
    'restart',
    'replace the processes of one process group, or of all, one after another, without a lost request',
  )
    .argument('[group]', 'name of the group, as WSGIDaemonProcess has it')
    .action(async (group: string | undefined, flags) =>
      finish(await (await import('./restart.js')).restart(group, flags)),
    );
  addCommand('reopen-logs', 'open the logs anew after they were moved, as SIGUSR2 does').action(async (flags) =>
    finish(await (await import('./reopen-logs.js')).reopenLogs(flags)),
  );
  addCommand('stop', 'stop a running server, as SIGTERM does, and wait until it is gone').action(async (flags) =>
    finish(await (await import('./stop.js')).stop(flags)),
  );
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

void main().then(finish);
