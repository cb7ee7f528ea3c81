/**
 * The two servers of a scenario as child processes: each with a configuration file of its own that holds what only it
 * needs and includes the scenario's. They listen on the same port of two loopback addresses, so that not even the
 * port's number is different.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { isRoot, unprivilegedUser } from '../support/accounts.js';
import { checkout, program as ownProgram } from '../support/command.js';

export type ServerKind = 'apache' | 'stillhouse';

export const addresses: Readonly<Record<ServerKind, string>> = { apache: '127.0.0.1', stillhouse: '127.0.0.2' };

/** As root both servers give their rights up, so the program must be one that another user can read. */
const { node, program } = unprivilegedUser() ?? { node: process.execPath, program: ownProgram };
/** Not on everybody's PATH. */
const apacheProgram = '/usr/sbin/apache2';
const apacheModules = '/usr/lib/apache2/modules';

/** What a Debian site has enabled and a scenario may use. */
const loadedModules = [
  'mpm_event',
  'auth_basic',
  'authn_core',
  'authn_file',
  'authz_core',
  'authz_groupfile',
  'authz_host',
  'authz_user',
  'access_compat',
  'alias',
  'autoindex',
  'dir',
  'env',
  'mime',
  'headers',
  'filter',
  'expires',
  'deflate',
  'remoteip',
  'reqtimeout',
  'rewrite',
  'setenvif',
  'ssl',
  'wsgi',
];

/** The environment with Django in it. */
const pythonHome = process.env.STILLHOUSE_TEST_VENV ?? join(checkout, '.example/venv');

const startMsLimit = 20_000;
const stopMsLimit = 10_000;
const pollMs = 15;

/** What a server of a scenario in `folder` reads. */
export function configFile(folder: string, kind: ServerKind): string {
  return join(folder, kind, 'httpd.conf');
}

export interface ServerSite {
  /** Of this scenario, for what both servers write. */
  readonly folder: string;
  /** What ${ROOT} stands for. */
  readonly root: string;
  readonly ports: readonly number[];
  readonly scenarioFile: string;
  /** The scenario has Listen lines. */
  readonly listens: boolean;
}

/** What Stillhouse logs of an answer; `-` for what there is none of. */
export interface ServedRequest {
  readonly processGroup: string;
  readonly file: string;
  readonly redirectStatus: string;
}

export class ServerProcess {
  readonly kind: ServerKind;
  readonly address: string;
  readonly errorLog: string;
  readonly configFile: string;
  /** Of Stillhouse: a line for each answer, `process group|file|status of what it was before a redirect inside`. */
  readonly servedLog: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  #end: string | undefined;
  #output = '';

  private constructor(kind: ServerKind, command: string, args: readonly string[], folder: string) {
    this.kind = kind;
    this.address = addresses[kind];
    this.errorLog = join(folder, 'error.log');
    this.configFile = join(folder, 'httpd.conf');
    this.servedLog = join(folder, 'served.log');
    // A process group of its own: what it leaves behind can be seen and ended.
    this.#child = spawn(command, args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PARITY_PASSED: 'from the environment' },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        this.#output += data.toString();
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(String(error)));
      this.#child.once('close', (code, signal) => resolve(String(code ?? signal)));
    });
    void this.#ended.then((end) => {
      this.#end = end;
    });
  }

  /** Resolves when every port answers. @throws with the server's own words where it does not start */
  static async start(kind: ServerKind, site: ServerSite): Promise<ServerProcess> {
    const folder = join(site.folder, kind);
    mkdirSync(folder);
    const file = configFile(site.folder, kind);
    writeFileSync(file, kind === 'apache' ? apacheConfig(site, folder) : stillhouseConfig(site, folder));
    const server =
      kind === 'apache'
        ? new ServerProcess(kind, apacheProgram, ['-d', folder, '-f', file, '-D', 'FOREGROUND'], folder)
        : new ServerProcess(kind, node, [program, 'run', '-f', file], folder);
    try {
      for (const port of site.ports) await server.#awaitPort(port);
    } catch (error) {
      await server.stop().catch(() => {}); // why it did not start is what matters
      throw error;
    }
    return server;
  }

  /** Connections are accepted: what is sent then is answered, also while children are still on their way. */
  async #awaitPort(port: number): Promise<void> {
    const deadline = Date.now() + startMsLimit;
    while (!(await accepts(this.address, port))) {
      if (this.#end !== undefined || Date.now() > deadline) {
        const why = this.#end === undefined ? 'does not listen' : `ended with ${this.#end}`;
        throw new Error(`${this.kind} ${why}\n${this.#output}\n${this.readErrorLog()}`);
      }
      await passMs(pollMs);
    }
  }

  readErrorLog(): string {
    return existsSync(this.errorLog) ? readFileSync(this.errorLog, 'latin1') : '';
  }

  /** The first of `count` lines that the log of answers has behind its first `from` characters. */
  async readServed(from: number, count: number): Promise<ServedRequest> {
    const deadline = Date.now() + 2000;
    for (;;) {
      // What stands behind the last line break is no line yet.
      const lines = this.servedText().slice(from).split('\n').slice(0, -1);
      if (lines.length >= count) {
        const [processGroup = '', file = '', redirectStatus = ''] = lines[0]?.split('|') ?? [];
        return { processGroup, file, redirectStatus };
      }
      if (Date.now() > deadline) throw new Error(`${lines.length} of ${count} answers were logged`);
      await passMs(pollMs);
    }
  }

  servedText(): string {
    return existsSync(this.servedLog) ? readFileSync(this.servedLog, 'latin1') : '';
  }

  /** Whether `phrase` comes up in the error log behind its first `from` characters. */
  async logs(phrase: string, from: number): Promise<boolean> {
    const deadline = Date.now() + 2000;
    while (!this.readErrorLog().slice(from).includes(phrase)) {
      if (Date.now() > deadline) return false;
      await passMs(pollMs);
    }
    return true;
  }

  /** @throws where Stillhouse does not stop, does not stop well, or leaves a process behind */
  async stop(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return;
    if (this.kind === 'apache') {
      // How it stops is nothing that we test, and it takes three seconds for that.
      killGroup(pid);
      await this.#ended;
      return;
    }
    if (this.#end === undefined) this.#child.kill('SIGTERM');
    const late = passMs(stopMsLimit).then(() => undefined);
    const end = await Promise.race([this.#ended, late]);
    const left = killGroup(pid);
    if (end === undefined) throw new Error(`${this.kind} does not stop within ${stopMsLimit / 1000} s`);
    if (end !== '0') throw new Error(`${this.kind} ended with ${end}\n${this.#output}\n${this.readErrorLog()}`);
    if (left) throw new Error(`${this.kind} left processes behind`);
  }
}

/** Ends whatever is left of a process group; true where there was something. */
function killGroup(pid: number): boolean {
  try {
    process.kill(-pid, 'SIGKILL');
    return true;
  } catch {
    return false; // nothing there
  }
}

export function passMs(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** What both have in front of the scenario: names for its paths, addresses, who they run as. */
function commonConfig(site: ServerSite, kind: ServerKind, folder: string): string {
  const user = process.env.STILLHOUSE_TEST_USER ?? 'www-data';
  const group = process.env.STILLHOUSE_TEST_GROUP ?? 'www-data';
  const ports = site.ports.map((port, index) => `Define PORT${index === 0 ? '' : index + 1} ${port}`);
  const listens = site.listens ? [] : site.ports.map((port) => `Listen ${addresses[kind]}:${port}`);
  return `
Define ROOT "${site.root}"
Define ADDRESS ${addresses[kind]}
Define RUN_USER ${user}
Define RUN_GROUP ${group}
Define PYTHON_HOME "${pythonHome}"
Define LOGS "${folder}"
${ports.join('\n')}
${listens.join('\n')}
${isRoot ? `User ${user}\nGroup ${group}` : ''}
ServerName main.example
ErrorLog "${join(folder, 'error.log')}"
LogLevel info
StartServers 1
TraceEnable Off
`;
}

function apacheConfig(site: ServerSite, folder: string): string {
  const loads = loadedModules.map((name) => `LoadModule ${name}_module "${apacheModules}/mod_${name}.so"`);
  const types = join(folder, 'mime.types');
  writeFileSync(types, mediaTypes);
  // Sockets of daemon processes are made here and then given to the children's user.
  chmodSync(folder, 0o755);
  return `
ServerRoot "${folder}"
DefaultRuntimeDir "${folder}"
PidFile "${folder}/pid"
Mutex "file:${folder}" default
${loads.join('\n')}
TypesConfig "${types}"
WSGISocketPrefix "${folder}/wsgi"
ServerLimit 2
ThreadsPerChild 16
MaxRequestWorkers 32
# What Debian's apache2.conf says.
<Directory />
    AllowOverride None
</Directory>
<FilesMatch "^\\.ht">
    Require all denied
</FilesMatch>
${commonConfig(site, 'apache', folder)}
Include "${site.scenarioFile}"
`;
}

function stillhouseConfig(site: ServerSite, folder: string): string {
  return `${commonConfig(site, 'stillhouse', folder)}
GlobalLog "${join(folder, 'served.log')}" "%{mod_wsgi.process_group}e|%f|%{REDIRECT_STATUS}e"
Include "${site.scenarioFile}"
`;
}

/** Of Debian's /etc/mime.types (package media-types), as not every machine has it. */
const mediaTypes = `
application/javascript mjs
application/gzip gz
application/json json
application/pdf pdf
application/xml xml xsl xsd
image/gif gif
image/jpeg jpeg jpg jpe
image/png png
image/svg+xml svg svgz
image/vnd.microsoft.icon ico
text/css css
text/csv csv
text/html html htm shtml
text/javascript js
text/plain asc txt text pot brf srt
`;
