/** What the parent needs to know: where to listen, as whom to run, where its files are. Directives of core, MPM, unixd. */

import {
  type DirectiveDefinition,
  DirectiveError,
  type DirectiveLine,
  flagDirective,
  parseInteger,
  valueDirective,
} from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
import type { Position, Word } from '../conf/source.js';
import { type AccountReference, isRoot, parseAccount } from '../wsgi/account-reference.js';
import { getWord, globalContext, parsePath, suggestion } from './directive-arguments.js';

/** One Listen line. */
export interface ListenAddress {
  /** A numeric address without brackets; undefined: every address of the machine. */
  readonly host: string | undefined;
  /** 0: any free port. */
  readonly port: number;
  /** As written. What is spoken SSLEngine says. */
  readonly protocol: 'http' | 'https' | undefined;
  readonly position: Position;
}

export const processSettings = Object.freeze({
  listen: { id: 'mpm.listen' } as Setting<readonly ListenAddress[]>,
  listenBacklog: { id: 'mpm.listen-backlog' } as Setting<number>,
  user: { id: 'mod_unixd.user' } as Setting<AccountReference>,
  group: { id: 'mod_unixd.group' } as Setting<AccountReference>,
  pidFile: { id: 'core.pid-file' } as Setting<string>,
  mutex: { id: 'core.mutex' } as Setting<readonly string[]>,
  /** Where sockets and other files of a running server lie. */
  defaultRuntimeDir: { id: 'core.default-runtime-dir' } as Setting<string>,
  coreDumpDirectory: { id: 'core.core-dump-directory' } as Setting<string>,
  gracefulShutdownTimeoutSeconds: { id: 'mpm.graceful-shutdown-timeout' } as Setting<number>,
  extendedStatus: { id: 'core.extended-status' } as Setting<boolean>,
});

/** @throws DirectiveError */
function parseAddress(word: Word): { readonly host: string | undefined; readonly port: number } {
  const parts = /^(?:(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+)):)?(\d+)$/i.exec(word.text);
  if (parts === null) {
    throw new DirectiveError(
      `Listen must be [address:]port with an IPv6 address in brackets, not '${word.text}'`,
      word,
    );
  }
  const port = Number(parts[3]);
  if (port > 65_535) throw new DirectiveError(`the port of Listen '${word.text}' is above 65535`, word);
  const host = parts[1] ?? parts[2];
  return { host: host === '*' ? undefined : host, port };
}

/** @throws DirectiveError where the words behind the address ask for what is not there */
function parseProtocol(line: DirectiveLine): ListenAddress['protocol'] {
  let protocol: ListenAddress['protocol'];
  for (const word of line.args.slice(1)) {
    const text = word.text.toLowerCase();
    if (text.startsWith('options=')) throw new DirectiveError('options of Listen are not supported yet', word);
    if (text !== 'http' && text !== 'https') {
      throw new DirectiveError(
        `the protocol of Listen must be http or https, not '${word.text}'${suggestion(text, ['http', 'https'])}`,
        word,
      );
    }
    protocol = text;
  }
  return protocol;
}

function parseIdentity(word: Word, line: DirectiveLine): AccountReference {
  const account = parseAccount(word, line.name);
  // Requests would be parsed with all rights; httpd too refuses to start so.
  if (isRoot(account))
    throw new DirectiveError(`${line.name} must not be root: requests are served with its rights`, word);
  return account;
}

const listening: readonly DirectiveDefinition[] = [
  {
    name: 'Listen',
    module: 'mpm',
    contexts: globalContext,
    syntax: '[address:]port [http|https]',
    args: { min: 1, max: 3 },
    summary:
      'An address and port on which requests are taken; without an address the port of every address. Several lines add up.',
    difference:
      'Port 0 stands for any free port. options= is not supported yet. The protocol is a remark: SSLEngine says whether TLS is spoken.',
    apply(line, scope) {
      const word = getWord(line, 0);
      const { host, port } = parseAddress(word);
      const protocol = parseProtocol(line);
      const earlier = scope.find(processSettings.listen) ?? [];
      if (port !== 0 && earlier.some((other) => other.port === port && other.host === host)) {
        throw new DirectiveError(`Listen ${word.text} stands twice, an address can be bound only once`, word);
      }
      const address: ListenAddress = { host, port, protocol, position: line.position };
      scope.update(processSettings.listen, (previous) => [...(previous ?? []), address], line.position);
    },
  },
  valueDirective(
    processSettings.listenBacklog,
    {
      name: 'ListenBacklog',
      module: 'mpm',
      contexts: globalContext,
      syntax: 'backlog',
      default: '511',
      summary: 'How many connections the kernel keeps that no process has accepted yet.',
    },
    (word) => parseInteger(word, 'ListenBacklog', 1, 2_147_483_647),
  ),
];

const identity: readonly DirectiveDefinition[] = [
  valueDirective(
    processSettings.user,
    {
      name: 'User',
      module: 'mod_unixd',
      contexts: globalContext,
      syntax: 'user-name|#user-id',
      summary:
        'As whom requests are served where the server was started as root: the http children and every daemon process without a user of its own.',
      default: 'www-data, or else nobody',
      difference: "Apache's default is #-1.",
    },
    parseIdentity,
  ),
  valueDirective(
    processSettings.group,
    {
      name: 'Group',
      module: 'mod_unixd',
      contexts: globalContext,
      syntax: 'group-name|#group-id',
      summary: 'With which group requests are served where the server was started as root.',
      default: "the user's own group",
      difference: "Apache's default is #-1.",
    },
    (word, line) => parseAccount(word, line.name),
  ),
];

const files: readonly DirectiveDefinition[] = [
  valueDirective(
    processSettings.pidFile,
    {
      name: 'PidFile',
      module: 'core',
      contexts: globalContext,
      syntax: 'file-path',
      summary: 'The file with the process id of the parent.',
      difference: 'Without the line no such file is written; `stillhouse ps` finds the server all the same.',
    },
    (word, line) => parsePath(word, line, 'PidFile'),
  ),
  {
    name: 'Mutex',
    module: 'core',
    contexts: globalContext,
    syntax: 'mechanism [mutex-name] ... [OmitPID]',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    summary: "Which kind of lock Apache's processes share.",
    difference: 'Accepted without effect: processes here share no lock.',
    apply(line, scope) {
      const words = line.args.map((word) => word.text);
      scope.update(processSettings.mutex, (previous) => [...(previous ?? []), words.join(' ')], line.position);
    },
  },
  valueDirective(
    processSettings.defaultRuntimeDir,
    {
      name: 'DefaultRuntimeDir',
      module: 'core',
      contexts: globalContext,
      syntax: 'directory-path',
      default: 'a folder of its own below /run or the temporary folder',
      summary:
        'The folder for what exists only while the server runs: sockets of daemon processes, the control socket.',
      difference: "Apache's default is logs below ServerRoot.",
    },
    (word, line) => parsePath(word, line, 'DefaultRuntimeDir'),
  ),
  valueDirective(
    processSettings.coreDumpDirectory,
    {
      name: 'CoreDumpDirectory',
      module: 'core',
      contexts: globalContext,
      syntax: 'directory-path',
      summary: 'Whether daemon processes may write their memory to a file when they crash.',
      difference:
        'Allows the dump (PR_SET_DUMPABLE); where it goes is for the kernel to say (core_pattern), not for this folder.',
    },
    (word, line) => parsePath(word, line, 'CoreDumpDirectory'),
  ),
  valueDirective(
    processSettings.gracefulShutdownTimeoutSeconds,
    {
      name: 'GracefulShutdownTimeout',
      module: 'mpm',
      contexts: globalContext,
      syntax: 'seconds',
      default: '0',
      summary: 'How long a graceful stop waits for open requests; 0 waits without end.',
    },
    (word) => parseInteger(word, 'GracefulShutdownTimeout', 0, 2_147_483),
  ),
  flagDirective(processSettings.extendedStatus, {
    name: 'ExtendedStatus',
    module: 'core',
    contexts: globalContext,
    default: 'Off',
    summary: 'Whether the status page tells which request each process is at.',
    difference: 'Kept, without effect until there is a status page.',
  }),
];

export const coreProcessDirectives: readonly DirectiveDefinition[] = [...listening, ...identity, ...files];
